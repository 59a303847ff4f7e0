"""The API versions of every call to Azure Resource Manager.

They are pinned, so that an update of an SDK changes no request. `docs/contributing.md` says how to move to another one.
"""

FLEET = "2026-06-01"
"""Of `Microsoft.ContainerService/fleets`, unless `AUTO_UPGRADE_FLEET_API_VERSION` says the other one."""

FLEET_PREVIEW = "2026-06-02-preview"
"""Of the same: it adds member selectors, scheduled start gates, tolerated failures and channel SecurityPatch."""

AKS = "2026-08-01"
"""Of `Microsoft.ContainerService/managedClusters`, and of the Kubernetes versions of a region."""

RESOURCE_GRAPH = "2021-03-01"
"""Of `Microsoft.ResourceGraph/resources`."""
