"""The events that Azure's services publish to Event Grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tools.emulator.aks import new_version_events, pool_event
from tools.emulator.clock import SimulatedClock
from tools.emulator.event_grid import EventGrid
from tools.emulator.fleet.gate_events import gate_event
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate, FleetResource, ManagedCluster
from tools.emulator.update_runs.engine import UpdateRunEngine

AKS: Final = "aks"
"""The Event Grid source of what AKS publishes about clusters."""
GATES: Final = "gates"
"""The Event Grid source of what Azure Resource Notifications publishes about gates of fleets."""


class Announcements:
    """Publishes events of AKS and of Fleet as they come about."""

    def __init__(self, event_grid: EventGrid, estate: Estate, offers: RegionOffers, clock: SimulatedClock) -> None:
        self._event_grid = event_grid
        self._estate = estate
        self._offers = offers
        self._clock = clock

    def listen_to(self, engine: UpdateRunEngine) -> None:
        """Announce new versions from now on, and what this engine does to gates and node pools."""
        self._offers.listeners.append(self._new_versions)
        engine.gates.on_change = self._gate
        engine.upgrades.on_pool = self._pool

    def _new_versions(self, region: str, versions: Sequence[str], _: Sequence[str]) -> None:
        events = new_version_events(self._estate, self._offers, region, self._clock.now()) if versions else []
        if events:
            self._event_grid.publish(AKS, events)

    def _gate(self, change: str, gate: FleetResource) -> None:
        self._event_grid.publish(GATES, [gate_event(change, gate, self._clock.now())])

    def _pool(self, what: str, cluster: ManagedCluster, pool: str) -> None:
        self._event_grid.publish(AKS, [pool_event(cluster, what, pool, self._clock.now())])
