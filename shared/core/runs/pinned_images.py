"""Pinned images: a follow-up uses the images of the run it follows, so that all clusters end up with the same ones.

Without this, a `Consistent` run weeks later would select newer images for the members that are caught up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import NodeImageSelection
from shared.core.model.unknown import Absent
from shared.core.model.update_run import UpdateRun
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.releases.soak import Soak
from shared.core.targets.node_images import find_node_images, is_too_old, regions_by_family

_SAME_IMAGES = frozenset({NodeImageSelection.CONSISTENT, NodeImageSelection.CUSTOM})


def pinned_images(
    original: UpdateRun, clusters: Sequence[Cluster], catalog: Catalog, soak: Soak
) -> tuple[NodeImage, ...] | Verdict:
    """The original's images, and today's for families that it did not have; empty if nothing is pinned.

    Nothing is pinned where each region takes its own images (`Latest`), where Fleet does not report what it selected
    or reports something that cannot be parsed, and where an image cannot be used: too old by now, withdrawn, or not
    offered yet in a region where it is needed.

    Args:
        original: the first run for the target.
        clusters: the clusters to catch up.
        catalog: what the regions offer.
        soak: for families that are new, and for the time.
    """
    known = [image for image in original.node_images if isinstance(image, NodeImage)]
    if original.node_image_selection not in _SAME_IMAGES or not known or len(known) < len(original.node_images):
        return ()
    if any(is_too_old(image, soak.now.date()) or _is_missing(image, clusters, catalog) for image in known):
        return ()
    families = {image.family for image in known}
    today = find_node_images(_with_other_families(clusters, families), catalog, soak)
    for sentence in today.unread.values():
        return Verdict(Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, sentence)
    return tuple(sorted([*known, *today.accepted], key=lambda image: image.family))


def _is_missing(image: NodeImage, clusters: Sequence[Cluster], catalog: Catalog) -> bool:
    """Whether a region where the clusters need the image offers none of its family, or only older ones."""
    regions = regions_by_family(clusters).get(image.family, frozenset())
    newest = [catalog.of(region).node_image(image.family) for region in regions]
    return any(
        isinstance(version, Absent) or (isinstance(version, NodeImageVersion) and version < image.version)
        for version in newest
    )


def _with_other_families(clusters: Sequence[Cluster], families: set[str]) -> Sequence[Cluster]:
    """The clusters with only the pools of families that the original did not have."""
    return [
        replace(
            cluster,
            node_pools=tuple(
                pool
                for pool in cluster.node_pools
                if isinstance(pool.image, NodeImage) and pool.image.family not in families
            ),
        )
        for cluster in clusters
    ]
