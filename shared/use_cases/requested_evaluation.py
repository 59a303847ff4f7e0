"""Evaluates all profiles when something wants it: once for many events, on one instance at a time.

An event or a timer notes in the ledger that an evaluation is wanted, and sends one message. The message's function
begins the evaluation. The process may stop between any two steps, and messages may come twice or late:

- stopped after the note and before the message: the event comes again, with the same id, and sends it;
- stopped while evaluating: the message comes again, and begins as soon as the lease is over;
- wanted while an evaluation is in progress: that one sends the message when it ends, or repeats it after it stopped.

The reconcile timer finds what remains, such as a message that failed too often.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared import telemetry
from shared.errors import FAILED_FOR_GOOD, FleetAutoUpgradeError, NotReadyError, TransientError
from shared.evaluation_state import EvaluationInProgress, EvaluationRequest, EvaluationState
from shared.use_cases.evaluate_estate import Evaluation, evaluate_estate
from shared.use_cases.services import Services

ATTEMPTS = 20
"""How often the note is read again after another instance has changed it: a storm of events changes it in turn."""


def request_evaluation(services: Services, requester: str, trigger: str, raised_at: datetime | None = None) -> bool:
    """Note that all profiles are to be evaluated, and send a message unless one is on its way.

    Args:
        services: the ports.
        requester: the id of the event, or the timer's name; the same if it comes again.
        trigger: what caused it, for people.
        raised_at: when the event was raised: an evaluation that began later covers it. None: none does.

    Returns:
        Whether a message was sent.

    Raises:
        TransientError: it could not be noted or sent; repeating is safe.
    """
    for _ in range(ATTEMPTS):
        now = services.clock.now()
        state, etag = services.ledger.evaluation_state()
        if raised_at is not None and state.covers(raised_at, now):
            return False
        if state.is_on_its_way(requester, now):
            return False
        wanted = EvaluationRequest(requester, trigger, now)
        if services.ledger.replace_evaluation_state(_with(state, wanted), etag):
            if state.is_busy(now):
                return False  # the evaluation in progress sends the message when it ends
            services.queues.evaluate_estate()
            return True
    raise _kept_changing()


def evaluate_if_requested(services: Services, message_id: str) -> Evaluation:
    """Evaluate all profiles if that is wanted and no other instance does it.

    Raises:
        NotReadyError: the same message is being handled elsewhere, or its process died a moment ago.
        UserMustFixError: it failed for good; it is not wanted any more.
        IncompleteError: some profiles could not be decided; all others were. It is not wanted any more.
        TransientError: it is still wanted.
    """
    in_progress = _begin(services, message_id)
    if in_progress is None:
        return Evaluation(looked=False)
    try:
        evaluation = evaluate_estate(services, in_progress.trigger, in_progress.began_at)
    except FAILED_FOR_GOOD:
        _end(services, in_progress, EvaluationState.give_up)
        raise
    except Exception:
        _release(services, in_progress)
        raise
    _end(services, in_progress, lambda state: state.end(in_progress.began_at))
    return evaluation


def _with(state: EvaluationState, wanted: EvaluationRequest) -> EvaluationState:
    return EvaluationState(state.last, wanted, state.in_progress)


def _begin(services: Services, message_id: str) -> EvaluationInProgress | None:
    """Begin, or None if there is nothing to do: nothing is wanted, or the evaluation in progress will see to it."""
    for _ in range(ATTEMPTS):
        now = services.clock.now()
        state, etag = services.ledger.evaluation_state()
        current = state.in_progress
        if current is not None and state.is_busy(now):
            if current.holder != message_id:
                return None
            seconds = max(1, int((current.until - now).total_seconds()))
            raise NotReadyError("An earlier delivery of this message may still be evaluating", seconds)
        if state.wanted is None and current is None:
            return None
        begun = state.begin(message_id, now)
        if services.ledger.replace_evaluation_state(begun, etag):
            return begun.in_progress
    raise _kept_changing()


def _end(services: Services, ended: EvaluationInProgress, change: Callable[[EvaluationState], EvaluationState]) -> None:
    """Note the end, and send a message if another evaluation is wanted. An evaluation taken over notes nothing."""
    for _ in range(ATTEMPTS):
        state, etag = services.ledger.evaluation_state()
        if state.in_progress != ended:
            return
        after = change(state)
        if services.ledger.replace_evaluation_state(after, etag):
            if after.wanted is not None:
                services.queues.evaluate_estate()
            return
    raise _kept_changing()


def _release(services: Services, failed: EvaluationInProgress) -> None:
    """Let the next delivery of the message begin at once. If that fails as well, the first failure is still raised."""
    try:
        for _ in range(ATTEMPTS):
            state, etag = services.ledger.evaluation_state()
            if state.in_progress != failed:
                return
            if services.ledger.replace_evaluation_state(state.want_again(failed, services.clock.now()), etag):
                return
    except FleetAutoUpgradeError as another:
        telemetry.failed("Noting that an evaluation failed", another)


def _kept_changing() -> TransientError:
    return TransientError("The ledger's note of the evaluation kept changing")
