"""Clusters that are created, upgraded, changed and deleted."""

from __future__ import annotations

import base64
import json
from typing import cast

import pytest

from tests.tools.emulator.cluster_requests import BUSY, CLUSTERS, UBUNTU, ClusterLab, JsonObject, profile, refusal
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH
from tools.json_value import Json

NEW: JsonObject = {"agentPoolProfiles": [profile()]}
UNSUPPORTED = (
    "Managed cluster {} is on version {} which is not supported in this region. Please use [az aks get-versions] "
    "command to get the supported version list in this region. For more information, please check "
    "https://aka.ms/supported-version-list"
)


@pytest.fixture
def lab() -> ClusterLab:
    return ClusterLab()


def pools(**versions: str) -> list[Json]:
    """Pools in a request for a cluster, with the versions that they are to have."""
    return [{"name": name, "orchestratorVersion": version} for name, version in versions.items()]


def shown(lab: ClusterLab, name: str = "shop") -> JsonObject:
    return cast("JsonObject", lab.send("GET", name).json()["properties"])


def test_a_cluster_is_created_by_an_operation_and_shown_meanwhile(lab: ClusterLab) -> None:
    response = lab.put("mine", **NEW, kubernetesVersion="1.33.5")
    assert response.status_code == 201
    assert response.json()["id"] == CLUSTERS.replace("resourceGroups", "resourcegroups") + "/mine"
    assert "location" not in response.headers
    assert lab.status(response) == "InProgress"
    assert (shown(lab, "mine")["provisioningState"], shown(lab, "mine")["currentKubernetesVersion"]) == (
        "Creating",
        "1.33.5",
    )
    lab.pass_minutes(5)
    assert lab.status(response) == "Succeeded"
    assert shown(lab, "mine")["provisioningState"] == "Succeeded"
    [made] = lab.cluster("mine").pools
    assert (made.name, made.mode, made.count, made.vm_size) == ("nodepool1", "System", 3, "Standard_D8ds_v5")
    assert (made.kubernetes_version, made.image) == ("1.33.5", f"{UBUNTU}-202601.01.0")
    assert made.provisioning_state == "Succeeded"


@pytest.mark.parametrize(
    ("wanted", "requested", "current", "image"),
    [
        ({}, "1.34.3", "1.34.3", "AKSUbuntu-2204gen2containerd"),
        ({"kubernetesVersion": "1.33"}, "1.33", "1.33.5", "AKSUbuntu-2204gen2containerd"),
        ({"kubernetesVersion": "1.35"}, "1.35", "1.35.0", "AKSUbuntu-2404gen2containerd"),
    ],
    ids=["the default minor", "a minor's newest patch", "Ubuntu 24.04 from 1.35 on"],
)
def test_a_new_cluster_gets_the_version_that_it_asks_for(
    lab: ClusterLab, wanted: dict[str, Json], requested: str, current: str, image: str
) -> None:
    lab.put("mine", **NEW, **wanted)
    properties = shown(lab, "mine")
    assert (properties["kubernetesVersion"], properties["currentKubernetesVersion"]) == (requested, current)
    assert lab.pool("nodepool1", "mine").image == f"{image}-202601.01.0"


def test_settings_of_a_cluster_are_kept(lab: ClusterLab) -> None:
    body: Json = {
        "location": "East US",
        "tags": {"team": "shop"},
        "sku": {"name": "Automatic", "tier": "Premium"},
        "properties": {
            **NEW,
            "supportPlan": "AKSLongTermSupport",
            "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "SecurityPatch"},
            "nodeProvisioningProfile": {"mode": "Auto"},
        },
    }
    made = lab.send("PUT", "mine", body).json()
    assert (made["location"], made["tags"]) == ("eastus", {"team": "shop"})
    assert made["sku"] == {"name": "Automatic", "tier": "Premium"}
    properties = made["properties"]
    assert properties["supportPlan"] == "AKSLongTermSupport"
    assert properties["nodeProvisioningProfile"] == {"mode": "Auto"}
    assert properties["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "SecurityPatch"}


@pytest.mark.parametrize(
    ("properties", "code", "message"),
    [
        ({**NEW, "kubernetesVersion": "1.28"}, "K8sVersionNotSupported", UNSUPPORTED.format("mine", "1.28")),
        ({**NEW, "kubernetesVersion": "v1.34.3"}, "K8sVersionNotSupported", UNSUPPORTED.format("mine", "v1.34.3")),
        (
            {"agentPoolProfiles": [profile(mode="User")]},
            "InvalidParameter",
            "There has to be at least one system agent pool.",
        ),
        (
            {"agentPoolProfiles": [profile(osSKU="Mariner")]},
            "InvalidParameter",
            "OSSKU='Mariner' is invalid for OSType='Linux'.",
        ),
        (
            {"agentPoolProfiles": [profile(osSKU="Windows2025", osType="Windows")]},
            "InvalidParameter",
            "No node image of AKSWindows-2025-containerd-gen2 is offered in region 'westus2'.",
        ),
        (
            {"agentPoolProfiles": [profile("Pool-1")]},
            "InvalidParameter",
            "The node pool name 'Pool-1' must be 1 to 12 lower-case letters and digits, a letter first.",
        ),
        (
            {**NEW, "supportPlan": "None"},
            "InvalidParameter",
            "supportPlan 'None' must be one of KubernetesOfficial, AKSLongTermSupport.",
        ),
    ],
)
def test_a_cluster_that_cannot_be_is_refused_and_not_there(
    lab: ClusterLab, properties: dict[str, Json], code: str, message: str
) -> None:
    assert lab.refused("mine", **properties) == (400, code, message)
    assert [one.name for one in lab.estate.clusters.values()] == ["shop"]


def test_a_name_and_a_group_that_cannot_be_are_refused(lab: ClusterLab) -> None:
    assert lab.refused("mine-", **NEW)[:2] == (400, "InvalidParameter")
    elsewhere = CLUSTERS.replace("platform", "nowhere")
    body: Json = {"location": "westus2", "properties": NEW}
    response = lab.http.request("PUT", f"{elsewhere}/mine?{AKS}", json=body)
    assert refusal(response)[:2] == (404, "ResourceGroupNotFound")


def test_an_upgrade_takes_the_control_plane_first_and_then_one_pool_after_the_other(lab: ClusterLab) -> None:
    response = lab.put(kubernetesVersion="1.34.3", agentPoolProfiles=pools(system="1.34.3", web="1.34.3"))
    assert (shown(lab)["kubernetesVersion"], shown(lab)["currentKubernetesVersion"]) == ("1.34.3", "1.33.2")
    seen = []
    for minutes in (19, 1, 10, 9, 1):
        lab.pass_minutes(minutes)
        seen.append((lab.cluster().provisioning_state, lab.versions()))
    assert seen == [
        ("Upgrading", ["1.33.2", "1.33.2", "1.33.2"]),
        ("Upgrading", ["1.34.3", "1.33.2", "1.33.2"]),
        ("Upgrading", ["1.34.3", "1.34.3", "1.33.2"]),
        ("Upgrading", ["1.34.3", "1.34.3", "1.33.2"]),
        ("Succeeded", ["1.34.3", "1.34.3", "1.34.3"]),
    ]
    assert lab.status(response) == "Succeeded"
    assert lab.pool().image == f"{UBUNTU}-202601.01.0"
    entries = cast("list[JsonObject]", lab.control("GET", "/journal")["entries"])
    assert [(entry["from"], entry["to"]) for entry in entries if entry["kind"] == "clusterVersion"] == [
        ("1.33.2", "1.34.3")
    ]


def test_an_upgrade_of_the_control_plane_alone_leaves_the_pools(lab: ClusterLab) -> None:
    lab.put(kubernetesVersion="1.34", agentPoolProfiles=pools(system="1.33.2", web="1.33.2"))
    lab.pass_minutes(20)
    assert lab.versions() == ["1.34.3", "1.33.2", "1.33.2"]
    assert (lab.cluster().provisioning_state, shown(lab)["kubernetesVersion"]) == ("Succeeded", "1.34")


@pytest.mark.parametrize(("minutes", "control_plane"), [(10, "1.33.2"), (20, "1.34.3")])
def test_an_upgrade_that_something_else_ends_goes_no_further(lab: ClusterLab, minutes: int, control_plane: str) -> None:
    response = lab.put(kubernetesVersion="1.34.3", agentPoolProfiles=pools(system="1.34.3"))
    lab.pass_minutes(minutes)
    lab.control("PATCH", "/clusters", {"id": lab.cluster().id, "provisioningState": "Canceled"})
    lab.pass_minutes(40)
    assert (lab.versions(), lab.status(response)) == ([control_plane, "1.33.2", "1.33.2"], "Canceled")


def test_a_minor_that_was_asked_for_is_shown_while_the_cluster_has_a_patch_of_it(lab: ClusterLab) -> None:
    lab.put("mine", **NEW, kubernetesVersion="1.33")
    lab.pass_minutes(5)
    assert shown(lab, "mine")["kubernetesVersion"] == "1.33"
    lab.control("PATCH", "/clusters", {"id": lab.cluster("mine").id, "kubernetesVersion": "1.34.3"})
    assert shown(lab, "mine")["kubernetesVersion"] == "1.34.3"


@pytest.mark.parametrize(
    ("properties", "code", "message"),
    [
        (
            {"kubernetesVersion": "1.35.0"},
            "OperationNotAllowed",
            (
                "Upgrading Kubernetes version 1.33.2 to 1.35.0 is not allowed. Available upgrades: [1.34.3 1.34.1 "
                "1.33.5]. Please see https://aka.ms/aks-supported-k8s-ver for version details."
            ),
        ),
        (
            {"kubernetesVersion": "1.32.4"},
            "OperationNotAllowed",
            (
                "Upgrading Kubernetes version 1.33.2 to 1.32.4 is not allowed. Available upgrades: [1.34.3 1.34.1 "
                "1.33.5]. Please see https://aka.ms/aks-supported-k8s-ver for version details."
            ),
        ),
        ({"kubernetesVersion": "1.34.9"}, "K8sVersionNotSupported", UNSUPPORTED.format("shop", "1.34.9")),
        (
            {"agentPoolProfiles": pools(web="1.34.3")},
            "NodePoolMcVersionIncompatible",
            (
                "Node pool version 1.34.3 and control plane version 1.33.2 are incompatible. Minor version of node "
                "pool cannot be bigger than control plane's version. For more information, please check "
                "https://aka.ms/aks/UpgradeVersionRules"
            ),
        ),
        ({"agentPoolProfiles": pools(none="1.33.2")}, "InvalidParameter", "The cluster has no agent pool 'none'."),
    ],
)
def test_a_change_that_aks_does_not_make_is_refused(
    lab: ClusterLab, properties: dict[str, Json], code: str, message: str
) -> None:
    assert lab.refused(**properties) == (400, code, message)
    assert (lab.cluster().provisioning_state, lab.versions()) == ("Succeeded", ["1.33.2"] * 3)


def test_pools_too_far_below_the_new_control_plane_are_refused(lab: ClusterLab) -> None:
    lab.pool().kubernetes_version = "1.30.5"
    status, code, message = lab.refused(kubernetesVersion="1.34.3")
    assert (status, code) == (400, "NodePoolMcVersionIncompatible")
    assert "cannot be more than 3 versions less than control plane's version" in message


def test_a_change_of_settings_alone_updates_the_cluster_and_heals_one_that_has_failed(lab: ClusterLab) -> None:
    lab.cluster().provisioning_state = "Failed"
    lab.put(supportPlan="AKSLongTermSupport", agentPoolProfiles=[{"name": "web", "count": 5}])
    assert lab.cluster().provisioning_state == "Updating"
    lab.pass_minutes(2)
    assert (lab.cluster().provisioning_state, lab.cluster().support_plan) == ("Succeeded", "AKSLongTermSupport")
    assert lab.pool().count == 5


def test_one_operation_at_a_time_is_taken(lab: ClusterLab) -> None:
    lab.put(kubernetesVersion="1.34.3")
    busy = (409, "OperationNotAllowed", BUSY.format("Upgrading"))
    assert lab.refused() == busy
    assert refusal(lab.send("DELETE")) == busy
    assert refusal(lab.send("PATCH", body={"tags": {}})) == busy


def test_a_stopped_cluster_takes_nothing_but_start_and_deletion(lab: ClusterLab) -> None:
    lab.cluster().power_state = "Stopped"
    words = "Managed Cluster is in stopped state, no operations except for start are allowed."
    assert lab.refused(kubernetesVersion="1.34.3") == (400, "OperationNotAllowed", words)
    assert lab.send("DELETE").status_code == 202


def test_a_cluster_is_deleted_by_an_operation_and_its_member_stays(lab: ClusterLab) -> None:
    response = lab.send("DELETE")
    assert (response.status_code, response.content) == (202, b"")
    assert lab.cluster().provisioning_state == "Deleting"
    lab.pass_minutes(5)
    assert (lab.status(response), lab.http.get(response.headers["location"]).status_code) == ("Succeeded", 204)
    assert lab.send("GET").status_code == 404
    assert list(next(iter(lab.estate.fleets.values())).members) == ["shop"]
    assert lab.send("DELETE").status_code == 204


def test_the_tags_of_a_cluster_are_patched_and_stay_where_none_are_given(lab: ClusterLab) -> None:
    assert lab.send("PATCH", body={"tags": {"team": "shop"}}).json()["tags"] == {"team": "shop"}
    assert lab.send("PATCH", body={}).json()["tags"] == {"team": "shop"}


@pytest.mark.parametrize(("action", "name"), [("User", "clusterUser"), ("Admin", "clusterAdmin")])
def test_a_kubeconfig_names_the_cluster_and_leads_nowhere(lab: ClusterLab, action: str, name: str) -> None:
    [listed] = lab.send("POST", f"shop/listCluster{action}Credential").json()["kubeconfigs"]
    kubeconfig = json.loads(base64.b64decode(listed["value"]))
    assert listed["name"] == name
    assert kubeconfig["clusters"] == [{"name": "shop", "cluster": {"server": "https://shop.emulator.invalid:443"}}]
    assert kubeconfig["users"] == [{"name": f"{name}_platform_shop", "user": {}}]
    assert kubeconfig["current-context"] == "shop"


def test_a_deletion_in_a_group_that_does_not_exist_is_not_found(lab: ClusterLab) -> None:
    path = CLUSTERS.replace("platform", "nowhere")
    assert refusal(lab.http.request("DELETE", f"{path}/shop?{AKS}"))[:2] == (404, "ResourceGroupNotFound")
    assert lab.http.get(f"{SUBSCRIPTION_PATH}/resourceGroups/platform?api-version=2024-11-01").status_code == 200
