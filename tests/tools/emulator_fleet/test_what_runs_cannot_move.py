"""Pools, members and upgrades that AKS or Fleet refuses, in runs whose other members go on."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from tests.tools.emulator.builders import UBUNTU, at
from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, FleetLab, JsonObject, a_run, a_stage
from tests.tools.releases.builders import MONDAY, image, minor, patch, timeline
from tools.emulator.aks.families import os_sku
from tools.emulator.aks.os_limits import OS_LIMITS, os_refusal
from tools.emulator.connected_clusters import CONNECTED_CLUSTERS
from tools.emulator.image_ends import IMAGE_ENDS, has_ended
from tools.emulator.state import AgentPool
from tools.json_value import Json
from tools.releases import Timeline

NEW = "202410.20.0"
FLATCAR = "AKSFlatcar-flatcargen2"
WINDOWS_2019, WINDOWS_2022 = "AKSWindows-2019-containerd", "AKSWindows-2022-containerd-gen2"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/onprem/providers"


def with_1_33() -> Timeline:
    """1.33.1 is offered in every region from the start."""
    long_ago = MONDAY - timedelta(days=30)
    return timeline(minor("minor_ga", "1.33", long_ago), patch("1.33.1", long_ago))


def add_pool(lab: FleetLab, member: str, family: str, version: str = "202409.30.0", mode: str = "User") -> AgentPool:
    cluster = lab.cluster(member)
    pool = AgentPool("extra", family, cluster.kubernetes_version, f"{family}-{version}", mode)
    cluster.pools.append(pool)
    return pool


def a_lab(*names: str) -> FleetLab:
    lab = FleetLab(*(names or ("one", "two")))
    lab.offers.publish([image("AKSUbuntu-2204", NEW)])
    return lab


def error_of(lab: FleetLab, member: str = "one") -> JsonObject:
    return cast("JsonObject", lab.status(member)["error"])


def all_at_once() -> dict[str, Json]:
    return {"strategy": {"stages": [a_stage("s", "one", "two")]}}


@pytest.mark.parametrize("upgrade", [a_run(None, "Consistent"), a_run("1.30.7", "Consistent")])
def test_consistent_skips_a_cluster_with_a_pool_whose_family_has_no_image_and_upgrades_the_others(
    upgrade: JsonObject,
) -> None:
    lab = a_lab()
    add_pool(lab, "one", FLATCAR)
    lab.put("/updateRuns/run", {**upgrade, **all_at_once()})
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)

    assert (lab.state(), lab.states()) == ("Completed", {"one": "Skipped", "two": "Completed"})
    assert lab.members()["one"]["message"] == "one: no target node image version was found for agent pool(s) extra."
    assert lab.image("two") == f"{UBUNTU}-{NEW}"


def test_latest_upgrades_the_pools_that_have_an_image_and_leaves_the_one_without() -> None:
    lab = a_lab()
    pool = add_pool(lab, "one", FLATCAR)
    lab.put("/updateRuns/run", {**a_run(None), **all_at_once()})
    lab.start()
    lab.pass_minutes(POOL)

    assert (lab.state(), lab.image("one"), pool.image) == ("Completed", f"{UBUNTU}-{NEW}", f"{FLATCAR}-202409.30.0")


def test_a_pool_whose_family_has_ended_has_no_latest_image_in_its_upgrade_profile() -> None:
    lab = a_lab("one")
    add_pool(lab, "one", "AKSAzureLinux-V2gen2")
    lab.offers.publish([image("AKSAzureLinux-V2", "202512.06.0")])
    path = "/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/one/agentPools/extra"

    def latest() -> Json:
        properties = lab.get(f"{path}/upgradeProfiles/default")["properties"]
        return cast("JsonObject", properties).get("latestNodeImageVersion")

    assert latest() == "AKSAzureLinux-V2gen2-202512.06.0"
    lab.clock.advance(IMAGE_ENDS["AKSAzureLinux-V2"])
    assert latest() is None
    assert "AKSAzureLinux-V2" not in lab.offers.images("westus2")


@pytest.mark.parametrize("folder", IMAGE_ENDS)
def test_a_family_ends_at_its_time_for_the_release_notes_and_for_pools(folder: str) -> None:
    ends = IMAGE_ENDS[folder]
    assert has_ended(folder, ends)
    assert has_ended(f"{folder}gen2containerd", ends)
    assert not has_ended(folder, at(1, month=1).replace(year=2025))


@pytest.mark.parametrize("mode", ["Machines", "ManagedSystem"])
def test_a_run_moves_no_pool_of_mode_machines_or_managed_system(mode: str) -> None:
    lab = a_lab("one")
    pool = add_pool(lab, "one", UBUNTU, mode=mode)
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)

    assert (lab.state(), lab.image("one")) == ("Completed", f"{UBUNTU}-{NEW}")
    assert (pool.kubernetes_version, pool.image) == ("1.30.5", f"{UBUNTU}-202409.30.0")
    assert "extra" not in str(lab.members()["one"].get("message"))


@pytest.mark.parametrize("selection", ["Latest", "Consistent"])
def test_a_pool_of_mode_machines_makes_no_cluster_due_and_none_skipped_for_its_image(selection: str) -> None:
    lab = FleetLab("one")
    add_pool(lab, "one", FLATCAR, mode="Machines")
    lab.put("/updateRuns/run", a_run(None, selection))
    lab.start()

    assert lab.members()["one"]["message"] == "one: already at or ahead of the target."


@pytest.mark.parametrize("kind", CONNECTED_CLUSTERS.values())
def test_a_run_skips_a_member_that_is_no_cluster_of_aks_and_goes_on(kind: str) -> None:
    lab = a_lab("two")
    lab.put("/members/one", {"clusterResourceId": f"{GROUP}/{kind}/plant", "group": "one"})
    lab.put("/updateRuns/run", {**a_run(), **all_at_once()})
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)

    assert (lab.state(), lab.states()) == ("Completed", {"one": "Skipped", "two": "Completed"})
    assert lab.members()["one"]["message"] == "one: update runs do not support this type of cluster."


def test_a_connected_cluster_joins_with_the_labels_of_its_id() -> None:
    lab = a_lab("two")
    sent = f"{GROUP}/Microsoft.Kubernetes/connectedClusters/plant"
    lab.put("/members/arc", {"clusterResourceId": sent})
    shown = lab.send("GET", "/members/arc").json()["properties"]

    assert shown["clusterResourceId"] == sent
    assert shown["labels"] == {
        "fleet.azure.com/cluster-name": "plant",
        "fleet.azure.com/location": "westus2",
        "fleet.azure.com/member-name": "arc",
        "fleet.azure.com/resource-group": "onprem",
        "fleet.azure.com/subscription-id": "00000000-0000-0000-0000-000000000001",
    }


def test_aks_refuses_the_upgrade_of_a_windows_server_2019_pool_beyond_its_last_version() -> None:
    lab = FleetLab("one", "two", releases=with_1_33())
    for name in ("one", "two"):
        lab.change(name, kubernetesVersion="1.32.5")
    add_pool(lab, "one", WINDOWS_2019, "17763.8389.260210")
    lab.put("/updateRuns/run", a_run("1.33.1"))
    lab.start()

    assert (lab.state(), lab.states()) == ("Failed", {"one": "Failed", "two": "NotStarted"})
    assert error_of(lab)["code"] == "Windows2019NotSupportedWithOrchestratorVersion"
    assert 'node pool extra to Kubernetes version "1.33.1"' in str(error_of(lab)["message"])
    assert (lab.version("one"), lab.cluster("one").provisioning_state) == ("1.32.5", "Succeeded")


def test_a_control_plane_alone_is_upgraded_beyond_what_its_pools_can_be() -> None:
    lab = FleetLab("one", releases=with_1_33())
    lab.change("one", kubernetesVersion="1.32.5")
    add_pool(lab, "one", WINDOWS_2019, "17763.8389.260210")
    upgrade: Json = {"type": "ControlPlaneOnly", "kubernetesVersion": "1.33.1"}
    lab.put("/updateRuns/run", {"managedClusterUpdate": {"upgrade": upgrade}})
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    assert (lab.state(), lab.version("one")) == ("Completed", "1.33.1")


@pytest.mark.parametrize(
    ("family", "version", "code"),
    [
        (WINDOWS_2019, "1.32.11", None),
        (WINDOWS_2019, "1.33.0", "Windows2019NotSupportedWithOrchestratorVersion"),
        (WINDOWS_2022, "1.36.8", None),
        (WINDOWS_2022, "1.37.1", "Windows2022NotSupportedWithOrchestratorVersion"),
        ("AKSWindows-2025-containerd-gen2", "1.40.0", None),
        ("AKSAzureLinux-V3gen2", "1.36.2", None),
        ("AKSAzureLinux-V3gen2", "1.37.0", "InvalidOSSKU"),
        ("AKSAzureLinux-V2gen2", "1.40.0", None),
        ("AKSUbuntu-2404gen2containerd", "1.39.0", "InvalidOSSKU"),
        (UBUNTU, "1.40.0", None),
    ],
)
def test_each_operating_system_ends_with_its_last_kubernetes_version(
    family: str, version: str, code: str | None
) -> None:
    refusal = os_refusal(AgentPool("pool", family, "1.30.5", f"{family}-1.0"), version)
    assert (refusal.code if refusal else None) == code


def test_every_limit_names_its_source_and_a_successor() -> None:
    for sku, limit in OS_LIMITS.items():
        assert limit.source.startswith(("https://github.com/Azure/AKS/", "https://aka.ms/aks/")), sku
        assert limit.successor != sku


@pytest.mark.parametrize(
    ("family", "sku"), [(FLATCAR, "Flatcar"), ("AKSCBLMariner-V2gen2", "AzureLinux"), ("AKSMariner", "AzureLinux")]
)
def test_a_family_that_ended_or_was_renamed_has_its_os_sku(family: str, sku: str) -> None:
    assert os_sku(family) == sku
