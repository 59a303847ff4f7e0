"""The queues in Azure are those that the app sends to and reads from, and the host reads where the app sends."""

from __future__ import annotations

import json

from functions.queues import STORAGE
from shared.messages import POISON_SUFFIX, QUEUES
from shared.settings import QUEUE_ENDPOINT
from tests.infra.predictions import each_way_with_the_app, prediction
from tools.paths import ROOT

KIND = "Microsoft.Storage/storageAccounts/queueServices/queues"


@each_way_with_the_app
def test_the_templates_make_the_queues_of_the_app_and_their_poison_queues(way: str) -> None:
    made = [queue.id.rpartition("/")[2] for queue in prediction(way).of_type(KIND)]

    assert sorted(made) == sorted([*QUEUES, *(queue + POISON_SUFFIX for queue in QUEUES)])


def test_messages_are_sent_to_the_account_that_the_triggers_read() -> None:
    assert f"{STORAGE}__queueServiceUri" == QUEUE_ENDPOINT


def test_messages_are_read_as_the_app_writes_them() -> None:
    """The host's default is Base64; the SDK sends the text as it is."""
    queues = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]

    assert queues["messageEncoding"] == "none"


def test_the_runbook_says_how_often_a_message_failed() -> None:
    queues = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]

    assert queues["maxDequeueCount"] == 12
    assert "messages failed twelve times" in (ROOT / "docs/runbook.md").read_text()
