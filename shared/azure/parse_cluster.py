"""Managed clusters: Resource Graph rows and ARM bodies have the same properties.

`kubernetesVersion` and `orchestratorVersion` are what was asked for, and may be an alias such as `1.33`; the
`current…` ones are what runs.
"""

from __future__ import annotations

from shared.azure.json_value import JsonObject, object_at, objects_at, text_at
from shared.azure.parse_values import to_enum, to_image, to_version
from shared.core.catalog import SupportPlan
from shared.core.fleet import Cluster, NodePool
from shared.core.region import normalize_region
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unparsed


def parse_cluster(content: JsonObject) -> Cluster:
    """A cluster.

    Raises:
        InvalidInputError: it has no id.
    """
    properties = object_at(content, "properties")
    return Cluster(
        id=ResourceId.parse(text_at(content, "id") or "", "cluster id"),
        region=normalize_region(text_at(content, "location") or ""),
        kubernetes_version=to_version(text_at(properties, "currentKubernetesVersion")) or Unparsed(""),
        support_plan=to_enum(SupportPlan, text_at(properties, "supportPlan") or SupportPlan.KUBERNETES_OFFICIAL),
        is_stopped=(text_at(properties, "powerState", "code") or "").casefold() == "stopped",
        node_pools=tuple(_parse_pool(pool) for pool in objects_at(properties, "agentPoolProfiles")),
    )


def _parse_pool(pool: JsonObject) -> NodePool:
    return NodePool(
        name=text_at(pool, "name") or "",
        kubernetes_version=to_version(text_at(pool, "currentOrchestratorVersion")),
        image=to_image(text_at(pool, "nodeImageVersion")),
    )
