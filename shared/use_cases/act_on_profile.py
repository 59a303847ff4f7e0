"""Decides one profile on fresh facts, and acts on the decision.

Timers, events and HTTP calls all end here. The same call may run many times at once, and its process may stop between
any two steps: `run_writer` and `run_creator` describe why that is safe.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared import telemetry
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent
from shared.core.model.update_run import UpdateRun
from shared.core.native_runs import is_for_fleet_to_generate
from shared.core.reasons import ACTING, Outcome, Reason
from shared.errors import FleetAutoUpgradeError
from shared.ports import Trigger
from shared.use_cases.decide_profile import EvaluationOptions, decide_profile
from shared.use_cases.run_creator import RunCreator
from shared.use_cases.run_stopper import RunStopper
from shared.use_cases.run_writer import RunWriter, StartAttempt
from shared.use_cases.services import Services
from shared.use_cases.shared_catalogs import SharedCatalogs
from shared.use_cases.trigger_readers import TriggerReaders

_EVENT, _HTTP = "event", "http"
"""What had the profile evaluated; recorded with the decision."""

ROUNDS = 3
"""How often one call decides again after it stopped older runs. Fleet often needs longer; the watch timer continues."""


@dataclass(frozen=True, slots=True)
class Action:
    """The decision that was applied, and its run: created by this call, or found."""

    decision: Decision
    run: UpdateRun | None = None
    started: bool = False
    """Whether this call started the run."""
    has_other_members: bool = False
    """Whether the run was not started since it has members that no one decided on: the fleet is to be read again."""


def act_on_profile(services: Services, profile_id: ResourceId, on_demand: Intent | None = None) -> Action:
    """Decide the profile, and generate its run, start or restart one, stop older ones, or do nothing.

    Args:
        services: the ports.
        profile_id: the profile.
        on_demand: what a person requests; None if a trigger evaluates.

    Raises:
        NotFoundError: the profile does not exist.
        NotReadyError: another call is creating the same run with another intent.
        UserMustFixError: Fleet refuses the run.
        TransientError: retry; nothing is lost, and nothing is done twice.
    """
    action = _act_once(services, profile_id, on_demand)
    for _ in range(ROUNDS - 1):
        if action.has_other_members:
            services.recent.forget(profile_id.parent)
        elif action.decision.outcome is not Outcome.REPLACE:
            break
        action = _act_once(services, profile_id, on_demand)
    return action


def _act_once(services: Services, profile_id: ResourceId, on_demand: Intent | None) -> Action:
    if on_demand is not None:
        decision = decide_profile(services, profile_id, EvaluationOptions(on_demand=on_demand))
        return _apply(services, decision, _HTTP)
    known = services.recent.find(profile_id.parent, services.clock.now())
    readers = TriggerReaders(services, SharedCatalogs(services), known)
    decision = decide_profile(readers, profile_id, EvaluationOptions())
    if decision.outcome not in ACTING:
        return _apply(services, decision, _EVENT)
    versions = _versions(decision)
    try:
        action = _apply(services, decision, _EVENT, has_known_members=known is not None)
    except Exception as error:
        _record_failed_trigger(services, decision, versions, error)
        raise
    refused = action.decision if action.decision.outcome is Outcome.BLOCKED else None
    code, message = (refused.reason.value, refused.sentence) if refused is not None else (None, "")
    services.ledger.record_trigger(profile_id, Trigger(services.clock.now(), versions, code, message))
    return action


def _apply(services: Services, decision: Decision, trigger: str, *, has_known_members: bool = False) -> Action:
    if decision.stops_to_settle:
        RunStopper(services, decision).settle_stops()
    writer = RunWriter(services, decision, on_demand=trigger == _HTTP, has_known_members=has_known_members)
    if decision.outcome is Outcome.GENERATE:
        return _generate(services, writer, decision, trigger)
    _record(services, decision, trigger)
    if decision.outcome is Outcome.REPLACE:
        RunStopper(services, decision).stop_older_runs()
        return Action(decision)
    return _about_existing(services, writer, decision, trigger)


def _generate(services: Services, writer: RunWriter, decision: Decision, trigger: str) -> Action:
    is_native = is_for_fleet_to_generate(decision)
    if not is_native:
        _record(services, decision, trigger)
    if decision.intent is Intent.UPGRADE:
        attempt = writer.generate_and_start()
    else:
        runs = services.fleets.read_runs(decision.profile_id.parent) if is_native else ()
        generated = RunCreator(services, decision, writer.on_demand).generate(runs)
        attempt = StartAttempt(generated.decision, generated.run)
    if is_native or attempt.decision.outcome is not Outcome.GENERATE:
        _record(services, attempt.decision, trigger)
    return Action(attempt.decision, attempt.run, attempt.started, attempt.has_other_members)


def _about_existing(services: Services, writer: RunWriter, decision: Decision, trigger: str) -> Action:
    run = services.fleets.find_run(decision.run_id) if decision.run_id is not None else None
    if run is None:
        return Action(decision)
    if decision.outcome is Outcome.START:
        start = writer.continue_stopped if decision.reason is Reason.RUN_CONTINUED else writer.start
        return _started(services, start(run), trigger)
    if decision.outcome is Outcome.RETRY:
        return _started(services, writer.restart(run), trigger)
    return Action(decision, run)


def _started(services: Services, attempt: StartAttempt, trigger: str) -> Action:
    """The action; if the run waits, the decision to start it is replaced in the ledger by that."""
    if not attempt.decision.starts_run:
        _record(services, attempt.decision, trigger)
    return Action(attempt.decision, attempt.run, attempt.started, attempt.has_other_members)


def _record(services: Services, decision: Decision, trigger: str) -> None:
    now = services.clock.now()
    for changed in services.ledger.record_decisions([decision], trigger, now):
        telemetry.decision_made(changed, trigger, now)


def _versions(decision: Decision) -> tuple[str, ...]:
    target = decision.target
    if target is None:
        return ()
    if target.kubernetes_version is not None or target.patch_week is not None:
        return (str(target),)
    return tuple(str(image) for image in target.node_images)


def _record_failed_trigger(services: Services, decision: Decision, versions: tuple[str, ...], error: Exception) -> None:
    """Record the failure for the profile's status. If that fails as well, the first failure is still the one raised."""
    message = str(error) if isinstance(error, FleetAutoUpgradeError) else "The app failed; see its log."
    trigger = Trigger(services.clock.now(), versions, type(error).__name__.removesuffix("Error"), message)
    try:
        services.ledger.record_trigger(decision.profile_id, trigger)
    except FleetAutoUpgradeError as another:
        telemetry.failed(f"Recording the last trigger of {decision.profile_id}", another)
