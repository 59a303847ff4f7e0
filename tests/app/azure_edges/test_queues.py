"""The app's queues on real Azurite: what is sent, that it is sent whole, and what failed too often is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from azure.storage.queue import QueueServiceClient

from shared.azure.connection import Connection
from shared.azure.queues.storage_queues import StorageQueues
from shared.core.model.ids import ResourceId
from shared.errors import AccessDeniedError, NotFoundError
from shared.messages import POISON_SUFFIX, QUEUES
from shared.telemetry import current_trace_parent, span
from tests.app.azure_edges.conftest import TlsFiles, settings_for
from tests.app.azure_edges.test_edges import AnyConnection
from tests.app.azure_edges.wire import Wire, serving
from tests.app.telemetry.spans import spans_kept

FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
PROFILES = [FLEET.child("autoUpgradeProfiles", f"Profile-{number}") for number in range(100)]


class Account:
    """A storage account with the app's queues."""

    def __init__(self, connection: Connection) -> None:
        self._service = QueueServiceClient(
            connection.settings.queue_endpoint, credential=connection.credential, connection_verify=connection.verify
        )
        for name in QUEUES:
            self._service.create_queue(name)
            self._service.create_queue(name + POISON_SUFFIX)

    def messages(self, queue: str) -> list[dict[str, object]]:
        """All messages of a queue; they are then no longer in it."""
        client = self._service.get_queue_client(queue)
        return [json.loads(message.content) for message in client.receive_messages(messages_per_page=32)]

    def poison(self, queue: str, text: str) -> None:
        self._service.get_queue_client(queue + POISON_SUFFIX).send_message(text)


@pytest.fixture
def account(storage_connection: Connection) -> Account:
    return Account(storage_connection)


@pytest.fixture
def queues(storage_connection: Connection) -> StorageQueues:
    return StorageQueues(storage_connection)


def test_an_evaluation_of_everything_is_one_message(account: Account, queues: StorageQueues) -> None:
    queues.evaluate_estate()

    assert account.messages("evaluate-estate") == [{"schemaVersion": 1}]


def test_each_profile_is_one_message_with_its_id_as_azure_spells_it(account: Account, queues: StorageQueues) -> None:
    queues.evaluate_profiles(PROFILES)

    sent = account.messages("evaluate-profile")
    assert sorted(str(message["profileId"]) for message in sent) == sorted(profile.text for profile in PROFILES)
    assert {message["schemaVersion"] for message in sent} == {1}


def test_a_gates_run_is_one_message(account: Account, queues: StorageQueues) -> None:
    run = FLEET.child("updateRuns", "auto-1")

    queues.watch_gates(run)

    assert account.messages("watch-gates") == [{"schemaVersion": 1, "runId": run.text}]


def test_messages_continue_the_trace_in_which_they_are_sent(
    account: Account, queues: StorageQueues, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spans_kept(monkeypatch), span("reconcile"):
        trace_parent = current_trace_parent()
        queues.evaluate_profiles(PROFILES[:2])

    assert trace_parent
    assert [message["traceparent"] for message in account.messages("evaluate-profile")] == [trace_parent] * 2


def test_what_failed_too_often_is_counted_by_queue(account: Account, queues: StorageQueues) -> None:
    account.poison("evaluate-profile", "{}")
    account.poison("evaluate-profile", "no JSON")

    assert queues.poison_messages() == {"evaluate-estate": 0, "evaluate-profile": 2, "watch-gates": 0}


def test_a_queue_that_does_not_exist_is_named(storage_connection: Connection) -> None:
    with pytest.raises(NotFoundError, match="queue evaluate-estate"):
        StorageQueues(storage_connection).evaluate_estate()


@pytest.fixture
def wire(tls: TlsFiles) -> Iterator[Wire]:
    with serving(tls) as wire:
        yield wire


def test_an_account_that_refuses_the_identity_says_so(wire: Wire, tls: TlsFiles) -> None:
    wire.status = 403

    with pytest.raises(AccessDeniedError, match="send to queue evaluate-estate"):
        StorageQueues(AnyConnection(settings_for(tls, queue_endpoint=wire.url))).evaluate_estate()


def test_one_message_that_cannot_be_sent_is_an_error_after_the_others_were_tried(wire: Wire, tls: TlsFiles) -> None:
    wire.status = 409

    with pytest.raises(Exception, match="send to queue evaluate-profile"):
        StorageQueues(AnyConnection(settings_for(tls, queue_endpoint=wire.url))).evaluate_profiles(PROFILES[:20])
    assert len(wire.received) == 20
