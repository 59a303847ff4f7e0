"""The CLI extension's scenario tests, request by request: with a hub, and with identities.

Shapes are those of its `test_fleet_hubful` and `test_fleet_identities` and of the commands' source
(Azure/azure-cli-extensions, src/fleet). `extension_session.py` has `test_fleet_hubless`, and the tests of meshes have
`test_fleet_cluster_mesh`. Omitted are networks and identities themselves, which the emulator does not have.
"""

from __future__ import annotations

import base64
import json
from typing import Final, cast

import httpx
import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab, JsonObject
from tests.tools.emulator_rules.azure import a_cluster_id, at_fleet, end, properties
from tools.json_value import Json

VERSIONS: Final = ("api-version=2025-08-01-preview", "api-version=2026-06-01", "api-version=2026-06-02-preview")
IDENTITY: Final = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flid"
HUB: Final[JsonObject] = {
    "agentProfile": {"vmSize": "standard_dc4as_cc_v5"},
    "apiServerAccessProfile": {"enablePrivateCluster": False, "enableVnetIntegration": False},
}


@pytest.fixture
def lab() -> FleetLab:
    return FleetLab("one")


def create(lab: FleetLab, api: str, **more: Json) -> httpx.Response:
    """`fleet create`, polled to its end, and read as `fleet wait` does."""
    body: JsonObject = {"location": "eastus", "identity": {"type": "None"}, **more}
    created = at_fleet(lab, "PUT", "fl", body, api=api)
    assert (created.status_code, properties(created)["provisioningState"]) == (201, "Creating")
    end(lab, created)
    return at_fleet(lab, "GET", "fl", api=api)


@pytest.mark.parametrize("api", VERSIONS)
def test_a_fleet_with_a_hub_gives_credentials_and_has_namespaces(lab: FleetLab, api: str) -> None:
    hub = cast("JsonObject", properties(create(lab, api, properties={"hubProfile": HUB}))["hubProfile"])
    assert {key: hub[key] for key in HUB} == HUB
    [kubeconfig] = at_fleet(lab, "POST", "fl/listCredentials", api=api).json()["kubeconfigs"]
    [user] = json.loads(base64.b64decode(kubeconfig["value"]))["users"]
    assert "exec" in user["user"]

    member: JsonObject = {"clusterResourceId": a_cluster_id(lab), "group": "group1"}
    lab.send("DELETE", "/members/one")
    joined = at_fleet(lab, "PUT", "fl/members/flmc", {"properties": member}, api=api)
    assert joined.status_code == 201
    end(lab, joined)
    assert at_fleet(lab, "GET", "fl/members/flmc", api=api).json()["name"] == "flmc"

    made = at_fleet(lab, "PUT", "fl/managedNamespaces/flns", namespace({"team": "a"}), api=api)
    assert made.status_code == 201
    end(lab, made)
    shown = properties(at_fleet(lab, "GET", "fl/managedNamespaces/flns", api=api))
    assert labels(shown) == {"team": "a"}
    relabeled = at_fleet(lab, "PUT", "fl/managedNamespaces/flns", namespace({"env": "test"}), api=api)
    assert (relabeled.status_code, labels(properties(relabeled))) == (200, {"env": "test"})
    end(lab, relabeled)
    for path in ("fl/managedNamespaces/flns", "fl/members/flmc", "fl"):
        deleted = at_fleet(lab, "DELETE", path, api=api)
        assert deleted.status_code == 202
        end(lab, deleted)
    assert at_fleet(lab, "GET", "fl", api=api).status_code == 404


def namespace(labels: JsonObject) -> JsonObject:
    """What `fleet namespace create` sends."""
    placement: JsonObject = {"policy": {"placementType": "PickFixed", "clusterNames": ["flmc"]}}
    return {
        "location": "eastus",
        "properties": {
            "adoptionPolicy": "Always",
            "deletePolicy": "Delete",
            "managedNamespaceProperties": {"labels": labels},
            "propagationPolicy": {
                "type": "Placement",
                "placementProfile": {"defaultClusterResourcePlacement": placement},
            },
        },
    }


def labels(shown: JsonObject) -> Json:
    return cast("JsonObject", shown["managedNamespaceProperties"])["labels"]


@pytest.mark.parametrize("api", VERSIONS[1:])
def test_identities_are_assigned_and_removed(lab: FleetLab, api: str) -> None:
    assert create(lab, api).json()["identity"] == {"type": "None"}
    users: JsonObject = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    assigned = patch(lab, api, users)
    assert assigned["type"] == "UserAssigned"
    assert cast("JsonObject", assigned["userAssignedIdentities"])[IDENTITY]
    assert patch(lab, api, {"type": "None"}) == {"type": "None"}
    system = patch(lab, api, {"type": "SystemAssigned"})
    assert (system["type"], system["tenantId"]) == ("SystemAssigned", lab.estate.tenant)
    assert patch(lab, api, {"type": "None"}) == {"type": "None"}


def patch(lab: FleetLab, api: str, identity: JsonObject) -> JsonObject:
    """The identity that `fleet show` has after a change."""
    assert at_fleet(lab, "PATCH", "fl", {"identity": identity}, api=api).status_code == 200
    return cast("JsonObject", at_fleet(lab, "GET", "fl", api=api).json()["identity"])
