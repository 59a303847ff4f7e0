"""The ports a use case works with, handed to it as one value."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ports import CatalogReader, Clock, EstateReader, EventPublisher, FleetStore, Ledger, ReleaseTracker


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the use cases need from the world."""

    clock: Clock
    estate: EstateReader
    fleets: FleetStore
    catalogs: CatalogReader
    ledger: Ledger
    events: EventPublisher
    tracker: ReleaseTracker
