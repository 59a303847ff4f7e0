"""What an evaluation in this process read of fleets, for the profiles that it found due.

Members and strategies change seldom, and Fleet confirms them: a run in its response has the members that its strategy
selects. A run with a member that no one decided on is not started, and the profile is decided again on what ARM has:
see `act_on_profile`. Clusters, policies, profiles and runs are not shared.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.core.model.fleet import Fleet, Member, UpdateStrategy
from shared.core.model.ids import CLUSTER_TYPE, ResourceId
from shared.core.model.unknown import Unknown
from shared.ports import KnownFleet

KNOWN_FOR = timedelta(hours=1)
"""From the beginning of the evaluation that read them; the next evaluation begins with nothing known."""


@dataclass(slots=True)
class RecentFleets:
    """One for a process; another instance of the app reads what it does not have."""

    _fleets: Mapping[ResourceId, tuple[KnownFleet, datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, fleets: Iterable[Fleet], at: datetime) -> None:
        """Keep fleets that were read after a moment.

        Not in Fleet's preview: UNVERIFIED that Resource Graph shows selectors there, without which a strategy would
        select other members.
        """
        known = {fleet.id: (_known(fleet), at) for fleet in fleets if not fleet.is_preview}
        with self._lock:
            recent = {fleet_id: kept for fleet_id, kept in self._fleets.items() if at - kept[1] < KNOWN_FOR}
            self._fleets = {**recent, **known}

    def find(self, fleet_id: ResourceId, now: datetime) -> KnownFleet | None:
        """What is known of a fleet; None if that is nothing, or too old."""
        kept = self._fleets.get(fleet_id)
        return kept[0] if kept is not None and now - kept[1] < KNOWN_FOR else None

    def forget(self, fleet_id: ResourceId | None = None) -> None:
        """Forget what is known of a fleet, or of all."""
        with self._lock:
            others = {} if fleet_id is None else {key: kept for key, kept in self._fleets.items() if key != fleet_id}
            self._fleets = others


def _known(fleet: Fleet) -> KnownFleet:
    strategies = {key: each for key, each in fleet.strategies.items() if isinstance(each, UpdateStrategy)}
    return KnownFleet(tuple(map(_without_cluster, fleet.members)), strategies)


def _without_cluster(member: Member) -> Member:
    is_read_again = member.cluster_id.type == CLUSTER_TYPE
    return replace(member, cluster=_NOT_READ) if is_read_again else member


_NOT_READ = Unknown("it was not read yet")
