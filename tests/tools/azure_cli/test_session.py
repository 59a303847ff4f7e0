"""A day's session with the stock CLI and no extension: `az group`, `az aks`, `az tag`, `az rest`."""

from __future__ import annotations

import json

from tests.tools.azure_cli.conftest import AzureCli
from tests.tools.azure_cli.test_az import FLEET_VERSION, SUBSCRIPTION
from tools.json_value import Json, JsonObject

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/session"
FLEET = f"{GROUP}/providers/Microsoft.ContainerService/fleets/own"
CLUSTER = ("--resource-group", "session", "--name", "shop")


def rest(az: AzureCli, method: str, path: str, body: Json = None, query: str = "properties.provisioningState") -> Json:
    """What `az rest` reads from a response."""
    more = () if body is None else ("--body", json.dumps(body))
    url = f"{FLEET}{path}?api-version={FLEET_VERSION}"
    return az.json("rest", "--method", method, "--url", url, *more, "--query", query)


def test_a_fleet_of_ones_own_from_the_group_to_the_run_and_back(az: AzureCli) -> None:
    assert az.json("group", "create", "--name", "session", "--location", "westus2", "--query", "name") == "session"
    missing = az.run("rest", "--method", "get", "--url", f"{FLEET}?api-version={FLEET_VERSION}")
    assert "ResourceNotFound" in missing.stderr
    assert rest(az, "put", "", {"location": "westus2"}) == "Creating"
    created = az.run("aks", "create", *CLUSTER, "--no-ssh-key", "--kubernetes-version", "1.30.5", "--no-wait")
    assert created.returncode == 0, created.stderr
    assert az.up.dev("time", "--to", "2025-06-02T01:00Z").returncode == 0
    shown = az.json("aks", "show", *CLUSTER, "--query", "{id: id, state: provisioningState, etag: eTag}")
    assert isinstance(shown, dict)
    assert shown["state"] == "Succeeded"

    member: JsonObject = {"clusterResourceId": shown["id"], "group": "all", "labels": {"env": "test"}}
    assert rest(az, "put", "/members/shop", {"properties": member}) == "Joining"
    profile: Json = {"properties": {"channel": "Stable", "disabled": True}}
    assert rest(az, "put", "/autoUpgradeProfiles/stable", profile) == "Succeeded"
    update: Json = {"upgrade": {"type": "Full", "kubernetesVersion": "1.30.6"}}
    assert rest(az, "put", "/updateRuns/now", {"properties": {"managedClusterUpdate": update}}) == "Succeeded"

    tagged = ("tag", "update", "--resource-id", FLEET, "--operation", "Merge", "--tags", "auto-upgrade.soak=P2D")
    assert az.json(*tagged, "--query", "properties.tags") == {"auto-upgrade.soak": "P2D"}
    names = az.json("tag", "list", "--query", "[].tagName")
    assert isinstance(names, list)
    assert "auto-upgrade.soak" in names

    stale = az.run("aks", "stop", *CLUSTER, "--no-wait")
    assert stale.returncode == 0, stale.stderr
    bad, url = json.dumps({"properties": {**member, "group": ""}}), f"{FLEET}/members/shop?api-version={FLEET_VERSION}"
    refused = az.run("rest", "--method", "put", "--url", url, "--body", bad)
    assert "properties.group" in refused.stderr
    conditional = ("--if-match", "5e5ffdce-356b-431b-b050-81b45eef2a12")
    assert "PreconditionFailed" in az.run("aks", "delete", *CLUSTER, "--yes", "--no-wait", *conditional).stderr
    assert az.run("group", "delete", "--name", "session", "--yes", "--no-wait").returncode == 0
    assert az.up.dev("time", "--to", "2025-06-02T03:00Z").returncode == 0
    assert az.json("group", "exists", "--name", "session") is False
