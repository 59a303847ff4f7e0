"""Which node image a consistent run may use: per family, the newest that every region with such a pool offers.

Only each region's newest image is known, so what all of them offer is the lowest of the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.catalog import Catalog
from shared.core.decision import Verdict
from shared.core.fleet import Cluster
from shared.core.node_image import NodeImage, NodeImageVersion
from shared.core.reason import Outcome, Reason
from shared.core.unknown import Unknown

MAXIMUM_IMAGE_AGE = timedelta(days=90)
"""AKS supports a node image for 90 days; an older one is no target."""


@dataclass(frozen=True, slots=True)
class NodeImageChoice:
    """The chosen image of each family, sorted by family."""

    images: tuple[NodeImage, ...]
    too_old: tuple[NodeImage, ...]
    """What would have been chosen, were it not older than 90 days."""


def choose_node_images(clusters: Iterable[Cluster], catalog: Catalog, now: datetime) -> NodeImageChoice | Verdict:
    """The images for the clusters' pools; refused if a region could not say what it offers for a family there."""
    chosen: list[NodeImage] = []
    too_old: list[NodeImage] = []
    for family, regions in sorted(_regions_by_family(clusters).items()):
        common = _newest_in_all(family, sorted(regions), catalog)
        if isinstance(common, Verdict):
            return common
        is_too_old = now.date() - common.released > MAXIMUM_IMAGE_AGE
        (too_old if is_too_old else chosen).append(NodeImage(family, common))
    return NodeImageChoice(tuple(chosen), tuple(too_old))


def _regions_by_family(clusters: Iterable[Cluster]) -> dict[str, set[str]]:
    regions: dict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for pool in cluster.node_pools:
            if isinstance(pool.image, NodeImage):
                regions[pool.image.family].add(cluster.region)
    return regions


def _newest_in_all(family: str, regions: list[str], catalog: Catalog) -> NodeImageVersion | Verdict:
    offered: list[NodeImageVersion] = []
    for region in regions:
        newest = catalog.of(region).node_image(family)
        if isinstance(newest, Unknown):
            return Verdict(
                Outcome.BLOCKED,
                Reason.CATALOG_UNKNOWN,
                f"The newest {family} image in {region} could not be read: {newest.why}.",
            )
        offered.append(newest)
    return min(offered)
