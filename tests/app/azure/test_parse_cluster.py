"""Managed clusters: what runs counts, and what makes no sense is said to."""

import json

import pytest
from azure.mgmt.containerservice.models import ManagedCluster

from shared.azure.aks.parse_cluster import CLUSTER_FIELDS, parse_cluster
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, FixedPool, NodePool
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.unknown import Unknown, Unparsed
from tests.app.azure.bodies import UBUNTU, cluster, cluster_path, pool
from tests.app.azure.wire_server import Json

CLUSTER_ID = ResourceId.parse(cluster_path("shop"))


def parsed(**properties: Json) -> Cluster:
    known = parse_cluster(CLUSTER_ID, cluster(**properties))  # type: ignore[arg-type] # location is given by no test
    assert isinstance(known, Cluster)
    return known


def test_the_version_that_runs_counts_not_the_requested_one() -> None:
    known = parsed(
        kubernetesVersion="1.31",
        currentKubernetesVersion="1.30.5",
        agentPoolProfiles=[{**pool(version="1.29.9"), "orchestratorVersion": "1.30"}],
    )
    assert known.kubernetes_version == KubernetesVersion(1, 30, 5)
    assert known.node_pools == (
        NodePool("system", KubernetesVersion(1, 29, 9), NodeImage.parse(f"{UBUNTU}-202602.13.0")),
    )


def test_without_a_current_version_the_requested_one_is_not_used() -> None:
    assert parsed(kubernetesVersion="1.30.5", currentKubernetesVersion=None).kubernetes_version == Unparsed("missing")


@pytest.mark.parametrize(("version", "shown"), [("1.30", "1.30"), ("v1.30.5", "v1.30.5"), (130, "130")])
def test_a_version_in_another_form_is_kept_as_unparsed(version: Json, shown: str) -> None:
    assert parsed(currentKubernetesVersion=version).kubernetes_version == Unparsed(shown)


def test_an_image_in_another_form_is_kept_as_unparsed() -> None:
    assert parsed(agentPoolProfiles=[pool(image="AKSUbuntu-latest")]).node_pools[0].image == Unparsed(
        "AKSUbuntu-latest"
    )


@pytest.mark.parametrize("absent", [None, ""])
def test_a_pool_that_reports_no_version_and_image_has_none(absent: Json) -> None:
    assert parsed(agentPoolProfiles=[pool(version=absent, image=absent)]).node_pools == (
        NodePool("system", None, None),
    )


def test_a_pool_has_its_own_provisioning_state_and_may_report_none() -> None:
    known = parsed(agentPoolProfiles=[{**pool(), "provisioningState": "Scaling"}, {**pool(), "name": "other"}])

    assert [one.provisioning_state for one in known.node_pools] == ["Scaling", None]


@pytest.mark.parametrize("pools", [None, []])
def test_a_cluster_may_have_no_pools(pools: Json) -> None:
    assert parsed(agentPoolProfiles=pools).node_pools == ()


@pytest.mark.parametrize(
    ("plan", "read"),
    [
        (None, SupportPlan.KUBERNETES_OFFICIAL),
        ("KubernetesOfficial", SupportPlan.KUBERNETES_OFFICIAL),
        ("AKSLongTermSupport", SupportPlan.AKS_LONG_TERM_SUPPORT),
        ("AKSEternalSupport", Unparsed("AKSEternalSupport")),
    ],
)
def test_a_cluster_is_on_the_official_plan_unless_it_says_otherwise(plan: Json, read: object) -> None:
    assert parsed(supportPlan=plan).support_plan == read


@pytest.mark.parametrize(
    ("power", "stopped"), [({"code": "Stopped"}, True), ({"code": "Running"}, False), (None, False), ("off", False)]
)
def test_only_power_state_stopped_means_stopped(power: Json, stopped: bool) -> None:
    assert parsed(powerState=power).is_stopped is stopped


@pytest.mark.parametrize("location", ["West US 2", "westus2", "WestUS2"])
def test_regions_are_spelled_as_in_arm_paths(location: str) -> None:
    known = parse_cluster(CLUSTER_ID, cluster(location=location))
    assert isinstance(known, Cluster)
    assert known.region == "westus2"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (cluster(location=None), "has no location"),
        (cluster(location=7), "has no location"),
        ({}, "has no location"),
        (cluster(agentPoolProfiles="many"), "has agent pools in no known form: many"),
        (cluster(agentPoolProfiles=[pool(), 7]), "has an agent pool without a name: 7"),
        (cluster(agentPoolProfiles=[{"count": 1}]), "has an agent pool without a name: {'count': 1}"),
    ],
)
def test_a_cluster_whose_region_or_pools_cannot_be_parsed_is_unknown(body: dict[str, Json], why: str) -> None:
    assert parse_cluster(CLUSTER_ID, body) == Unknown(f"the cluster shop {why}")


def test_a_text_instead_of_a_list_has_the_same_sentence_with_each_reading_and_in_captured_facts() -> None:
    """Of a text where it expects a list the SDK makes a generator, whose text has an address."""
    body = ManagedCluster({"location": "westus2", "properties": {"agentPoolProfiles": "many"}}).as_dict()

    assert parse_cluster(CLUSTER_ID, body) == Unknown(
        "the cluster shop has agent pools in no known form: a text instead of a list"
    )
    captured = json.loads(json.dumps(CLUSTER_FIELDS.of(body)))
    assert parse_cluster(CLUSTER_ID, captured) == parse_cluster(CLUSTER_ID, body)


def test_no_value_from_azure_makes_a_sentence_long_or_unprintable() -> None:
    long = "x\n" * 100_000
    known = parsed(currentKubernetesVersion=long, provisioningState=long, agentPoolProfiles=[pool("a", long, long)])
    [only] = known.node_pools

    for read in (known.kubernetes_version, known.provisioning_state, only.kubernetes_version, only.image):
        assert len(str(read)) == 201
        assert str(read).isprintable()
    unknown = parse_cluster(CLUSTER_ID, cluster(agentPoolProfiles=[[long] * 1000]))
    assert isinstance(unknown, Unknown)
    assert len(unknown.why) < 300


@pytest.mark.parametrize("mode", ["Machines", "ManagedSystem", "machines"])
def test_a_pool_of_a_mode_that_no_run_upgrades_is_kept_apart(mode: str) -> None:
    known = parsed(agentPoolProfiles=[{**pool("hidden", version=None, image=None), "mode": mode}, pool()])
    assert known.fixed_pools == (FixedPool("hidden", mode),)
    assert [one.name for one in known.node_pools] == ["system"]


@pytest.mark.parametrize("mode", ["System", "User", "Gateway", None, "", 7])
def test_a_pool_of_any_other_mode_is_for_runs_to_upgrade(mode: Json) -> None:
    known = parsed(agentPoolProfiles=[{**pool(), "mode": mode}])
    assert (len(known.node_pools), known.fixed_pools) == (1, ())


@pytest.mark.parametrize(("os_sku", "read"), [("Windows2019", "Windows2019"), (None, ""), (7, "")])
def test_a_pool_has_the_operating_system_that_aks_names(os_sku: Json, read: str) -> None:
    assert parsed(agentPoolProfiles=[{**pool(), "osSKU": os_sku}]).node_pools[0].os_sku == read


def test_a_pool_created_from_a_snapshot_is_marked() -> None:
    made: Json = {**pool("made"), "creationData": {"sourceResourceId": "/subscriptions/s/…/snapshots/one"}}
    known = parsed(agentPoolProfiles=[made, {**pool("plain"), "creationData": None}])
    assert {one.name: one.is_from_snapshot for one in known.node_pools} == {"made": True, "plain": False}


@pytest.mark.parametrize(("mode", "is_on"), [("Auto", True), ("auto", True), ("Manual", False), (None, False)])
def test_node_auto_provisioning_is_on_only_if_it_says_so(mode: Json, is_on: bool) -> None:
    assert parsed(nodeProvisioningProfile={"mode": mode}).has_node_auto_provisioning is is_on


@pytest.mark.parametrize(
    ("profile", "channels"),
    [
        (None, ("", "")),
        ({"nodeOSUpgradeChannel": "None"}, ("", "")),
        ({"upgradeChannel": "none", "nodeOSUpgradeChannel": "NodeImage"}, ("", "nodeimage")),
        ({"upgradeChannel": "node-image", "nodeOSUpgradeChannel": "SecurityPatch"}, ("node-image", "securitypatch")),
    ],
)
def test_the_clusters_own_channels_are_read_in_lower_case(profile: Json, channels: tuple[str, str]) -> None:
    known = parsed(autoUpgradeProfile=profile)
    assert (known.upgrade_channel, known.node_os_upgrade_channel) == channels


@pytest.mark.parametrize(("state", "read"), [("Failed", "Failed"), (None, "Unknown")])
def test_the_provisioning_state_is_kept_as_it_is(state: Json, read: str) -> None:
    assert parsed(provisioningState=state).provisioning_state == read


def test_maintenance_windows_that_were_not_read_are_not_known() -> None:
    assert parsed().maintenance_windows is None
