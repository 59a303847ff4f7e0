"""Requests beside the lab's fleet: other fleets, other api-versions, and the URLs of operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import httpx

from tests.tools.emulator_fleet.fleet_lab import API, FLEET, FleetLab, JsonObject
from tools.json_value import Json

GROUP, _, _ = FLEET.partition("/providers/")


def at_fleet(
    lab: FleetLab,
    method: str,
    name: str,
    body: Json = None,
    headers: Mapping[str, str] | None = None,
    group: str = "platform",
    api: str = API,
) -> httpx.Response:
    """The response to a request for any fleet of any group."""
    path = f"{GROUP.rpartition('/')[0]}/{group}/providers/Microsoft.ContainerService/fleets/{name}"
    return lab.http.request(method, f"{path}?{api}", json=body, headers=headers)


def properties(response: httpx.Response) -> JsonObject:
    """The properties in a response."""
    return cast("JsonObject", response.json()["properties"])


def end(lab: FleetLab, response: httpx.Response) -> None:
    """Poll an operation until it is done."""
    url = response.headers["azure-asyncoperation"]
    assert [lab.http.get(url).json()["status"] for _ in range(2)] == ["InProgress", "Succeeded"]


def a_cluster_id(lab: FleetLab) -> str:
    """The id of the first cluster."""
    return next(iter(lab.estate.clusters.values())).id


def put_fleet(lab: FleetLab, name: str = "new", **more: Json) -> httpx.Response:
    """Create a fleet and wait for it; the first response."""
    response = at_fleet(lab, "PUT", name, {"location": "eastus", **more})
    assert response.status_code == 201, response.text
    end(lab, response)
    return response


HUB: JsonObject = {"hubProfile": {"dnsPrefix": "shop", "agentProfile": {"vmSize": "Standard_D2s_v5"}}}
