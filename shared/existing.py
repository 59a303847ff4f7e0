"""What exists in Azure, as one complete reading found it: what the ledger has besides may be obsolete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId


@dataclass(frozen=True, slots=True)
class Existing:
    """All fleets that the app manages, and what their regions offer; nothing of it failed to be read."""

    fleets: Mapping[ResourceId, Fleet]
    catalog: Catalog
