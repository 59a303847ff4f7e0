"""Finds clusters by name among what the last evaluation left in the ledger; from Azure it reads only the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.core.model.ids import ResourceId
from shared.overview.store import FleetMembers
from shared.ports import RecordedDecision
from shared.threads import TracedThreads
from shared.use_cases.services import Services

MOST = 50
"""Members in a response."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member, and the last decision on each profile of its fleet; None for one that is not recorded."""

    name: str
    cluster: str
    """The name of its cluster, which may differ."""
    fleet_id: ResourceId
    decisions: Mapping[ResourceId, RecordedDecision | None]


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """The members whose names, or whose clusters' names, contain a text."""

    members: Sequence[FoundMember]
    is_complete: bool
    """Whether these are all of them."""
    evaluated_at: datetime | None
    """When the evaluation began that found the names; None if none has recorded any."""
    now: datetime


def find_members(services: Services, text: str) -> FoundMembers:
    """The members with the text in a name, in any case: those of that very name first, then those that begin so."""
    fleets, now = services.overview.members(), services.clock.now()
    found = sorted(
        (rank, names, fleet.id.key, index)
        for index, fleet in enumerate(fleets)
        for names in fleet.members
        if (rank := _rank(names, text.casefold())) is not None
    )
    shown = [(names, fleets[index]) for _, names, _, index in found[:MOST]]
    decisions = _decisions_on(services, {fleet.id for _, fleet in shown})
    return FoundMembers(
        [FoundMember(*names, fleet.id, _of_profiles(fleet, decisions[fleet.id])) for names, fleet in shown],
        is_complete=len(found) <= MOST,
        evaluated_at=services.ledger.last_evaluation() if fleets else None,
        now=now,
    )


def _rank(names: tuple[str, str], wanted: str) -> int | None:
    """The place of a match, the lowest first; None for no match."""
    matches = [
        0 if name == wanted else 1 if name.startswith(wanted) else 2
        for name in map(str.casefold, names)
        if wanted in name
    ]
    return min(matches, default=None)


def _decisions_on(
    services: Services, fleet_ids: set[ResourceId]
) -> Mapping[ResourceId, Mapping[str, RecordedDecision]]:
    with TracedThreads(max_workers=_AT_ONCE) as threads:
        read = {fleet_id: threads.submit(services.overview.decisions_on, fleet_id) for fleet_id in fleet_ids}
    return {fleet_id: future.result() for fleet_id, future in read.items()}


def _of_profiles(
    fleet: FleetMembers, decisions: Mapping[str, RecordedDecision]
) -> Mapping[ResourceId, RecordedDecision | None]:
    """Of the profiles that the evaluation found: a decision on a deleted one may still be recorded."""
    profiles = (fleet.id.child("autoUpgradeProfiles", name) for name in fleet.profiles)
    return {profile_id: decisions.get(profile_id.key) for profile_id in profiles}
