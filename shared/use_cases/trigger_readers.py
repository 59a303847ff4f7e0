"""Reads what a trigger decides a profile on: fresh from ARM, but for what the evaluation before it has shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.capture import Capture
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown
from shared.ports import CatalogReader, Clock, FleetReader, KnownFleet, LedgerReader
from shared.threads import TracedThreads
from shared.use_cases.services import Services
from shared.use_cases.shared_catalogs import SharedCatalogs


@dataclass(frozen=True, slots=True)
class TriggerReaders:
    """Implements `shared.use_cases.decide_profile.Readers`, and `shared.ports.FleetReader` for it."""

    services: Services
    shared_catalogs: SharedCatalogs
    known: KnownFleet | None
    """What is not read again of the fleet."""

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.services.clock

    @property
    def fleets(self) -> FleetReader:
        """The fleet, beside what is shared of the catalogs."""
        return self

    @property
    def catalogs(self) -> CatalogReader:
        """What regions offer."""
        return self.shared_catalogs

    @property
    def ledger(self) -> LedgerReader:
        """What the ledger knows."""
        return self.services.ledger

    @property
    def policy_defaults(self) -> Mapping[str, str]:
        """Policies by key, as the app's settings have them."""
        return self.services.policy_defaults

    def read_fleet(self, profile_id: ResourceId, capture: Capture | None = None) -> tuple[Profile, Fleet]:
        """The profile and its fleet; see the port."""
        with TracedThreads(max_workers=1) as threads:
            threads.submit(self.shared_catalogs.recorded)  # if that fails, so does reading the catalogs afterwards
            return self.services.fleets.read_fleet(profile_id, capture, self.known)

    def read_maintenance_windows(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """See the port."""
        return self.services.fleets.read_maintenance_windows(cluster_ids, capture)
