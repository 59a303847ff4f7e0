"""Creates update runs, each once, although many instances may try and each may stop at any step.

1. Claim the run in the ledger with the intent (upgrade or review).
2. Create it under its name with `If-None-Match: *` while the claim holds, or have Fleet generate it; then read it,
   unless the response to the creation shows it whole.

If the process stops between two steps, the next call finds the claim and creates the run, or finds the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared import telemetry
from shared.callers import current_caller
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, NativeCall, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.native_runs import checked, is_for_fleet_to_generate
from shared.core.runs.existing_run import awaits_review
from shared.core.runs.records import key_of
from shared.core.runs.specification import RunSpecification
from shared.core.runs.wanted_run import FINISHED
from shared.errors import InternalError, NotReadyError, TransientError
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class Generated:
    """The run, and the decision that applies: the given one, or one that blocks since Fleet generated another run."""

    decision: Decision
    run: UpdateRun


@dataclass(frozen=True, slots=True)
class RunCreator:
    """Creates the run of one decision."""

    services: Services
    decision: Decision
    on_demand: bool = False
    """Whether a person asked for it."""

    @property
    def run_id(self) -> ResourceId:
        """The run's id as this app names it, also where Fleet generates the run and chooses the name."""
        return self.decision.profile_id.parent.child("updateRuns", self._specification.name)

    def generate(self, runs: Sequence[UpdateRun]) -> Generated:
        """The decision's run: generated now, or found.

        Args:
            runs: the fleet's runs, just read.

        Raises:
            NotReadyError: another call is creating it with the other intent, or the claim ran out before creation.
            UserMustFixError: Fleet refuses the run.
        """
        with telemetry.span("generate run", run=self._specification.name):
            if is_for_fleet_to_generate(self.decision):
                return self._generate_natively(runs)
            return Generated(self.decision, self._create(runs))

    def _create(self, runs: Sequence[UpdateRun]) -> UpdateRun:
        claimed_until = self._claim(RunRecord(self.decision.intent))
        run = next((run for run in runs if run.id == self.run_id), None)
        if run is not None:
            return run
        self._check_claim(claimed_until)
        created = self.services.fleets.create_run(self.run_id.parent, self._specification)
        if created is not None:
            self._report_generated(self.run_id)
        return created if created is not None and self._is_complete(created) else self._read(self.run_id)

    def _is_complete(self, created: UpdateRun) -> bool:
        """Whether Fleet's response has what a start is decided on: a member without a state would not be skipped.

        It does in a recording of the Azure CLI's tests; the start then depends on the response's etag.
        """
        members = (*self.decision.members_in_run, *self.decision.members_to_skip)
        return (
            bool(created.etag)
            and created.state is UpdateState.NOT_STARTED
            and created.member_states.keys() >= {member.lower() for member in members}
        )

    def _generate_natively(self, runs: Sequence[UpdateRun]) -> Generated:
        """Fleet chooses the run, and its name: the claim is under the name that this app would have given.

        So it is recorded under its own name what the run that comes back is for. Fleet returns one that exists if it
        has nothing newer, which may be someone else's: the claim has those that were there before. If that is finished
        or was stopped, and is not for what is wanted, this app creates the run.
        """
        profile_id, fleets = self.decision.profile_id, self.services.fleets
        beside = frozenset(
            key_of(run)
            for run in runs
            if run.auto_upgrade_profile_id == profile_id and run.state is UpdateState.NOT_STARTED
        )
        call = NativeCall(profile_id, self.services.clock.now(), beside)
        self._check_claim(self._claim(RunRecord(self.decision.intent, call=call)))
        run = self._read(fleets.generate_natively(profile_id))
        was_stopped = any(run.id == before.id and before.state is UpdateState.STOPPED for before in runs)
        if (run.state in FINISHED or was_stopped) and self._specification.patch_week is None:
            return Generated(self.decision, self._create(runs))
        intent = self.services.ledger.record_generated(self.run_id, run)
        if run.state is UpdateState.NOT_STARTED:  # Fleet returns an older run if it has nothing newer
            self._report_generated(run.id)
        decision = checked(self.decision, run)
        if decision.starts_run and intent is Intent.REVIEW and not self.on_demand:
            verdict = awaits_review(run)
            decision = replace(
                decision, outcome=verdict.outcome, reason=verdict.reason, sentence=verdict.sentence, run_id=run.id
            )
        return Generated(decision, run)

    def _claim(self, record: RunRecord) -> datetime:
        fleets, run_id = self.services.fleets, self.run_id
        return self.services.ledger.claim_run(
            run_id,
            self.decision.profile_id,
            replace(record, trace_parent=telemetry.current_trace_parent(), requested_by=current_caller()),
            self.services.clock.now(),
            may_take_over=lambda: fleets.find_run(run_id) is None,
        )

    def _check_claim(self, claimed_until: datetime) -> None:
        if self.services.clock.now() >= claimed_until:
            raise NotReadyError(f"The claim on {self.run_id.name} ran out before the run was created; try again")

    def _report_generated(self, run_id: ResourceId) -> None:
        now = self.services.clock.now()
        telemetry.run_generated(self.decision.profile_id, run_id, str(self.decision.target), now)

    @property
    def _specification(self) -> RunSpecification:
        if self.decision.specification is None:
            raise InternalError(f"{self.decision.profile_id} was decided without a specification")
        return self.decision.specification

    def _read(self, run_id: ResourceId) -> UpdateRun:
        run = self.services.fleets.find_run(run_id)
        if run is None:
            raise TransientError(f"Update run {run_id.name} was deleted meanwhile")
        return run
