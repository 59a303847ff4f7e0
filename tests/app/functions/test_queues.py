"""Functions with a queue: which failures end a message and which let it come again; events only leave messages."""

from __future__ import annotations

import json

import azure.functions as func
import pytest

from functions.queue_message import trace_parent_of
from shared.errors import (
    AccessDeniedError,
    IncompleteError,
    InternalError,
    InvalidInputError,
    InvalidSettingError,
    NotFoundError,
    NotReadyError,
    ThrottledError,
    TransientError,
    UserMustFixError,
)
from shared.messages import POISON_SUFFIX, QUEUES
from shared.use_cases import act_on_profile as use_case
from tests.app.functions.composed import compose
from tests.app.functions.test_bodies_stay_out_of_telemetry import (
    CLUSTER,
    EVENT_GRID,
    GATES_RUN,
    MESSAGES,
    in_event_grids_schema,
)
from tests.app.functions.test_bodies_stay_out_of_telemetry import QUEUES as FUNCTIONS
from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.spans import Spans, trace_id
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene
from tools.stack.queues import QUEUES as OF_THE_STACK

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    """An app on a world in memory."""
    return compose(monkeypatch)


def handle(name: str, message_id: str = "1", **changes: object) -> None:
    FUNCTIONS[name](func.QueueMessage(id=message_id, body=json.dumps({**MESSAGES[name], **changes})))


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(use_case, "act_on_profile", failing)


def test_a_profiles_message_has_its_run_generated_and_started(scene: UseCaseScene) -> None:
    handle("evaluate_profile")

    assert len(scene.azure.started) == 1


def test_a_message_about_everything_evaluates_what_was_requested(scene: UseCaseScene) -> None:
    EVENT_GRID["release_events"](
        in_event_grids_schema("FleetAutoUpgrade.ReleaseDetected", "/topic", {"region": "westus2"})
    )
    assert (scene.azure.evaluations_sent, scene.estate.sweeps, scene.azure.due) == (1, 0, [])

    handle("evaluate_estate")

    assert (scene.estate.sweeps, scene.azure.due) == (1, [PROFILE])


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("release_events", "FleetAutoUpgrade.ReleaseDetected", {"region": "westus2"}),
        (
            "release_events",
            "Microsoft.ContainerService.NewKubernetesVersionAvailable",
            {"latestSupportedKubernetesVersion": "1.35.6"},
        ),
        ("gate_events", "Microsoft.ResourceNotifications.AKSResources.FleetGateCreated", GATES_RUN),
    ],
)
def test_an_event_writes_one_note_at_most_and_one_message_and_reads_no_fleet(
    scene: UseCaseScene, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, data: dict[str, object]
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("something of Azure was read")

    for method in ("read_fleet", "read_profile", "find_run", "read"):
        monkeypatch.setattr(scene.azure, method, read)
    monkeypatch.setattr(scene.estate, "read", read)
    source = CLUSTER if kind.startswith("Microsoft") else "/topic"

    EVENT_GRID[name](in_event_grids_schema(kind, source, data))  # type: ignore[arg-type] # JSON

    assert scene.azure.evaluations_sent + len(scene.azure.gate_runs) == 1
    assert scene.ledger.evaluation_etag == ("1" if name == "release_events" else None)


@pytest.mark.parametrize(
    "error",
    [
        UserMustFixError("Fleet refuses the run"),
        InvalidInputError("field", "value", "another"),
        InvalidSettingError("AUTO_UPGRADE_TABLE_ENDPOINT", None, "a URL"),
        NotFoundError(PROFILE.text),
        AccessDeniedError("no permission"),
        IncompleteError("Deciding profiles", ["one"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_failed_for_good_is_reported_once_and_the_message_is_done(
    scene: UseCaseScene, emitted: Emitted, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fail(monkeypatch, error)

    handle("evaluate_profile")

    assert emitted.properties("failed") == [{"work": "evaluate profile", "sentence": str(error)}]


@pytest.mark.parametrize(
    "error",
    [
        TransientError("Fleet does not respond"),
        ThrottledError("too many calls", 30),
        NotReadyError("another call creates the run"),
        InternalError("a bug"),
        ZeroDivisionError("a bug"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_after_any_other_failure_the_message_comes_again(
    scene: UseCaseScene, emitted: Emitted, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fail(monkeypatch, error)

    with pytest.raises(type(error)):
        handle("evaluate_profile")

    assert emitted.properties("failed") == [{"work": "evaluate profile", "sentence": str(error)}]


def test_a_profile_that_was_deleted_meanwhile_ends_its_message(scene: UseCaseScene, emitted: Emitted) -> None:
    handle("evaluate_profile", profileId=f"{FLEET}/autoUpgradeProfiles/deleted")

    [failed] = emitted.properties("failed")
    assert "was not found" in failed["sentence"]
    assert scene.azure.created == []


@pytest.mark.parametrize("version", [None, 0, 2, "1", True, [1]])
@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_another_schema_is_done_and_says_which_is_valid(
    scene: UseCaseScene, emitted: Emitted, name: str, version: object
) -> None:
    handle(name, schemaVersion=version)

    [failed] = emitted.properties("failed")
    assert failed["sentence"].endswith("expected 1")


@pytest.mark.parametrize("name", MESSAGES)
def test_the_work_continues_the_trace_of_its_message(scene: UseCaseScene, spans: Spans, name: str) -> None:
    handle(name, traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")

    assert {trace_id(one) for one in spans.finished()} == {TRACE}


@pytest.mark.parametrize(
    ("body", "trace_parent"),
    [
        (b'{"traceparent": "00-a-b-01"}', "00-a-b-01"),
        (b'{"traceparent": 5}', ""),
        (b"{}", ""),
        (b"[]", ""),
        (b"no JSON", ""),
        (b"\xff", ""),
        (b"[" * 10**5, ""),
    ],
)
def test_the_trace_of_a_message_is_a_text_or_none(body: bytes, trace_parent: str) -> None:
    assert trace_parent_of(func.QueueMessage(id="1", body=body)) == trace_parent


def queues_of_functions() -> dict[str, str]:
    """The queue of each function with a queue trigger, by its name."""
    app = func.FunctionApp()
    from functions import queues

    app.register_functions(queues.blueprint)
    bindings = {function.get_function_name(): function.get_raw_bindings() for function in app.get_functions()}
    return {str(name): json.loads(raw[0])["queueName"] for name, raw in bindings.items()}


def test_each_queue_has_the_name_of_the_function_that_reads_it() -> None:
    assert queues_of_functions() == {queue.replace("-", "_"): queue for queue in QUEUES}


def test_the_local_stack_makes_the_same_queues() -> None:
    assert set(OF_THE_STACK) == {*QUEUES, *(queue + POISON_SUFFIX for queue in QUEUES)}
