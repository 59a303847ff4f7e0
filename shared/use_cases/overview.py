"""Reads the overview of all profiles, one fleet or one profile, as the last evaluation left it in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.core.model.ids import ResourceId
from shared.errors import NotFoundError
from shared.overview.store import StoredOverview
from shared.ports import RecordedDecision, Trigger
from shared.use_cases.managed import require_managed
from shared.use_cases.services import Services

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet, StoredProfile
    from shared.documents.runs import RunSummary


@dataclass(frozen=True, slots=True)
class Overview:
    """What the ledger has of some fleets."""

    stored: StoredOverview
    evaluated_at: datetime | None
    """When the last complete evaluation began."""
    now: datetime


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What the ledger has of one profile."""

    overview: Overview
    fleet: StoredFleet
    profile: StoredProfile
    decision: RecordedDecision | None
    """None also if its row cannot be read; the next evaluation replaces it."""
    trigger: Trigger | None
    """The last one that acted on it; None also if its row cannot be read."""
    runs: Sequence[RunSummary]


def read_overview(services: Services) -> Overview:
    """All fleets; nothing is read from Azure but the ledger."""
    evaluated_at = services.ledger.last_evaluation()
    return Overview(services.overview.read(evaluated_at), evaluated_at, services.clock.now())


def read_fleet_overview(services: Services, fleet_id: ResourceId) -> Overview:
    """One fleet.

    Raises:
        NotFoundError: the last evaluation did not find it.
        NotManagedError: nor does the app manage it.
    """
    evaluated_at = services.ledger.last_evaluation()
    stored = services.overview.read_fleet(fleet_id, evaluated_at)
    if stored is None:
        require_managed(services, fleet_id)
        raise NotFoundError(str(fleet_id))
    return Overview(stored, evaluated_at, services.clock.now())


def read_profile_view(services: Services, profile_id: ResourceId) -> ProfileView:
    """One profile.

    Raises:
        NotFoundError: the last evaluation did not find it.
        NotManagedError: nor does the app manage it.
    """
    overview = read_fleet_overview(services, profile_id.parent)
    [fleet] = overview.stored.fleets
    for profile in fleet["profiles"]:
        if profile["id"].lower() == profile_id.key:
            ledger, runs = services.ledger, services.overview.runs_of(profile_id)
            decision, trigger = ledger.last_decision(profile_id), ledger.last_trigger(profile_id)
            return ProfileView(
                overview,
                fleet,
                profile,
                decision if isinstance(decision, RecordedDecision) else None,
                trigger if isinstance(trigger, Trigger) else None,
                runs,
            )
    raise NotFoundError(str(profile_id))
