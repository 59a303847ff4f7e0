"""Operating systems that a Kubernetes version no longer has: the member is blocked, and reads what to do."""

from __future__ import annotations

import pytest

from shared.core.members.aks_limits import OPERATING_SYSTEM_LIMITS, OperatingSystemLimit
from shared.core.members.assessment import assess_members
from shared.core.members.member_decision import MemberDecision
from shared.core.members.upgrade_context import UpgradeContext
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster, FixedPool
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.update_run import UpgradeType
from shared.core.planner import decide
from shared.core.reasons import MemberAction, MemberReason, Outcome
from shared.core.targets.target import Target
from tests.app.builders import WINDOWS, a_catalog, a_cluster, a_member, a_pool, a_region, facts
from tests.app.core.reading import actions_of, target_of

OFFER = a_region("1.30.9", "1.31.9", "1.32.9", "1.33.9", "1.34.9")
WINDOWS_2019 = a_pool(f"{WINDOWS}-26100.7462.251212", name="win", os_sku="Windows2019")


def assess(cluster: Cluster, version: str, upgrade_type: UpgradeType = UpgradeType.FULL) -> MemberDecision:
    context = UpgradeContext(Target(KubernetesVersion.parse(version)), upgrade_type, catalog=Catalog({}))
    [decision] = assess_members([a_member(cluster)], context)
    return decision


def stepwise(*clusters: Cluster, catch_up: str = "stepwise") -> dict[str, MemberAction]:
    members = [a_member(cluster, name=cluster.id.name) for cluster in clusters]
    return actions_of(decide(facts(members=members, catalog=a_catalog(OFFER), policy={"catch-up": catch_up})))


@pytest.mark.parametrize("limit", OPERATING_SYSTEM_LIMITS, ids=lambda limit: limit.os_sku)
def test_a_node_pool_is_upgraded_up_to_the_last_minor_of_its_operating_system(limit: OperatingSystemLimit) -> None:
    last, after = limit.last_minor, limit.last_minor.minus(-1)
    pools = [a_pool(name="new", os_sku="Ubuntu"), a_pool(name="old", os_sku=limit.os_sku)]

    up_to_it = assess(a_cluster(f"{last.minus(1)}.1", pools=pools), f"{last}.1")
    beyond = assess(a_cluster(f"{last}.1", pools=pools), f"{after}.1")

    assert up_to_it.action is MemberAction.UPGRADE
    assert (beyond.action, beyond.reason) == (MemberAction.BLOCKED, MemberReason.OPERATING_SYSTEM_NOT_SUPPORTED)
    assert beyond.sentence == (
        f"Node pool old runs {limit.name}, which AKS has up to Kubernetes {last} only; {limit.advice}."
    )


def test_every_limit_has_its_source() -> None:
    assert all(limit.source.startswith("https://") for limit in OPERATING_SYSTEM_LIMITS)


@pytest.mark.parametrize("upgrade_type", [UpgradeType.FULL, UpgradeType.CONTROL_PLANE_ONLY])
def test_windows_server_2019_is_blocked_before_1_33_for_the_control_plane_too(upgrade_type: UpgradeType) -> None:
    decision = assess(a_cluster("1.32.9", pools=[WINDOWS_2019]), "1.33.9", upgrade_type)

    assert decision.reason is MemberReason.OPERATING_SYSTEM_NOT_SUPPORTED


@pytest.mark.parametrize("os_sku", ["", "Ubuntu", "AzureLinux", "Windows2025", "windows2022"])
def test_an_operating_system_without_a_limit_before_the_target_is_upgraded(os_sku: str) -> None:
    assert assess(a_cluster("1.32.9", pools=[a_pool(os_sku=os_sku)]), "1.33.9").action is MemberAction.UPGRADE


def test_a_cluster_at_the_target_needs_no_other_operating_system() -> None:
    assert assess(a_cluster("1.33.9", pools=[WINDOWS_2019]), "1.33.9").action is MemberAction.UP_TO_DATE


def test_a_pool_that_no_run_upgrades_limits_nothing() -> None:
    cluster = a_cluster("1.32.9", fixed_pools=[FixedPool("machines", "Machines")])

    assert assess(cluster, "1.33.9").action is MemberAction.UPGRADE


def test_steps_go_as_far_as_the_operating_system_allows() -> None:
    far_behind = a_cluster("1.30.9", pools=[WINDOWS_2019])
    members = [a_member(far_behind)]

    decision = decide(facts(members=members, catalog=a_catalog(OFFER), policy={"catch-up": "stepwise"}))

    assert (decision.outcome, target_of(decision)) == (Outcome.GENERATE, "1.31.9")


def test_a_cluster_whose_operating_system_ends_holds_back_the_steps_of_no_other() -> None:
    stuck = a_cluster("1.32.9", name="stuck", pools=[WINDOWS_2019])
    behind = a_cluster("1.32.9", name="behind")

    assert stepwise(stuck, behind) == {"stuck": MemberAction.BLOCKED, "behind": MemberAction.UPGRADE}
    assert stepwise(stuck, a_cluster("1.34.9", name="there")) == {
        "stuck": MemberAction.BLOCKED,
        "there": MemberAction.UP_TO_DATE,
    }
