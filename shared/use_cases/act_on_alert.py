"""Acts on an alert: enqueues profiles for evaluation, or generates the update run of one.

An alert causes an evaluation; it never contains a target. Azure Monitor retries calls that fail or take too long, so
profiles are enqueued, and both actions may be repeated any number of times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared import telemetry
from shared.core.model.fleet import Fleet
from shared.core.model.ids import PROFILE_TYPE, ResourceId
from shared.errors import InvalidInputError, NotEnabledError
from shared.settings import ALERTS_ACT, ALERTS_GENERATE, AlertSettings
from shared.use_cases.generate_update_run import generate_update_run
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """A fleet or an auto-upgrade profile that an alert is about."""

    id: ResourceId
    field: str
    """Where the alert names it, for errors."""

    @property
    def is_profile(self) -> bool:
        """Whether it is one profile, and not a fleet with all of its profiles."""
        return self.id.type == PROFILE_TYPE

    @property
    def fleet_id(self) -> ResourceId:
        """The fleet, or the profile's fleet."""
        return self.id.parent if self.is_profile else self.id


@dataclass(frozen=True, slots=True)
class EvaluateProfiles:
    """Evaluate the profiles, for a fleet all of its profiles, and act on them as any trigger would."""

    targets: tuple[AlertTarget, ...]


@dataclass(frozen=True, slots=True)
class GenerateRun:
    """Generate the update run of one profile on demand, and `start` it or only create it for review."""

    profile: AlertTarget
    start: bool


@dataclass(frozen=True, slots=True)
class AlertOutcome:
    """What was done: the profiles, and the run if one was requested."""

    profile_ids: tuple[ResourceId, ...]
    run_id: ResourceId | None = None

    @property
    def is_enqueued(self) -> bool:
        """Whether the profiles are enqueued, so that the work is not done yet."""
        return self.run_id is None and bool(self.profile_ids)


def act_on_alert(services: Services, request: EvaluateProfiles | GenerateRun, settings: AlertSettings) -> AlertOutcome:
    """Enqueue the profiles, one message each, or generate the run.

    Raises:
        NotEnabledError: the app's settings do not allow this to alerts; nothing was read or done.
        InvalidInputError: the alert names a fleet that the app does not manage; nothing was done.
        NotFoundError: the profile does not exist; nothing was done.
        RunRefusedError: there is no run to generate, or it cannot be started.
        NotReadyError: a trigger is creating the same run at this moment.
    """
    _require_enabled(request, settings)
    match request:
        case EvaluateProfiles(targets):
            return _enqueue(services, targets)
        case GenerateRun(profile, start):
            _require_managed(services, profile)
            return AlertOutcome((profile.id,), generate_update_run(services, profile.id, start=start))


def _require_enabled(request: EvaluateProfiles | GenerateRun, settings: AlertSettings) -> None:
    if not settings.act:
        raise NotEnabledError("Acting on alerts", ALERTS_ACT)
    if isinstance(request, GenerateRun) and not settings.generate:
        raise NotEnabledError("Generating update runs on alerts", ALERTS_GENERATE)


def _enqueue(services: Services, targets: Sequence[AlertTarget]) -> AlertOutcome:
    profiles = [target for target in targets if target.is_profile]
    fleets = [target for target in targets if not target.is_profile]
    found: dict[ResourceId, None] = {}
    for target in profiles:
        _require_managed(services, target)
        found[services.fleets.read_profile(target.id).id] = None
    if fleets:  # only the sweep lists a fleet's profiles
        estate = services.estate.read()
        telemetry.unreadable("estate", estate.unreadable)
        known = {fleet.id: fleet for fleet in estate.fleets}
        found.update({profile.id: None for target in fleets for profile in _fleet_of(target, known).profiles})
    if found:
        services.queues.evaluate_profiles(tuple(found))
    return AlertOutcome(tuple(found))


def _require_managed(services: Services, target: AlertTarget) -> None:
    if not services.estate.manages(target.fleet_id):
        raise _not_managed(target)


def _fleet_of(target: AlertTarget, fleets: Mapping[ResourceId, Fleet]) -> Fleet:
    fleet = fleets.get(target.fleet_id)
    if fleet is None:
        raise _not_managed(target)
    return fleet


def _not_managed(target: AlertTarget) -> InvalidInputError:
    expected = "a fleet in the subscriptions or management groups that the app manages"
    return InvalidInputError(target.field, str(target.id), expected)
