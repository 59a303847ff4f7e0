"""Requests for clusters and node pools, and a lab whose regions offer a few versions and images."""

from __future__ import annotations

from datetime import timedelta

import httpx

from tests.tools.emulator.builders import UBUNTU, fleet, member, pool, world
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tests.tools.releases.builders import MONDAY, image, minor, patch, timeline
from tools.emulator.state import AgentPool, ManagedCluster
from tools.json_value import Json

CLUSTERS = f"{SUBSCRIPTION_PATH}/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters"
VERSIONS = ("1.32.4", "1.33.2", "1.33.5", "1.34.1", "1.34.3", "1.35.0")
LONG_AGO = MONDAY - timedelta(days=30)
BUSY = (
    "Operation is not allowed: Another operation ({}) is in progress, please wait for it to finish before starting a "
    "new operation. See https://aka.ms/aks-pending-operation for more details"
)

JsonObject = dict[str, Json]


def profile(name: str = "nodepool1", **more: Json) -> JsonObject:
    """A pool in a request, as the Azure CLI describes it."""
    return {"name": name, "mode": "System", "count": 3, "osType": "Linux", "vmSize": "Standard_D8ds_v5", **more}


class ClusterLab(Lab):
    """One cluster, `shop`, on 1.33.2 with the pools `system` and `web`."""

    def __init__(self) -> None:
        pools: list[Json] = [pool(), pool("web", mode="User")]
        minors = (minor("minor_ga", f"1.{number}", LONG_AGO) for number in range(32, 36))
        patches = (patch(version, LONG_AGO) for version in VERSIONS)
        images = (image(family, "202601.01.0", LONG_AGO) for family in ("AKSUbuntu-2204", "AKSUbuntu-2404"))
        shop = member("shop", kubernetesVersion="1.33.2", nodeImage="202512.01.0")
        super().__init__(world(fleet("retail", {**shop, "pools": pools})), timeline(*minors, *patches, *images))

    def send(self, method: str, path: str = "shop", body: Json = None) -> httpx.Response:
        """The response to a request below the clusters."""
        return self.http.request(method, f"{CLUSTERS}/{path}?{AKS}", json=body)

    def put(self, path: str = "shop", /, **properties: Json) -> httpx.Response:
        """Write a cluster in westus2, or a pool, which must be accepted."""
        response = self.send("PUT", path, {"location": "westus2", "properties": {**properties}})
        assert response.is_success, response.text
        return response

    def refused(self, path: str = "shop", /, **properties: Json) -> tuple[int, str, str]:
        """Status, code and message of the refusal of a write."""
        response = self.send("PUT", path, {"location": "westus2", "properties": {**properties}})
        return refusal(response)

    def cluster(self, name: str = "shop") -> ManagedCluster:
        return next(one for one in self.estate.clusters.values() if one.name == name)

    def pool(self, name: str = "web", cluster: str = "shop") -> AgentPool:
        return next(one for one in self.cluster(cluster).pools if one.name == name)

    def versions(self) -> list[str]:
        """Of the control plane, then of the pools."""
        return [self.cluster().kubernetes_version, *(one.kubernetes_version for one in self.cluster().pools)]

    def pass_minutes(self, minutes: float) -> None:
        self.clock.advance(self.clock.now() + timedelta(minutes=minutes))

    def status(self, response: httpx.Response) -> str:
        """Of the operation that a response began."""
        return str(self.http.get(response.headers["azure-asyncoperation"]).json()["status"])


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message, in the flat form of AKS or in ARM's."""
    body = response.json()
    error = body.get("error", body)
    return response.status_code, error["code"], error["message"]


__all__ = ["BUSY", "CLUSTERS", "UBUNTU", "ClusterLab", "JsonObject", "profile", "refusal"]
