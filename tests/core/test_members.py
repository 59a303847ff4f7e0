"""What a run does to a member: each rule, and which one goes first."""

from __future__ import annotations

import pytest

from shared.core.catalog import SupportPlan
from shared.core.decision import MemberDecision, Target
from shared.core.fleet import Cluster, Member
from shared.core.kubernetes_version import KubernetesVersion
from shared.core.member_assessment import assess_members
from shared.core.node_image import NodeImage
from shared.core.reason import MemberAction, MemberReason
from shared.core.unknown import Unknown, Unparsed
from tests.builders import UBUNTU, WINDOWS, a_cluster, a_member, a_pool


def assess(member: Member, version: str = "1.35.6", *, lts: bool = False) -> MemberDecision:
    [decision] = assess_members([member], Target(KubernetesVersion.parse(version), needs_long_term_support=lts))
    return decision


def assess_images(member: Member, *images: str) -> MemberDecision:
    [decision] = assess_members([member], Target(node_images=tuple(NodeImage.parse(image) for image in images)))
    return decision


@pytest.mark.parametrize(
    ("cluster", "action", "reason"),
    [
        (a_cluster("1.35.5"), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        (a_cluster("1.34.9"), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        (a_cluster("1.35.6"), MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (a_cluster("1.35.7"), MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET),
        (a_cluster("1.36.0"), MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET),
        (a_cluster("1.33.9"), MemberAction.BLOCKED, MemberReason.MINOR_GAP),
        (a_cluster("1.35.5", stopped=True), MemberAction.SKIP, MemberReason.STOPPED),
        (a_cluster("1.33.9", stopped=True), MemberAction.SKIP, MemberReason.STOPPED),
        (a_cluster("1.35.6", stopped=True), MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (a_cluster(Unparsed("1.35")), MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN),
        (a_cluster("1.35.6", pools=[a_pool(version="1.35.5")]), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        (a_cluster("1.35.7", pools=[a_pool(version="1.35.5")]), MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET),
        (
            a_cluster("1.35.5", pools=[a_pool(version=Unparsed("new"))]),
            MemberAction.BLOCKED,
            MemberReason.VERSION_UNKNOWN,
        ),
    ],
)
def test_a_cluster_gets_its_action_and_reason(cluster: Cluster, action: MemberAction, reason: MemberReason) -> None:
    decision = assess(a_member(cluster))

    assert (decision.action, decision.reason) == (action, reason)
    assert decision.sentence.endswith(".")


@pytest.mark.parametrize("state", ["Joining", "Leaving", "Failed", "Canceled", "Unheard"])
def test_a_member_that_is_not_joined_is_skipped(state: str) -> None:
    assert assess(a_member(state=state)).reason is MemberReason.NOT_JOINED


def test_a_member_being_updated_is_still_joined() -> None:
    assert assess(a_member(state="Updating")).action is MemberAction.UPGRADE


def test_a_cluster_that_could_not_be_read_is_blocked_with_why() -> None:
    decision = assess(a_member(Unknown("it is gone")))

    assert (decision.action, decision.reason) == (MemberAction.BLOCKED, MemberReason.CLUSTER_UNKNOWN)
    assert "it is gone" in decision.sentence


def test_a_pool_that_reports_no_version_is_named() -> None:
    cluster = Cluster(a_cluster().id, "westus2", KubernetesVersion.parse("1.35.5"), node_pools=(a_pool(name="extra"),))

    assert assess(a_member(cluster)).sentence == "Node pool extra reports no version."


def test_an_lts_target_is_for_clusters_on_the_lts_plan() -> None:
    on_plan = a_cluster("1.32.9", plan=SupportPlan.AKS_LONG_TERM_SUPPORT)

    assert assess(a_member(on_plan), "1.32.100", lts=True).action is MemberAction.UPGRADE
    assert assess(a_member(a_cluster("1.32.9")), "1.32.100", lts=True).reason is MemberReason.NO_LONG_TERM_SUPPORT_PLAN


@pytest.mark.parametrize(
    ("pools", "action", "reason"),
    [
        ([a_pool(f"{UBUNTU}-202607.02.0")], MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        ([a_pool(f"{UBUNTU}-202607.09.0")], MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        ([a_pool(f"{UBUNTU}-202607.10.0")], MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        ([a_pool(f"{WINDOWS}-26100.7462.251212")], MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (
            [a_pool(f"{UBUNTU}-202607.09.0"), a_pool(f"{UBUNTU}-202606.08.1", name="user")],
            MemberAction.UPGRADE,
            MemberReason.BELOW_TARGET,
        ),
        ([a_pool(Unparsed("AKSUbuntu-new"))], MemberAction.BLOCKED, MemberReason.NODE_IMAGE_UNKNOWN),
        ([a_pool(None)], MemberAction.BLOCKED, MemberReason.NODE_IMAGE_UNKNOWN),
        ([], MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
    ],
)
def test_pools_are_held_against_the_image_of_their_own_family(
    pools: list[object], action: MemberAction, reason: MemberReason
) -> None:
    cluster = a_cluster(pools=pools)  # type: ignore[arg-type] # a table's column

    decision = assess_images(a_member(cluster), f"{UBUNTU}-202607.09.0")

    assert (decision.action, decision.reason) == (action, reason)


def test_a_stopped_cluster_below_its_image_is_skipped() -> None:
    cluster = a_cluster(stopped=True, pools=[a_pool(f"{UBUNTU}-202607.02.0")])

    assert assess_images(a_member(cluster), f"{UBUNTU}-202607.09.0").reason is MemberReason.STOPPED
