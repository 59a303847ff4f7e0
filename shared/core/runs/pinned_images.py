"""The images a follow-up is pinned to: those of the run it follows, so that a cluster caught up late equals the others.

Without this, a `Consistent` run made weeks later would pick newer images for the late ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import NodeImageSelection
from shared.core.model.update_run import UpdateRun
from shared.core.reasons import Verdict
from shared.core.releases.soak import Soak
from shared.core.targets.node_images import find_node_images, is_too_old, regions_by_family

_PICKING = frozenset({NodeImageSelection.CONSISTENT, NodeImageSelection.CUSTOM})


def pinned_images(
    original: UpdateRun, clusters: Sequence[Cluster], catalog: Catalog, soak: Soak
) -> tuple[NodeImage, ...] | Verdict:
    """The original's images, and today's for families that it did not know; none if there is nothing to pin.

    Nothing is pinned where each region takes its own images (`Latest`), where Fleet did not say what it picked or said
    something we cannot parse, and where an image cannot be used: too old by now, withdrawn, or not there yet in a
    region where it is needed.

    Args:
        original: the first run for the target.
        clusters: those that are to be caught up.
        catalog: what the regions offer.
        soak: for families that are new, and for the time.
    """
    known = [image for image in original.node_images if isinstance(image, NodeImage)]
    if original.node_image_selection not in _PICKING or not known or len(known) < len(original.node_images):
        return ()
    if any(is_too_old(image, soak.now.date()) or _is_missing(image, clusters, catalog) for image in known):
        return ()
    families = {image.family for image in known}
    today = find_node_images(_with_other_families(clusters, families), catalog, soak)
    if isinstance(today, Verdict):
        return today
    return tuple(sorted([*known, *today.accepted], key=lambda image: image.family))


def _is_missing(image: NodeImage, clusters: Sequence[Cluster], catalog: Catalog) -> bool:
    """Whether a region where the clusters need the image offers nothing but older ones."""
    regions = regions_by_family(clusters).get(image.family, frozenset())
    newest = (catalog.of(region).node_image(image.family) for region in regions)
    return any(isinstance(version, NodeImageVersion) and version < image.version for version in newest)


def _with_other_families(clusters: Sequence[Cluster], families: set[str]) -> Sequence[Cluster]:
    """The clusters with nothing but the pools of families that the original did not know."""
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
