"""Removes what the ledger has of things that no longer exist, after a complete reading of Azure."""

from __future__ import annotations

from datetime import datetime

from shared import telemetry
from shared.core.model.catalog import Catalog
from shared.errors import FleetAutoUpgradeError
from shared.existing import Existing
from shared.ports import Estate
from shared.use_cases.services import Services


def remove_obsolete(services: Services, estate: Estate, catalog: Catalog, now: datetime) -> None:
    """Remove the rows; nothing if a part of the estate could not be read. A failure is reported, and stops nothing."""
    if estate.unreadable:
        return
    existing = Existing({fleet.id: fleet for fleet in estate.fleets}, catalog)
    try:
        services.ledger.remove_obsolete(existing, now)
    except FleetAutoUpgradeError as error:
        telemetry.failed("Removing obsolete rows of the ledger", error)
