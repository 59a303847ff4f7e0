"""The app with one rule switched off at a time: the simulation must find that a law is broken, or it proves little.

`./dev simulate --mutants` plays each until a law is broken. A mutant replaces attributes while it is played, so that
it stays true while the code around it changes; a test holds that each attribute exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from shared.core.holds import active_run_hold
from shared.core.members.state_rules import has_failed, is_stopped
from shared.core.members.version_rules import VERSION_RULES
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord, StopNote
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.policies.policy import ActiveRun, Policy
from shared.core.runs.existing_run import ExistingRun
from shared.core.runs.records import record_of
from shared.core.runs.specification import is_name_of
from shared.run_ledger import StartLease
from shared.use_cases.run_creator import RunCreator
from shared.use_cases.run_writer import RESTARTABLE, RunWriter, StartAttempt

_WRITER, _CREATOR, _STOPPER = (f"shared.use_cases.{name}" for name in ("run_writer", "run_creator", "run_stopper"))
_LEDGER, _CLAIMS = "shared.azure.ledger.table_ledger.TableLedger", "shared.azure.ledger.run_claims"
_PLANNER, _RUNS = "shared.core.planner", "shared.core.runs"
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Mutant:
    """A rule that is switched off."""

    rule: str
    replaced: Mapping[str, object]
    """What the attribute of each full name is instead."""
    survives: str = ""
    """Why no law is broken in some hundred seeds; empty if one is."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Inside, the rule is switched off."""
        with ExitStack() as stack:
            for name, value in self.replaced.items():
                stack.enter_context(patch(name, value))
            yield


def _no_lease(writer: RunWriter) -> StartLease:
    return StartLease(RunCreator(writer.services, writer.decision).run_id, "", _EVER)


def _restart_any_failure(writer: RunWriter, run: UpdateRun) -> StartAttempt:
    def record() -> bool:
        decision, ledger = writer.decision, writer.services.ledger
        ledger.record_restart(run.id, decision.restarts, decision.failed_at, run.created_at)
        return True

    return writer._start(run, lambda again: again.state in RESTARTABLE, record)


def _for_upgrade(run: UpdateRun, records: Mapping[str, RunRecord], profile_id: ResourceId) -> RunRecord:
    return replace(record_of(run, records, profile_id), intent=Intent.UPGRADE)


def _stopped_with_note(run: UpdateRun, note: StopNote | None, _: datetime) -> bool:
    return note is not None and run.state is UpdateState.STOPPED


def _under_one_channel(profile_id: ResourceId, name: str) -> bool:
    return is_name_of(profile_id, Channel.RAPID, name)


def _replaced_without_policy(facts: Any, unfinished: Any, target: Any, policy: Any) -> object:  # noqa: ANN401
    return active_run_hold(facts, unfinished, target, replace(policy, active_run=ActiveRun.REPLACE))


def _with_many_retries(*, policy: Policy, **known: Any) -> ExistingRun:  # noqa: ANN401 - as they are
    return ExistingRun(policy=replace(policy, retry=9), **known)


MUTANTS: tuple[Mutant, ...] = (
    # starting
    Mutant(
        "the lease on starts",
        {f"{_WRITER}.RunWriter._lease": _no_lease},
        survives="The second look finds the other run; without both a law is broken.",
    ),
    Mutant("the second look between create and start", {f"{_WRITER}.look_again": lambda decision, *_, **__: decision}),
    Mutant(
        "the lease and the second look",
        {
            f"{_WRITER}.RunWriter._lease": _no_lease,
            f"{_WRITER}.look_again": lambda decision, *_, **__: decision,
        },
    ),
    Mutant("the end of a lease", {f"{_WRITER}.RunWriter._check_lease": lambda *_: None}),
    Mutant("members that are skipped before a start", {f"{_WRITER}.RunWriter._remaining_skips": lambda *_: []}),
    Mutant("skips are recorded", {f"{_LEDGER}.record_skipped": lambda *_: None}),
    Mutant("a run for review is not started", {f"{_RUNS}.existing_run.record_of": _for_upgrade}),
    # restarting
    Mutant("restarts are counted", {f"{_LEDGER}.record_restart": lambda *_: True}),
    Mutant(
        "a restart is for one failure",
        {f"{_WRITER}.RunWriter.restart": _restart_any_failure},
        survives="A delivery would have to be slower than a whole upgrade.",
    ),
    # stopping
    Mutant(
        "a stop is noted",
        {f"{_LEDGER}.replace_stop": lambda *_: True},
        survives="A run that was stopped is seldom wanted again.",
    ),
    Mutant(
        "a stop is the app's only if nothing came after",
        {
            f"{_RUNS}.existing_run.is_own_stop": _stopped_with_note,
            f"{_WRITER}.is_own_stop": _stopped_with_note,
        },
        survives="A person would have to stop again what the app stopped.",
    ),
    Mutant("a run is stopped by policy alone", {f"{_PLANNER}.active_run_hold": _replaced_without_policy}),
    # creating
    Mutant("the claim on creating", {f"{_CREATOR}.RunCreator._claim": lambda *_: _EVER}),
    Mutant("a claim excludes the other intent", {f"{_CLAIMS}._check_other": lambda *_: None}),
    Mutant(
        "records of a deleted run do not count",
        {
            f"{_PLANNER}.of_these_runs": lambda records, _: records,
            f"{_CLAIMS}.is_of_another_run": lambda *_: False,
        },
        survives="A claim of a run that does not exist begins its row anew.",
    ),
    Mutant(
        "what Fleet returns may be someone else's",
        {
            f"{_CLAIMS}.may_answer": lambda *_: True,
            f"{_RUNS}.records.may_answer": lambda *_: True,
        },
        survives="A person would have to generate the run between two reads.",
    ),
    Mutant(
        "Fleet is not asked again",
        {f"{_PLANNER}.unless_fleet_disagreed": lambda decision, _: decision},
        survives="Few seeds have versions that Fleet takes and the app does not.",
    ),
    Mutant(
        "what Fleet generates is checked",
        {f"{_CREATOR}.checked": lambda decision, run: replace(decision, run_id=run.id)},
        survives="No law says which version a run may bring.",
    ),
    # deciding
    Mutant("a run with the same content exists", {f"{_RUNS}.wanted_run._find_match": lambda *_: None}),
    Mutant(
        "an unfinished run under another channel", {f"{_RUNS}.wanted_run.is_name_under_any_channel": _under_one_channel}
    ),
    Mutant(
        "an unfinished run is waited for",
        {
            "shared.core.holds.waits_for_own_runs": lambda *_, **__: False,
            "shared.core.waits.waits_for_own_runs": lambda *_, **__: False,
        },
    ),
    Mutant("a freeze", {f"{_PLANNER}.freeze_hold": lambda *_: None}),
    Mutant("policy start=manual", {f"{_PLANNER}._Planner._intent": lambda _: Intent.UPGRADE}),
    Mutant("policy retry", {f"{_PLANNER}.ExistingRun": _with_many_retries}),
    Mutant(
        "failed and stopped clusters",
        {
            "shared.core.members.assessment.VERSION_RULES": [
                rule for rule in VERSION_RULES if rule not in {has_failed, is_stopped}
            ]
        },
    ),
    Mutant("what a person skipped", {f"{_RUNS}.wanted_run.FleetRuns._handled": lambda *_: frozenset()}),
    Mutant("what a finished run missed", {f"{_RUNS}.wanted_run.FleetRuns._follower": lambda *_: None}),
)
