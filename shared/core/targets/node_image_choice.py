"""Which node image a consistent run may use: per family, the newest that every region with such a pool offers.

Only each region's newest image is known, so what all of them offer is the lowest of the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unknown
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.releases.soak import Soak

MAXIMUM_IMAGE_AGE = timedelta(days=90)
"""AKS supports a node image for 90 days; an older one is no target."""


@dataclass(frozen=True, slots=True)
class NodeImageChoice:
    """The chosen image of each family, sorted by family, and what else would have been chosen."""

    images: tuple[NodeImage, ...]
    too_old: tuple[NodeImage, ...] = ()
    """Not chosen, because it is older than 90 days."""
    soaking: tuple[NodeImage, ...] = ()
    """Not chosen yet, because of the soak; an older image of the family may have been."""

    @property
    def differs_from_fleets(self) -> bool:
        """Whether Fleet, which knows no soak, would pick other images: then the run has to name them."""
        return bool(self.soaking)


def choose_node_images(clusters: Iterable[Cluster], catalog: Catalog, soak: Soak) -> NodeImageChoice | Verdict:
    """The images for the clusters' pools; refused if a region could not say what it offers for a family there."""
    chosen: list[NodeImage] = []
    too_old: list[NodeImage] = []
    soaking: list[NodeImage] = []
    for family, regions in sorted(regions_by_family(clusters).items()):
        newest = _newest_by_region(family, sorted(regions), catalog)
        if isinstance(newest, Verdict):
            return newest
        common = NodeImage(family, min(newest.values()))
        if is_too_old(common, soak.now.date()):
            too_old.append(common)  # and so is whatever else has soaked
            continue
        in_regions = (
            soak.newest_soaked_image(region, NodeImage(family, version)) for region, version in newest.items()
        )
        soaked = [version for version in in_regions if version is not None]
        if len(soaked) < len(newest):
            soaking.append(common)
            continue
        image = NodeImage(family, min(soaked))
        if image != common:
            soaking.append(common)
        (too_old if is_too_old(image, soak.now.date()) else chosen).append(image)
    return NodeImageChoice(tuple(chosen), tuple(too_old), tuple(soaking))


def is_too_old(image: NodeImage, today: date) -> bool:
    """Whether AKS supports the image no longer."""
    return today - image.version.released > MAXIMUM_IMAGE_AGE


def regions_by_family(clusters: Iterable[Cluster]) -> Mapping[str, AbstractSet[str]]:
    """The regions where pools of each family stand."""
    regions: dict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for pool in cluster.node_pools:
            if isinstance(pool.image, NodeImage):
                regions[pool.image.family].add(cluster.region)
    return regions


def _newest_by_region(family: str, regions: list[str], catalog: Catalog) -> dict[str, NodeImageVersion] | Verdict:
    newest: dict[str, NodeImageVersion] = {}
    for region in regions:
        offered = catalog.of(region).node_image(family)
        if isinstance(offered, Unknown):
            return Verdict(
                Outcome.BLOCKED,
                Reason.CATALOG_UNKNOWN,
                f"The newest {family} image in {region} could not be read: {offered.why}.",
            )
        newest[region] = offered
    return newest
