"""One evaluation for many events, on one instance at a time; none that is wanted is lost, wherever a process stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.errors import AccessDeniedError, IncompleteError, NotReadyError, TransientError
from shared.evaluation_state import LEASE, WANTED_FOR, EvaluationState
from shared.ports import Estate
from shared.use_cases import evaluate_estate as evaluation
from shared.use_cases.requested_evaluation import evaluate_if_requested, request_evaluation
from shared.use_cases.services import Services
from tests.app.fakes.azure import FakeAzure, FakeEstate, ProcessStopped
from tests.app.fakes.memory_ledger import MemoryLedger
from tests.app.use_cases.scene import NOW, PROFILE, UseCaseScene

MINUTE = timedelta(minutes=1)


@dataclass
class Steps:
    """Counts what a process does; it stops at one step, or another process acts there."""

    at: int | None = None
    then: Callable[[], None] | None = None
    count: int = 0

    def take(self) -> None:
        self.count += 1
        if self.count == self.at and self.then is not None:
            self.at = None
            self.then()


def stop() -> None:
    raise ProcessStopped


class SteppingLedger(MemoryLedger):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.steps = steps

    def evaluation_state(self) -> tuple[EvaluationState, str | None]:
        found = super().evaluation_state()
        self.steps.take()
        return found

    def replace_evaluation_state(self, state: EvaluationState, etag: str | None) -> bool:
        self.steps.take()
        replaced = super().replace_evaluation_state(state, etag)
        self.steps.take()
        return replaced


@dataclass
class SteppingEstate(FakeEstate):
    steps: Steps = field(default_factory=Steps)
    at_work: int = 0
    most_at_work: int = 0
    began: list[datetime] = field(default_factory=list)

    def read(self) -> Estate:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        self.began.append(self.azure.time)
        try:
            self.steps.take()
            return super().read()
        finally:
            self.at_work -= 1


@dataclass
class Queue:
    """The queue of evaluations: what was sent, until it is handled. Other messages go to the fake."""

    azure: FakeAzure
    steps: Steps
    messages: list[str] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.evaluate_profiles = self.azure.evaluate_profiles
        self.watch_gates = self.azure.watch_gates
        self.poison_messages = self.azure.poison_messages
        self.waiting_messages = self.azure.waiting_messages

    def evaluate_estate(self) -> None:
        self.steps.take()
        self.sent += 1
        self.messages.append(f"message-{self.sent}")
        self.steps.take()


class World:
    """An app whose processes stop where a test wants, and its queue."""

    def __init__(self) -> None:
        self.scene = UseCaseScene()
        self.azure = self.scene.azure
        self.steps = Steps()
        self.ledger = SteppingLedger(self.steps)
        self.estate = SteppingEstate(self.azure, steps=self.steps)
        self.queue = Queue(self.azure, self.steps)

    @property
    def services(self) -> Services:
        return replace(self.scene.services, ledger=self.ledger, estate=self.estate, queues=self.queue)

    def event(self, name: str = "event", raised_at: datetime | None = None) -> bool:
        return request_evaluation(self.services, name, f"release, by {name}", raised_at or self.azure.time)

    def handle(self) -> None:
        """Handle the first message, and delete it unless that fails."""
        evaluate_if_requested(self.services, self.queue.messages[0])
        del self.queue.messages[0]

    def rest(self) -> None:
        """Handle messages as the Functions host does: one that fails comes again after a minute."""
        for _ in range(30):
            if not self.queue.messages:
                return
            try:
                self.handle()
            except (NotReadyError, TransientError):
                self.azure.time += MINUTE
        raise AssertionError("the queue is not empty")

    @property
    def evaluations(self) -> int:
        return self.estate.sweeps


def test_a_hundred_events_about_one_release_send_one_message_and_lead_to_one_evaluation() -> None:
    world = World()

    sent = [world.event(f"event-{number}") for number in range(100)]
    world.rest()

    assert (sent.count(True), world.evaluations) == (1, 1)
    assert world.azure.due == [PROFILE]


def test_late_copies_of_an_event_that_an_evaluation_covers_lead_to_none() -> None:
    world = World()
    world.event("first", raised_at=NOW)
    world.azure.time += MINUTE
    world.rest()

    assert not world.event("second", raised_at=NOW)
    assert world.event("later", raised_at=NOW + 2 * MINUTE)


def test_a_timer_wants_an_evaluation_regardless_of_what_was_evaluated_before() -> None:
    world = World()
    for _ in range(2):
        assert request_evaluation(world.services, "reconcile", "reconcile")
        world.rest()

    assert world.evaluations == 2


def test_an_event_that_comes_while_all_is_evaluated_has_it_evaluated_once_more() -> None:
    world = World()
    world.event("first")
    later: list[bool] = []

    def during() -> None:
        world.azure.time += MINUTE
        later.extend(world.event(name) for name in ("second", "third"))

    began = world.steps.count + 4  # the state is read and written in three steps, and then the sweep begins
    world.steps.at, world.steps.then = began, during
    world.handle()

    assert later == [False, False], "the evaluation in progress sends the message when it ends"
    assert (world.queue.messages, world.evaluations) == (["message-2"], 1)
    world.rest()
    assert world.evaluations == 2
    assert world.queue.sent == 2


def test_two_instances_never_evaluate_at_the_same_time() -> None:
    world = World()
    world.event("first")
    world.queue.messages.append("message-of-another")

    def another_instance() -> None:
        assert not evaluate_if_requested(world.services, "message-of-another").looked

    world.steps.at, world.steps.then = world.steps.count + 4, another_instance
    world.rest()

    assert (world.estate.most_at_work, world.evaluations) == (1, 1)


def test_two_instances_that_begin_at_the_same_moment_evaluate_once() -> None:
    world = World()
    world.event("first")

    def another_instance() -> None:
        assert evaluate_if_requested(world.services, "message-of-another").looked

    world.steps.at, world.steps.then = world.steps.count + 1, another_instance  # between reading and writing
    world.rest()

    assert (world.estate.most_at_work, world.evaluations) == (1, 1)


def test_the_same_message_delivered_twice_at_once_waits_for_itself() -> None:
    world = World()
    world.event("first")

    def again() -> None:
        with pytest.raises(NotReadyError) as caught:
            evaluate_if_requested(world.services, "message-1")
        assert caught.value.retry_after_seconds == LEASE.total_seconds()

    world.steps.at, world.steps.then = world.steps.count + 4, again
    world.rest()

    assert world.evaluations == 1


def test_a_message_that_no_one_needs_any_more_does_nothing() -> None:
    world = World()

    assert not evaluate_if_requested(world.services, "message").looked
    assert world.evaluations == 0


def deliver(world: World, name: str, raised_at: datetime) -> None:
    """As Event Grid does: an event whose function stopped comes again, with the same id."""
    try:
        world.event(name, raised_at)
    except ProcessStopped:
        world.azure.time += MINUTE
        world.event(name, raised_at)


def handle_all(world: World) -> None:
    """As the queue does: a message whose function's process died comes again within ten minutes."""
    try:
        world.rest()
    except ProcessStopped:
        world.azure.time += 10 * MINUTE
        world.rest()


STEPS_OF_AN_EVENT = 5


@pytest.mark.parametrize("step", range(1, STEPS_OF_AN_EVENT + 1))
def test_an_event_whose_function_stops_anywhere_still_leads_to_an_evaluation_that_begins_after_it(step: int) -> None:
    world = World()
    world.steps.at, world.steps.then = step, stop

    deliver(world, "first", NOW)
    deliver(world, "second", NOW)
    handle_all(world)

    assert world.evaluations >= 1
    assert world.ledger.evaluation.last is not None
    assert world.ledger.evaluation.last >= NOW
    assert world.ledger.evaluation == EvaluationState(world.ledger.evaluation.last), "nothing is left over"


def test_the_steps_at_which_an_event_can_stop_are_all_of_them() -> None:
    world = World()
    world.event()

    assert world.steps.count == STEPS_OF_AN_EVENT


STEPS_OF_AN_EVALUATION = 7


@pytest.mark.parametrize("wanted_meanwhile", [False, True])
@pytest.mark.parametrize("step", range(1, STEPS_OF_AN_EVALUATION + 1))
def test_an_evaluation_whose_process_stops_anywhere_is_made_by_its_message(
    step: int, *, wanted_meanwhile: bool
) -> None:
    world = World()
    world.event("first")
    world.steps.at, world.steps.then = world.steps.count + step, stop
    with pytest.raises(ProcessStopped):
        world.handle()
    raised = NOW
    if wanted_meanwhile:
        world.azure.time = raised = NOW + MINUTE
        world.event("second", raised)

    world.azure.time = NOW + 10 * MINUTE
    world.rest()

    state = world.ledger.evaluation
    assert state.last is not None
    assert state.last >= raised
    assert state == EvaluationState(state.last), "nothing is left over"
    assert set(world.azure.due) == {PROFILE}


def test_the_steps_at_which_an_evaluation_can_stop_are_all_of_them() -> None:
    world = World()
    world.event()
    before = world.steps.count
    world.handle()

    assert world.steps.count - before == STEPS_OF_AN_EVALUATION


def test_the_message_of_a_process_that_died_waits_until_the_lease_is_over() -> None:
    world = World()
    world.event("first")
    world.steps.at, world.steps.then = world.steps.count + 4, stop
    with pytest.raises(ProcessStopped):
        world.handle()
    world.azure.time = NOW + LEASE - timedelta(seconds=5)

    with pytest.raises(NotReadyError) as caught:
        world.handle()

    assert caught.value.retry_after_seconds == 5
    world.azure.time = NOW + LEASE
    world.rest()
    assert world.evaluations == 1


def test_an_event_after_a_process_died_does_not_wait_for_the_message_that_comes_again() -> None:
    world = World()
    world.event("first")
    world.steps.at, world.steps.then = world.steps.count + 4, stop
    with pytest.raises(ProcessStopped):
        world.handle()
    world.azure.time = NOW + LEASE

    assert world.event("second", raised_at=NOW), "the evaluation that died does not cover it"
    evaluate_if_requested(world.services, "message-2")
    assert world.evaluations == 1


def test_an_evaluation_whose_lease_was_taken_over_ends_without_a_word() -> None:
    world = World()
    world.event("first")

    def a_long_pause() -> None:
        world.azure.time = NOW + LEASE
        world.event("second")
        evaluate_if_requested(world.services, "message-2")

    world.steps.at, world.steps.then = world.steps.count + 4, a_long_pause
    world.handle()

    assert world.ledger.evaluation.last == NOW + LEASE
    assert world.ledger.evaluation.in_progress is None


def test_a_temporary_failure_leaves_the_evaluation_wanted_and_its_message_makes_it() -> None:
    world = World()
    world.event("first")

    def fail() -> None:
        raise TransientError("Resource Graph does not respond")

    world.steps.at, world.steps.then = world.steps.count + 4, fail
    with pytest.raises(TransientError, match="Resource Graph"):
        world.handle()

    assert not world.event("second", raised_at=NOW + MINUTE), "the message comes again"
    world.rest()
    assert world.evaluations == 1
    assert world.queue.sent == 1


def test_a_failure_that_cannot_be_noted_is_still_the_one_that_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.event("first")

    def fail() -> None:
        def unreachable() -> tuple[EvaluationState, str | None]:
            raise TransientError("the ledger does not respond")

        monkeypatch.setattr(world.ledger, "evaluation_state", unreachable)
        raise TransientError("Resource Graph does not respond")

    world.steps.at, world.steps.then = world.steps.count + 4, fail
    with pytest.raises(TransientError, match="Resource Graph"):
        world.handle()

    monkeypatch.undo()
    world.rest()
    assert world.evaluations == 1


@pytest.mark.parametrize("kind", ["denied", "incomplete"])
def test_what_failed_for_good_is_not_wanted_any_more_but_by_the_next_event(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    world.event("first")
    if kind == "denied":

        def deny() -> None:
            raise AccessDeniedError("The app's identity may not query Resource Graph")

        world.steps.at, world.steps.then = world.steps.count + 4, deny
    else:

        def broken(_: Facts) -> Decision:
            raise ZeroDivisionError("a bug")

        monkeypatch.setattr(evaluation, "decide", broken)
    with pytest.raises((AccessDeniedError, IncompleteError)):
        world.handle()

    assert world.ledger.evaluation == EvaluationState()
    assert world.event("second")


def test_a_message_that_is_lost_is_sent_again_for_the_next_event() -> None:
    world = World()
    world.event("first")
    world.queue.messages.clear()
    world.azure.time += WANTED_FOR - timedelta(seconds=1)
    assert not world.event("second")

    world.azure.time += timedelta(seconds=1)

    assert world.event("third")


def test_an_event_that_comes_again_sends_its_message_again_as_it_may_have_stopped_before() -> None:
    world = World()
    world.event("first")

    assert world.event("first")
    world.rest()
    assert world.evaluations == 1


def test_a_note_that_keeps_changing_is_a_temporary_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(world.ledger, "replace_evaluation_state", lambda *_: False)

    with pytest.raises(TransientError, match="kept changing"):
        world.event()


def test_the_lease_outlasts_the_longest_that_a_function_may_run() -> None:
    import json
    from pathlib import Path

    host = json.loads((Path(__file__).resolve().parents[3] / "host.json").read_text())
    hours, minutes, seconds = map(int, host["functionTimeout"].split(":"))
    queues = host["extensions"]["queues"]
    _, again_minutes, _ = map(int, queues["visibilityTimeout"].split(":"))

    assert timedelta(hours=hours, minutes=minutes, seconds=seconds) < LEASE
    assert queues["maxDequeueCount"] * timedelta(minutes=again_minutes) > LEASE, "else a message could end too early"
