"""Which node image a consistent run may use: per family, the newest that every region with such a pool offers.

Only each region's newest image is known, so what all regions offer is the lowest of the newest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unknown
from shared.core.reasons import CandidateReason
from shared.core.releases.soak import Soak
from shared.core.targets.target import RejectedCandidate

MAXIMUM_IMAGE_AGE = timedelta(days=90)
"""AKS supports a node image for 90 days; an older one is no target."""


@dataclass(frozen=True, slots=True)
class NodeImageCandidates:
    """The images of all families, sorted by family: one accepted image of each at most."""

    accepted: tuple[NodeImage, ...]
    rejected: tuple[RejectedCandidate, ...] = ()
    """The images above the accepted one that some region offers, the highest of each family first."""
    too_old: tuple[NodeImage, ...] = ()
    """The images that would have been accepted if they were not older than 90 days."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """The families whose newest image could not be read in some region, each with a sentence."""

    @property
    def soaking(self) -> tuple[RejectedCandidate, ...]:
        """The images that every region offers and that are not accepted yet because of the soak."""
        return tuple(found for found in self.rejected if found.reason is CandidateReason.STILL_SOAKING)


def find_node_images(clusters: Iterable[Cluster], catalog: Catalog, soak: Soak) -> NodeImageCandidates:
    """Filter the images for the clusters' pools.

    A family has no candidate if its newest image could not be read in one of its regions. A region that has no image of
    it any more does not count: clusters with such a pool are skipped.
    """
    found: list[NodeImageCandidates] = []
    unread: dict[str, str] = {}
    for family, regions in sorted(regions_by_family(clusters).items()):
        offered = {region: catalog.of(region).node_image(family) for region in sorted(regions)}
        unknown = _unread(family, offered)
        if unknown is not None:
            unread[family] = unknown
            continue
        newest = {region: image for region, image in offered.items() if isinstance(image, NodeImageVersion)}
        if newest:
            found.append(_find_image(family, newest, soak))
    return NodeImageCandidates(
        accepted=tuple(image for family in found for image in family.accepted),
        rejected=tuple(rejection for family in found for rejection in family.rejected),
        too_old=tuple(image for family in found for image in family.too_old),
        unread=unread,
    )


def is_too_old(image: NodeImage, today: date) -> bool:
    """Whether AKS no longer supports the image."""
    return today - image.version.released > MAXIMUM_IMAGE_AGE


def regions_by_family(clusters: Iterable[Cluster]) -> Mapping[str, AbstractSet[str]]:
    """The regions with pools of each family."""
    regions: dict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for pool in cluster.node_pools:
            if isinstance(pool.image, NodeImage):
                regions[pool.image.family].add(cluster.region)
    return regions


def _unread(family: str, offered: Mapping[str, object]) -> str | None:
    for region, image in offered.items():
        if isinstance(image, Unknown):
            return f"The newest {family} image in {region} could not be read: {image.why}."
    return None


def _find_image(family: str, newest: Mapping[str, NodeImageVersion], soak: Soak) -> NodeImageCandidates:
    """The candidates of one family, given the newest version that each region offers."""
    common = NodeImage(family, min(newest.values()))
    above = sorted({version for version in newest.values() if version > common.version}, reverse=True)
    rejected = [_ahead(NodeImage(family, version), newest) for version in above]
    today = soak.now.date()
    if is_too_old(common, today):
        rejected.append(RejectedCandidate(common, CandidateReason.TOO_OLD))
        return NodeImageCandidates((), tuple(rejected), too_old=(common,))  # what has soaked is older still
    soaked = [soak.newest_soaked_image(region, NodeImage(family, version)) for region, version in newest.items()]
    usable = [version for version in soaked if version is not None]
    image = NodeImage(family, min(usable)) if len(usable) == len(newest) else None
    if image != common:
        until = max(
            soak.image_ready_at(region, common.version, NodeImage(family, version))
            for region, version in newest.items()
        )
        rejected.append(RejectedCandidate(common, CandidateReason.STILL_SOAKING, until=until))
    if image is None:
        return NodeImageCandidates((), tuple(rejected))
    if is_too_old(image, today):
        return NodeImageCandidates((), tuple(rejected), too_old=(image,))
    return NodeImageCandidates((image,), tuple(rejected))


def _ahead(image: NodeImage, newest: Mapping[str, NodeImageVersion]) -> RejectedCandidate:
    """An image that only some regions offer yet, as their newest."""
    behind = tuple(region for region, version in newest.items() if version < image.version)
    return RejectedCandidate(image, CandidateReason.NOT_IN_EVERY_REGION, behind)
