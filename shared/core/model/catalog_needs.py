"""What to read from Azure to know what the regions of some clusters offer.

All pools of a family in a region get the same newest image, so one pool for each region and family is read. A few
others are kept in reserve: a pool may be deleted before it is read. So are a few subscriptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage

POOLS_IN_RESERVE = 3
SUBSCRIPTIONS_IN_RESERVE = 2


@dataclass(frozen=True, slots=True)
class NodePoolReference:
    """A pool whose upgrade profile reports the newest image of its family."""

    cluster_id: ResourceId
    pool: str


@dataclass(frozen=True, slots=True)
class RegionNeeds:
    """What to read from one region."""

    subscription: str
    """A subscription with a cluster in the region; the versions are read for it."""
    families: Mapping[str, tuple[NodePoolReference, ...]]
    """Pools to read for each family's newest image, in order, until one succeeds."""
    other_subscriptions: tuple[str, ...] = ()
    """Others with a cluster in the region, in order: the first may be one where the app may not read the versions."""


def find_needs(clusters: Iterable[Cluster]) -> Mapping[str, RegionNeeds]:
    """What to read for the clusters, by region; running clusters come before stopped ones."""
    subscriptions: dict[str, dict[str, str]] = {}
    families: dict[str, dict[str, list[NodePoolReference]]] = {}
    for cluster in sorted(clusters, key=lambda cluster: (cluster.is_stopped, cluster.id.key)):
        subscription = cluster.id.subscription
        subscriptions.setdefault(cluster.region, {}).setdefault(subscription.lower(), subscription)
        in_region = families.setdefault(cluster.region, {})
        for pool in cluster.node_pools:
            if not isinstance(pool.image, NodeImage):
                continue
            references = in_region.setdefault(pool.image.family, [])
            if len(references) < POOLS_IN_RESERVE:
                references.append(NodePoolReference(cluster.id, pool.name))
    return {
        region: RegionNeeds(
            subscription=next(iter(named.values())),
            families={family: tuple(pools) for family, pools in families[region].items()},
            other_subscriptions=tuple(named.values())[1 : 1 + SUBSCRIPTIONS_IN_RESERVE],
        )
        for region, named in subscriptions.items()
    }
