"""Clusters outside AKS in Azure that can be members of a fleet, and that update runs do not support.

Fleet's FAQ and github.com/Azure/AKS issue 5813 name the types.
"""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.state import ConnectedCluster

CONNECTED_CLUSTERS: Final = {
    "connectedClusters": "Microsoft.Kubernetes/connectedClusters",
    "provisionedClusters": "Microsoft.HybridContainerService/provisionedClusters",
}
"""The resource types: Arc-enabled Kubernetes, and AKS on other platforms."""
_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/(?P<group>[^/]+)/providers/"
    rf"(?P<type>{'|'.join(map(re.escape, CONNECTED_CLUSTERS.values()))})/(?P<name>[^/]+)",
    re.IGNORECASE,
)


def is_connected_cluster(resource_id: str) -> bool:
    """Whether an id is that of such a cluster."""
    return _ID.fullmatch(resource_id) is not None


def connected_cluster(resource_id: str, region: str) -> ConnectedCluster | None:
    """The cluster with an id, in a region; None if the id is another resource's."""
    parts = _ID.fullmatch(resource_id)
    if parts is None:
        return None
    return ConnectedCluster(resource_id, parts["name"], parts["type"], parts["group"], region)
