"""An existing run: a run in the fleet that does what is wanted, and the verdict that follows from its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord, StopNote
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.policies.policy import Policy, Start
from shared.core.reasons import ACTING, Outcome, Reason, Verdict
from shared.core.runs.own_stops import is_own_stop
from shared.core.runs.progress_words import tolerated, waits_for
from shared.core.runs.records import record_of
from shared.core.runs.wanted_run import WantedRun

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)

_VERDICTS: Mapping[UpdateState, tuple[Outcome, Reason, str]] = {
    UpdateState.RUNNING: (Outcome.GENERATED, Reason.RUN_IN_PROGRESS, "is running"),
    UpdateState.STOPPING: (Outcome.GENERATED, Reason.RUN_IN_PROGRESS, "is stopping"),
    UpdateState.PENDING: (Outcome.GENERATED, Reason.RUN_IN_PROGRESS, "is pending"),
    UpdateState.STOPPED: (Outcome.BLOCKED, Reason.RUN_STOPPED, "was stopped; start it again, or delete it"),
}


@dataclass(frozen=True, slots=True)
class ExistingRun:
    """An existing run, with everything that its verdict depends on."""

    run: UpdateRun
    wanted: WantedRun
    profile_id: ResourceId
    records: Mapping[str, RunRecord]
    policy: Policy
    now: datetime
    is_due: bool
    """Whether clusters are still below the target."""
    on_demand: Intent | None = None
    """What a person asked for; None where a trigger evaluates."""

    @property
    def record(self) -> RunRecord:
        """The app's record of it."""
        return record_of(self.run, self.records, self.profile_id)

    @property
    def restart_number(self) -> int:
        """The number of the next restart; one that was recorded and not carried out is the next one still."""
        record, failed_at = self.record, self.run.completed_at
        is_pending = record.restarts > 0 and failed_at is not None and failed_at == record.restarted_failure
        return record.restarts if is_pending else record.restarts + 1

    def verdict(self) -> Verdict:
        """What follows from the run's state. A request for review starts and restarts nothing."""
        verdict = self._verdict()
        if self.on_demand is Intent.REVIEW and verdict.outcome in ACTING:
            return replace(verdict, outcome=Outcome.GENERATED)
        return verdict

    def _verdict(self) -> Verdict:
        state = self.run.state
        if isinstance(state, Unparsed):
            sentence = f"Update run {self.run.name} is in state {state.text}, which this app does not know."
            return Verdict(Outcome.BLOCKED, Reason.RUN_STATE_UNKNOWN, sentence)
        if state is UpdateState.NOT_STARTED:
            return self._not_started()
        if state is UpdateState.FAILED:
            return self._failed()
        if (stop := self.record.stop) is not None and is_own_stop(self.run, stop, self.now):
            return self._stopped(stop)
        if state not in _VERDICTS:
            return self._finished()
        outcome, reason, clause = _VERDICTS[state]
        waits = f": {waits_for(self.run.progress)}" if state is UpdateState.PENDING else ""
        return Verdict(outcome, reason, f"Update run {self.run.name} {clause}{waits}.{tolerated(self.run.progress)}")

    def _not_started(self) -> Verdict:
        name = self.run.name
        if self.record.intent is Intent.UPGRADE and self.policy.start is Start.AUTO:
            sentence = f"Update run {name} was generated to be started, and has not been started yet."
            return Verdict(Outcome.START, Reason.RUN_NOT_STARTED, sentence)
        if self.on_demand is Intent.UPGRADE:
            sentence = f"Update run {name} was created for review; a person asked to start it."
            return Verdict(Outcome.START, Reason.RUN_NOT_STARTED, sentence)
        return awaits_review(self.run)

    def _stopped(self, stop: StopNote) -> Verdict:
        """The app stopped it for a newer target, and it is wanted again."""
        stopped = f"Update run {self.run.name} was stopped for {stop.target} by policy"
        is_for_trigger = self.record.intent is Intent.UPGRADE and self.policy.start is Start.AUTO
        if is_for_trigger or self.on_demand is Intent.UPGRADE:
            sentence = f"{stopped}, and its target is wanted again; it is started again."
            return Verdict(Outcome.START, Reason.RUN_CONTINUED, sentence)
        return Verdict(Outcome.BLOCKED, Reason.RUN_STOPPED, f"{stopped}; start it again, or delete it.")

    def _failed(self) -> Verdict:
        name, retry = self.run.name, self.policy.retry
        advice = "see the members' messages in it, then start it again, or delete it"
        if not retry or not self._is_ours:
            return Verdict(Outcome.BLOCKED, Reason.RUN_FAILED, f"Update run {name} failed; {advice}.")
        number = self.restart_number
        if number > retry:
            times = "once" if retry == 1 else f"{retry} times"
            sentence = f"Update run {name} failed, was restarted {times}, and failed again; {advice}."
            return Verdict(Outcome.BLOCKED, Reason.RETRIES_EXHAUSTED, sentence)
        due_at = self._restart_due_at(number)
        if self.now < due_at:
            sentence = f"Update run {name} failed; restart {number} of {retry} comes at {due_at:%Y-%m-%d %H:%M} UTC."
            return Verdict(Outcome.WAITING, Reason.RETRY_WAITS, sentence, due_at)
        sentence = f"Update run {name} failed; restart {number} of {retry} is due."
        return Verdict(Outcome.RETRY, Reason.RETRY_DUE, sentence)

    def _restart_due_at(self, number: int) -> datetime:
        if number == self.record.restarts:
            return self.now  # it was already due when it was recorded
        return retry_due_at(self.run.completed_at, number, self.now)

    def _finished(self) -> Verdict:
        name = self.run.name
        if not self.is_due:
            return Verdict(Outcome.GENERATED, Reason.RUN_FINISHED, f"Update run {name} is finished.")
        if self.wanted.retries and self.wanted.retries >= self.policy.retry:
            sentence = f"Update run {name} is finished, and members that failed before have failed in it again."
            return Verdict(Outcome.BLOCKED, Reason.RETRIES_EXHAUSTED, sentence)
        sentence = f"Update run {name} is finished, yet clusters that it dealt with are still below the target."
        return Verdict(Outcome.BLOCKED, Reason.RUN_INCOMPLETE, sentence)

    @property
    def _is_native(self) -> bool:
        return self.run.auto_upgrade_profile_id == self.profile_id

    @property
    def _is_ours(self) -> bool:
        """Whether it was generated to be started, by this app or by Azure's own service, and not by a person."""
        return self.record.intent is Intent.UPGRADE or self._is_native


def awaits_review(run: UpdateRun) -> Verdict:
    """A run that no trigger starts."""
    sentence = f"Update run {run.name} was created for review; it is for a person to start."
    return Verdict(Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW, sentence)


def pause_before(retry: int) -> timedelta:
    """The pause before the retry of that number, from 1 on: a quarter of an hour, doubled each time, a day at most."""
    return min(FIRST_PAUSE * (1 << (retry - 1)), LONGEST_PAUSE)


def retry_due_at(failed_at: datetime | None, retry: int, now: datetime) -> datetime:
    """When the retry is due; at once if it is unknown when the run failed."""
    return now if failed_at is None else failed_at + pause_before(retry)
