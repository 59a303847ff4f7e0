"""Credentials of clusters: kubeconfigs that name a cluster and hold no secret, since there is nothing to reach."""

from __future__ import annotations

import base64
import json
from typing import Final

from tools.emulator.aks import api_versions
from tools.emulator.aks.clusters import CLUSTER, Clusters
from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter
from tools.json_value import Json

_NAMES: Final = {"listClusterUserCredential": "clusterUser", "listClusterAdminCredential": "clusterAdmin"}


class Credentials:
    """The routes."""

    def __init__(self, clusters: Clusters) -> None:
        self._clusters = clusters

    def register(self, router: ArmRouter) -> None:
        """Add them."""
        for action in _NAMES:
            router.add("POST", f"{CLUSTER}/{action}", self._list, api_versions=api_versions.ALL)

    def _list(self, request: ArmRequest) -> ArmResponse:
        cluster = self._clusters.get(request)
        action = request.path.rpartition("/")[2].lower()
        name = next(each for known, each in _NAMES.items() if known.lower() == action)
        user = f"{name}_{cluster.resource_group}_{cluster.name}"
        kubeconfig = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster.name, "cluster": {"server": f"https://{cluster.name}.emulator.invalid:443"}}],
            "contexts": [{"name": cluster.name, "context": {"cluster": cluster.name, "user": user}}],
            "current-context": cluster.name,
            "users": [{"name": user, "user": {}}],
        }
        encoded = base64.b64encode(json.dumps(kubeconfig).encode()).decode()  # JSON is YAML, too
        body: dict[str, Json] = {"kubeconfigs": [{"name": name, "value": encoded}]}
        return ArmResponse(body=body)
