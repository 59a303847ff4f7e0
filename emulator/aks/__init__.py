"""Azure Kubernetes Service: clusters, node pools, and what each region offers."""

from emulator.aks.cluster_json import cluster_json
from emulator.aks.events import new_version_events, pool_event
from emulator.aks.provider import AksProvider

__all__ = ["AksProvider", "cluster_json", "new_version_events", "pool_event"]
