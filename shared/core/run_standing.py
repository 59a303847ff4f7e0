"""What to do about a run that is there already, by its state."""

from __future__ import annotations

from collections.abc import Mapping

from shared.core.decision import Verdict
from shared.core.facts import RunRecord
from shared.core.reason import Outcome, Reason
from shared.core.unknown import Unparsed
from shared.core.update_run import Intent, UpdateRun, UpdateState

_VERDICTS: Mapping[UpdateState, tuple[Outcome, Reason, str]] = {
    UpdateState.RUNNING: (Outcome.GENERATED, Reason.RUN_IN_PROGRESS, "is running"),
    UpdateState.STOPPING: (Outcome.GENERATED, Reason.RUN_IN_PROGRESS, "is stopping"),
    UpdateState.PENDING: (
        Outcome.GENERATED,
        Reason.RUN_IN_PROGRESS,
        "is pending: a maintenance window, a gate, or a region that has not got the version",
    ),
    UpdateState.STOPPED: (Outcome.BLOCKED, Reason.RUN_STOPPED, "was stopped; start it again, or delete it"),
    UpdateState.FAILED: (
        Outcome.BLOCKED,
        Reason.RUN_FAILED,
        "failed; see the members' messages in it, then start it again, or delete it",
    ),
}


def decide_existing(run: UpdateRun, records: Mapping[str, RunRecord], *, is_due: bool) -> Verdict:
    """The verdict on a run that asks for what is wanted; `is_due` says whether clusters are still below the target."""
    if isinstance(run.state, Unparsed):
        sentence = f"Update run {run.name} is in state {run.state.text}, which this app does not know."
        return Verdict(Outcome.BLOCKED, Reason.RUN_STATE_UNKNOWN, sentence)
    if run.state is UpdateState.NOT_STARTED:
        return _not_started(run, records.get(run.name.lower()))
    if run.state not in _VERDICTS:
        return _finished(run, is_due=is_due)
    outcome, reason, clause = _VERDICTS[run.state]
    return Verdict(outcome, reason, f"Update run {run.name} {clause}.")


def _not_started(run: UpdateRun, record: RunRecord | None) -> Verdict:
    if record is not None and record.intent is Intent.UPGRADE:
        sentence = f"Update run {run.name} was generated to be started, and has not been started yet."
        return Verdict(Outcome.START, Reason.RUN_NOT_STARTED, sentence)
    sentence = f"Update run {run.name} was created for review; it is for a person to start."
    return Verdict(Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW, sentence)


def _finished(run: UpdateRun, *, is_due: bool) -> Verdict:
    if not is_due:
        return Verdict(Outcome.GENERATED, Reason.RUN_FINISHED, f"Update run {run.name} is finished.")
    sentence = f"Update run {run.name} is finished, yet clusters that it dealt with are still below the target."
    return Verdict(Outcome.BLOCKED, Reason.RUN_INCOMPLETE, sentence)
