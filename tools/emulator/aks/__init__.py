"""Azure Kubernetes Service: clusters, node pools, and what each region offers."""

from tools.emulator.aks.cluster_json import cluster_json
from tools.emulator.aks.events import new_version_events, pool_event
from tools.emulator.aks.provider import AksProvider

__all__ = ["AksProvider", "cluster_json", "new_version_events", "pool_event"]
