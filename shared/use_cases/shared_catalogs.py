"""Shares what an evaluation read of the regions with the profiles that it found due, on any instance.

Without it, each profile would read each catalog again. The evaluation itself always reads fresh, and a release causes
an evaluation: a catalog from the ledger is never older than the release that made a profile due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.capture import Capture
from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.unknown import Unknown
from shared.use_cases.services import Services

SHARED_FOR = timedelta(hours=1)
"""From when they were read; all due profiles of 100,000 clusters are acted on within that time.

It is safe: a new release causes an evaluation, which replaces what is shared. AKS retires versions weeks after it says
so, and supports a node image for 90 days. If AKS withdraws one within the hour, the upgrades to it fail, and the next
evaluation, which reads fresh, decides again.
"""


@dataclass(slots=True)
class SharedCatalogs:
    """Implements `shared.ports.CatalogReader`: what the ledger does not have, or has for too long, is read."""

    services: Services
    _recorded: Catalog | None = None

    def read(self, needs: Mapping[str, RegionNeeds], capture: Capture | None = None) -> Catalog:
        """What the regions offer. What is read here is not recorded: only an evaluation shares."""
        recorded = self.recorded().regions
        lacking = {region: _lacking(each, recorded.get(region)) for region, each in needs.items()}
        missing = {region: each for region, each in lacking.items() if each is not None}
        if not missing:
            return Catalog({region: recorded[region] for region in needs})
        fresh = self.services.catalogs.read(missing, capture)
        shared = {region: recorded[region] for region in needs if region in recorded}
        merged = {region: _merged(each, fresh.regions.get(region)) for region, each in shared.items()}
        return Catalog({**fresh.regions, **merged})

    def recorded(self) -> Catalog:
        """What the ledger has, read once: it can be read before the needs are known."""
        if self._recorded is None:
            self._recorded = self.services.ledger.catalog_read_since(self.services.clock.now() - SHARED_FOR)
        return self._recorded


def _lacking(needs: RegionNeeds, recorded: RegionCatalog | None) -> RegionNeeds | None:
    """What is not recorded; None if everything is. The versions are read with any family: they are one request."""
    if recorded is None:
        return needs
    families = {family: pools for family, pools in needs.families.items() if family not in recorded.node_images}
    return replace(needs, families=families) if families else None


def _merged(recorded: RegionCatalog, fresh: RegionCatalog | None) -> RegionCatalog:
    if fresh is None:
        return recorded
    kubernetes = recorded.kubernetes if isinstance(fresh.kubernetes, Unknown) else fresh.kubernetes
    return RegionCatalog(fresh.region, kubernetes, {**recorded.node_images, **fresh.node_images})
