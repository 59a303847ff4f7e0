"""AKS on the wire."""

from __future__ import annotations

import json

import pytest

from tests.tools.emulator.builders import MONDAY, SUBSCRIPTION, at, fleet, member, pool, world
from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tests.tools.releases.builders import image, minor, patch, timeline
from tools.emulator.aks import new_version_events
from tools.json_value import Json
from tools.releases import Fact

LOCATION = "/providers/Microsoft.ContainerService/locations"
CLUSTER = "/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
PREVIEW = "api-version=2025-10-02-preview"
ID = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"


def lab_with(*facts: Fact, **more: Json) -> Lab:
    return Lab(world(fleet("retail", {**member("shop"), **more})), timeline(*facts))


def versions_by_minor(lab: Lab, region: str = "westus2") -> dict[Json, dict[str, Json]]:
    values = lab.get(f"{LOCATION}/{region}/kubernetesVersions")["values"]
    assert isinstance(values, list)
    return {value["version"]: value for value in values if isinstance(value, dict)}


def test_a_region_lists_its_minors_with_plans_and_the_upgrades_of_each_patch() -> None:
    lab = lab_with(patch("1.31.1"), minor("minor_lts", "1.31"))
    lab.clock.advance(at(6))
    found = versions_by_minor(lab)
    assert set(found) == {"1.29", "1.30", "1.31"}
    assert found["1.31"] == {
        "version": "1.31",
        "capabilities": {"supportPlan": ["KubernetesOfficial", "AKSLongTermSupport"]},
        "patchVersions": {"1.31.1": {"upgrades": []}},
    }
    assert found["1.30"]["isDefault"] is True
    assert found["1.30"]["patchVersions"] == {
        "1.30.4": {"upgrades": ["1.30.5", "1.31.1"]},
        "1.30.5": {"upgrades": ["1.31.1"]},
    }


def test_the_response_changes_with_the_offer_and_only_where_it_has_arrived() -> None:
    lab = lab_with(patch("1.31.1", at(6)))
    assert "1.31" not in versions_by_minor(lab)
    lab.clock.advance(at(6))
    assert "1.31" in versions_by_minor(lab)
    assert "1.31" not in versions_by_minor(lab, "eastus")


def test_a_preview_is_marked_and_never_the_default() -> None:
    lab = lab_with(minor("minor_preview", "1.32"), patch("1.32.0"))
    found = versions_by_minor(lab)
    assert found["1.32"]["isPreview"] is True
    assert [name for name, value in found.items() if "isDefault" in value] == ["1.29"]


def test_a_region_that_does_not_exist_is_refused() -> None:
    lab = lab_with()
    response = lab.http.get(f"{SUBSCRIPTION_PATH}{LOCATION}/mars/kubernetesVersions?api-version=2026-08-01")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "LocationNotAvailableForResourceType")


def test_node_images_are_listed_in_previews_only() -> None:
    lab = lab_with(image("AKSUbuntu-2204", "202601.01.0"))
    path = f"{SUBSCRIPTION_PATH}{LOCATION}/westus2/nodeImageVersions"
    assert lab.http.get(f"{path}?api-version=2026-08-01").status_code == 400
    listed = lab.http.get(f"{path}?{PREVIEW}").json()["value"]
    assert {
        "fullName": "AKSUbuntu-2204gen2containerd-202601.01.0",
        "os": "AKSUbuntu",
        "sku": "2204gen2containerd",
        "version": "202601.01.0",
    } in listed
    assert {
        "fullName": "AKSWindows-2022-containerd-20348.2762.241009",
        "os": "AKSWindows",
        "sku": "windows-2022-containerd",
        "version": "20348.2762.241009",
    } in listed
    assert sum(item["fullName"].startswith("AKSUbuntu-2204gen2containerd-") for item in listed) == 2
    assert lab.http.get(f"{path}?api-version=2024-04-02-preview").json() == {"values": listed}


def test_a_cluster_shows_its_real_version_and_its_pools() -> None:
    body = lab_with(powerState="Stopped").get(CLUSTER)
    properties = body["properties"]
    assert isinstance(properties, dict)
    assert (body["id"], body["type"]) == (ID, "Microsoft.ContainerService/ManagedClusters")
    assert '"' not in str(body["eTag"])
    assert properties["currentKubernetesVersion"] == "1.30.5"
    assert properties["powerState"] == {"code": "Stopped"}
    profiles = properties["agentPoolProfiles"]
    assert isinstance(profiles, list)
    assert isinstance(profiles[0], dict)
    assert profiles[0]["name"] == "system"
    assert profiles[0]["currentOrchestratorVersion"] == "1.30.5"
    assert profiles[0]["nodeImageVersion"] == "AKSUbuntu-2204gen2containerd-202409.30.0"


def test_in_a_world_of_full_clusters_they_are_as_large_as_real_ones_and_otherwise_the_same() -> None:
    """Microsoft's models of a cluster with three pools: 6 to 15 kB of properties."""
    shop = {**member("shop"), "pools": [pool("one"), pool("two"), pool("three")]}
    small, full = (
        Lab(world(fleet("retail", shop), fullClusters=full), timeline()).get(CLUSTER) for full in (False, True)
    )
    plain, detailed = small["properties"], full["properties"]
    assert isinstance(plain, dict)
    assert isinstance(detailed, dict)
    assert 7_000 < len(json.dumps(detailed, separators=(",", ":"))) < 8_000
    assert {**detailed, **plain} == {**detailed, "agentPoolProfiles": plain["agentPoolProfiles"]}


def test_a_cluster_shows_its_own_upgrade_channels_and_no_channel_where_none_is_set() -> None:
    given = lab_with(upgradeChannel="node-image", nodeOSUpgradeChannel="SecurityPatch").get(CLUSTER)["properties"]
    unset = lab_with().get(CLUSTER)["properties"]
    assert isinstance(given, dict)
    assert isinstance(unset, dict)
    assert given["autoUpgradeProfile"] == {"upgradeChannel": "node-image", "nodeOSUpgradeChannel": "SecurityPatch"}
    assert unset["autoUpgradeProfile"] == {"nodeOSUpgradeChannel": "None"}


@pytest.mark.parametrize(
    ("given", "channels", "provisioning"),
    [
        ({}, {"upgradeChannel": "stable", "nodeOSUpgradeChannel": "NodeImage"}, "Auto"),
        (
            {"upgradeChannel": "rapid", "nodeOSUpgradeChannel": "None", "nodeProvisioning": "Manual"},
            {"upgradeChannel": "rapid", "nodeOSUpgradeChannel": "None"},
            "Manual",
        ),
    ],
)
def test_an_automatic_cluster_upgrades_itself_unless_the_world_says_otherwise(
    given: dict[str, Json], channels: Json, provisioning: str
) -> None:
    properties = lab_with(sku="Automatic", **given).get(CLUSTER)["properties"]
    assert isinstance(properties, dict)
    assert properties["autoUpgradeProfile"] == channels
    assert properties["nodeProvisioningProfile"] == {"mode": provisioning}


def test_a_clusters_etag_changes_with_the_cluster() -> None:
    lab = lab_with()
    before = lab.get(CLUSTER)["eTag"]
    lab.control("PATCH", "/clusters", {"id": ID, "powerState": "Stopped"})
    assert lab.get(CLUSTER)["eTag"] != before


def test_pools_are_resources_as_well() -> None:
    lab = lab_with()
    pools = lab.get(f"{CLUSTER}/agentPools")["value"]
    assert isinstance(pools, list)
    assert pools == [lab.get(f"{CLUSTER}/agentPools/SYSTEM")]
    assert isinstance(pools[0], dict)
    assert pools[0]["id"] == f"{ID}/agentPools/system"


def test_the_upgrades_of_a_cluster_go_up_to_the_next_minor_on_its_plan() -> None:
    newer = (patch("1.30.6"), patch("1.30.100"), patch("1.31.1"), minor("minor_ga", "1.32"), patch("1.32.0"))
    body = lab_with(*newer).get(f"{CLUSTER}/upgradeProfiles/default")
    assert body["properties"] == {
        "agentPoolProfiles": None,
        "controlPlaneProfile": {
            "kubernetesVersion": "1.30.5",
            "osType": "Linux",
            "upgrades": [
                {"kubernetesVersion": "1.30.6", "isPreview": False},
                {"kubernetesVersion": "1.31.1", "isPreview": False},
            ],
        },
    }


def test_previews_are_marked_among_the_upgrades() -> None:
    lab = lab_with(patch("1.31.1"), minor("minor_preview", "1.32"), patch("1.32.0"), kubernetesVersion="1.31.1")
    properties = lab.get(f"{CLUSTER}/upgradeProfiles/default")["properties"]
    assert isinstance(properties, dict)
    assert isinstance(properties["controlPlaneProfile"], dict)
    assert properties["controlPlaneProfile"]["upgrades"] == [{"kubernetesVersion": "1.32.0", "isPreview": True}]


def test_upgrades_are_omitted_when_there_are_none() -> None:
    body = lab_with().get(f"{CLUSTER}/upgradeProfiles/default")
    assert "upgrades" not in str(body["properties"])


def test_a_pool_shows_the_newest_image_of_its_family_in_its_region() -> None:
    lab = lab_with(image("AKSWindows-2022", "20348.2966.241218"), pools=[pool("win", "AKSWindows-2022-containerd")])
    body = lab.get(f"{CLUSTER}/agentPools/win/upgradeProfiles/default")
    assert body["properties"] == {
        "kubernetesVersion": "1.30.5",
        "osType": "Windows",
        "latestNodeImageVersion": "AKSWindows-2022-containerd-20348.2966.241218",
    }


def test_lists_are_of_the_subscription_or_of_a_resource_group() -> None:
    lab = Lab(world(fleet("one", member("a")), fleet("two", member("b"), resourceGroup="other")))
    path = "/providers/Microsoft.ContainerService/managedClusters"
    for prefix, names in (("", ["a", "b"]), ("/resourceGroups/OTHER", ["b"])):
        clusters = lab.get(f"{prefix}{path}")["value"]
        assert isinstance(clusters, list)
        assert [cluster["name"] for cluster in clusters if isinstance(cluster, dict)] == names


@pytest.mark.parametrize(
    ("path", "code", "named"),
    [
        (f"{CLUSTER}x", "ResourceNotFound", "'Microsoft.ContainerService/managedClusters/shopx' under resource group"),
        (f"{CLUSTER}/agentPools/x", "ResourceNotFound", "managedClusters/shop/agentPools/x"),
        (CLUSTER.replace("platform", "nowhere"), "ResourceGroupNotFound", "'nowhere'"),
    ],
)
def test_what_does_not_exist_is_handled_by_the_gateway(path: str, code: str, named: str) -> None:
    response = lab_with().http.get(f"{SUBSCRIPTION_PATH}{path}?api-version=2026-08-01")
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (404, code)
    assert named in error["message"]
    assert response.headers["x-ms-failure-cause"] == "gateway"


def test_a_new_version_is_announced_for_each_cluster_of_the_region() -> None:
    members = (member("a"), member("b"), member("c", "eastus"))
    lab = Lab(
        world(fleet("retail", *members)), timeline(patch("1.31.1"), minor("minor_preview", "1.32"), patch("1.32.0"))
    )
    events = new_version_events(lab.estate, lab.offers, "westus2", MONDAY)
    assert [event["subject"] for event in events] == ["a", "b"]
    assert str(events[0]["topic"]).endswith("/managedClusters/a")
    assert events[0]["eventType"] == "Microsoft.ContainerService.NewKubernetesVersionAvailable"
    assert events[0]["data"] == {
        "latestSupportedKubernetesVersion": "1.31.1",
        "latestStableKubernetesVersion": "1.30.5",
        "lowestMinorKubernetesVersion": "1.29",
        "latestPreviewKubernetesVersion": "1.32.0",
    }
