"""What a run does to a member: each rule, and which one goes first."""

from __future__ import annotations

import pytest

from shared.core.members.assessment import assess_members
from shared.core.members.member_decision import MemberDecision
from shared.core.members.upgrade_context import UpgradeContext
from shared.core.members.version_rules import VERSION_RULES
from shared.core.model.catalog import Catalog, RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, Member, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import NodeImageSelection
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import StoppedClusters
from shared.core.reasons import MemberAction, MemberReason
from shared.core.targets.target import Target
from shared.errors import InternalError
from tests.app.builders import (
    LTS_ONLY,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_region,
)

OFFER = a_region("1.33.12", "1.34.9", "1.35.5", "1.35.6", "1.36.2")
LTS = SupportPlan.AKS_LONG_TERM_SUPPORT
NOT_READ = Catalog({})


def assess(
    cluster: Cluster | Member,
    version: str = "1.35.6",
    *,
    upgrade_type: UpgradeType = UpgradeType.FULL,
    selection: NodeImageSelection = NodeImageSelection.LATEST,
    stopped_clusters: StoppedClusters = StoppedClusters.SKIP,
    lts: bool = False,
    catalog: Catalog | None = None,
) -> MemberDecision:
    """The decision about a member where a run brings a Kubernetes version."""
    question = UpgradeContext(
        Target(KubernetesVersion.parse(version), needs_long_term_support=lts),
        upgrade_type,
        selection,
        stopped_clusters,
        a_catalog(OFFER) if catalog is None else catalog,
    )
    [decision] = assess_members([cluster if isinstance(cluster, Member) else a_member(cluster)], question)
    return decision


def assess_images(
    cluster: Cluster | Member,
    *images: str,
    stopped_clusters: StoppedClusters = StoppedClusters.SKIP,
    catalog: Catalog | None = None,
) -> MemberDecision:
    """The decision about a member where a run brings node images."""
    question = UpgradeContext(
        Target(node_images=tuple(NodeImage.parse(image) for image in images)),
        UpgradeType.NODE_IMAGE_ONLY,
        NodeImageSelection.CONSISTENT,
        stopped_clusters,
        a_catalog(OFFER) if catalog is None else catalog,
    )
    [decision] = assess_members([cluster if isinstance(cluster, Member) else a_member(cluster)], question)
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
        (a_cluster("1.31.9"), MemberAction.BLOCKED, MemberReason.OUTSIDE_SUPPORT),
        (a_cluster("1.35.5", stopped=True), MemberAction.SKIP, MemberReason.STOPPED),
        (a_cluster("1.33.9", stopped=True), MemberAction.SKIP, MemberReason.STOPPED),
        (a_cluster("1.35.6", stopped=True), MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (a_cluster(Unparsed("1.35")), MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN),
        (a_cluster("1.35.6", pools=[a_pool(version="1.35.5")]), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        (
            a_cluster("1.35.6", pools=[a_pool(), a_pool(name="user", version="1.35.5")]),
            MemberAction.UPGRADE,
            MemberReason.BELOW_TARGET,
        ),
        (a_cluster("1.35.7", pools=[a_pool(version="1.35.5")]), MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET),
        (a_cluster("1.35.7", provisioning_state="Failed"), MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET),
        (
            a_cluster("1.35.5", pools=[a_pool(version=Unparsed("new"))]),
            MemberAction.BLOCKED,
            MemberReason.VERSION_UNKNOWN,
        ),
        (a_cluster("1.35.5", provisioning_state="Failed"), MemberAction.BLOCKED, MemberReason.CLUSTER_FAILED),
        (a_cluster("1.35.5", provisioning_state="failed"), MemberAction.BLOCKED, MemberReason.CLUSTER_FAILED),
        (a_cluster("1.35.6", provisioning_state="Failed"), MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (a_cluster("1.35.5", provisioning_state="Deleting"), MemberAction.SKIP, MemberReason.CLUSTER_DELETING),
        (a_cluster("1.35.5", provisioning_state="Updating"), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
        (
            a_cluster("1.35.5", provisioning_state="Failed", stopped=True),
            MemberAction.BLOCKED,
            MemberReason.CLUSTER_FAILED,
        ),
        (
            a_cluster("1.35.5", provisioning_state="Deleting", stopped=True),
            MemberAction.SKIP,
            MemberReason.CLUSTER_DELETING,
        ),
        (a_cluster("1.35.5", auto_provisioning=True), MemberAction.UPGRADE, MemberReason.NODE_AUTO_PROVISIONING),
        (a_cluster("1.35.6", auto_provisioning=True), MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        (a_cluster("1.33.9", auto_provisioning=True), MemberAction.BLOCKED, MemberReason.MINOR_GAP),
        (
            a_cluster("1.35.5", pools=[a_pool(from_snapshot=True)]),
            MemberAction.UPGRADE,
            MemberReason.SNAPSHOT_POOL,
        ),
    ],
)
def test_a_cluster_gets_its_action_and_reason(cluster: Cluster, action: MemberAction, reason: MemberReason) -> None:
    decision = assess(cluster)

    assert (decision.action, decision.reason) == (action, reason)
    assert decision.sentence.endswith(".")


@pytest.mark.parametrize("state", ["Joining", "Leaving", "Failed", "Canceled", "Unheard"])
def test_a_member_that_is_not_joined_is_skipped(state: str) -> None:
    decision = assess(a_member(state=state))

    assert (decision.action, decision.reason) == (MemberAction.SKIP, MemberReason.NOT_JOINED)
    assert state in decision.sentence


def test_a_member_being_updated_is_still_joined() -> None:
    assert assess(a_member(state="Updating")).action is MemberAction.UPGRADE


def test_a_cluster_that_could_not_be_read_is_blocked_with_why() -> None:
    decision = assess(a_member(Unknown("it was deleted")))

    assert (decision.action, decision.reason) == (MemberAction.BLOCKED, MemberReason.CLUSTER_UNKNOWN)
    assert "it was deleted" in decision.sentence


@pytest.mark.parametrize(
    ("reported", "sentence"),
    [
        (None, "Node pool extra reports no version."),
        (Unparsed("1.35"), 'Node pool extra reports "1.35".'),
    ],
)
def test_a_pool_without_a_version_that_can_be_parsed_is_named(reported: Unparsed | None, sentence: str) -> None:
    pool = NodePool("extra", reported, NodeImage.parse(f"{UBUNTU}-202607.09.0"))
    cluster = Cluster(a_cluster().id, "westus2", KubernetesVersion.parse("1.35.5"), node_pools=(pool,))

    assert assess(cluster).sentence == sentence


@pytest.mark.parametrize(
    ("cluster", "upgrade_type"),
    [
        (a_cluster("1.35.5", pools=[a_pool(version=Unparsed("new"))]), UpgradeType.CONTROL_PLANE_ONLY),
        (a_cluster("1.35.5", pools=[a_pool(version=Unparsed("new"))], auto_provisioning=True), UpgradeType.FULL),
    ],
)
def test_what_pools_report_does_not_matter_where_nodes_are_not_touched(
    cluster: Cluster, upgrade_type: UpgradeType
) -> None:
    assert assess(cluster, upgrade_type=upgrade_type).action is MemberAction.UPGRADE


@pytest.mark.parametrize(
    ("upgrade_type", "action"),
    [(UpgradeType.FULL, MemberAction.UPGRADE), (UpgradeType.CONTROL_PLANE_ONLY, MemberAction.UP_TO_DATE)],
)
def test_a_run_for_control_planes_has_nothing_to_do_where_only_nodes_are_behind(
    upgrade_type: UpgradeType, action: MemberAction
) -> None:
    cluster = a_cluster("1.35.6", pools=[a_pool(version="1.35.5")])

    assert assess(cluster, upgrade_type=upgrade_type).action is action


def test_nodes_of_auto_provisioning_are_not_waited_for() -> None:
    cluster = a_cluster("1.35.6", pools=[a_pool(version="1.34.9")], auto_provisioning=True)

    assert assess(cluster).reason is MemberReason.AT_TARGET


def test_a_cluster_with_auto_provisioning_gets_its_control_plane_only_and_says_so() -> None:
    assert "Only the control plane" in assess(a_cluster("1.35.5", auto_provisioning=True)).sentence


@pytest.mark.parametrize(
    ("selection", "clause"),
    [
        (NodeImageSelection.LATEST, "keeps the image"),
        (NodeImageSelection.CONSISTENT, "loses its reference to the snapshot"),
        (NodeImageSelection.CUSTOM, "loses its reference to the snapshot"),
    ],
)
def test_pools_from_a_snapshot_are_named_with_what_becomes_of_them(selection: NodeImageSelection, clause: str) -> None:
    cluster = a_cluster("1.35.5", pools=[a_pool(), a_pool(name="golden", from_snapshot=True)])

    assert f"node pool golden {clause}." in assess(cluster, selection=selection).sentence


def test_pools_from_a_snapshot_are_of_no_concern_to_a_run_for_control_planes() -> None:
    cluster = a_cluster("1.35.5", pools=[a_pool(from_snapshot=True)])

    assert assess(cluster, upgrade_type=UpgradeType.CONTROL_PLANE_ONLY).reason is MemberReason.BELOW_TARGET


def test_auto_provisioning_is_the_reason_before_a_snapshot_and_a_snapshot_before_lost_support() -> None:
    pools = [a_pool(from_snapshot=True)]
    offer = a_catalog(a_region("1.35.6"))

    both = a_cluster("1.34.9", pools=pools, auto_provisioning=True)
    snapshot = a_cluster("1.34.9", pools=pools)

    assert assess(both, catalog=offer).reason is MemberReason.NODE_AUTO_PROVISIONING
    assert assess(snapshot, catalog=offer).reason is MemberReason.SNAPSHOT_POOL


@pytest.mark.parametrize(
    ("region", "plan", "reason"),
    [
        (a_region("1.34.9", "1.35.6"), SupportPlan.KUBERNETES_OFFICIAL, MemberReason.BELOW_TARGET),
        (a_region("1.35.6"), SupportPlan.KUBERNETES_OFFICIAL, MemberReason.OUTSIDE_SUPPORT),
        (
            a_region("1.34.9", "1.35.6", plans={"1.34": LTS_ONLY}),
            SupportPlan.KUBERNETES_OFFICIAL,
            MemberReason.OUTSIDE_SUPPORT,
        ),
        (a_region("1.34.9", "1.35.6", plans={"1.34": LTS_ONLY}), LTS, MemberReason.BELOW_TARGET),
        (RegionCatalog("westus2", Unknown("no answer")), SupportPlan.KUBERNETES_OFFICIAL, MemberReason.BELOW_TARGET),
    ],
)
def test_a_cluster_is_outside_support_once_its_region_lists_its_minor_no_more_for_its_plan(
    region: RegionCatalog, plan: SupportPlan, reason: MemberReason
) -> None:
    decision = assess(a_cluster("1.34.9", plan=plan), catalog=a_catalog(region))

    assert (decision.action, decision.reason) == (MemberAction.UPGRADE, reason)


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (a_region("1.33.12", "1.35.6"), MemberReason.MINOR_GAP),
        (a_region("1.34.9", "1.35.6"), MemberReason.OUTSIDE_SUPPORT),
        (RegionCatalog("westus2", Unknown("no answer")), MemberReason.MINOR_GAP),
    ],
)
def test_a_cluster_two_minors_behind_is_blocked_and_the_reason_says_whether_it_is_in_support(
    region: RegionCatalog, reason: MemberReason
) -> None:
    decision = assess(a_cluster("1.33.9"), catalog=a_catalog(region))

    assert (decision.action, decision.reason) == (MemberAction.BLOCKED, reason)
    assert "one minor at a time" in decision.sentence


def test_an_lts_target_is_for_clusters_on_the_lts_plan() -> None:
    catalog = a_catalog(a_region("1.32.9", "1.32.100", plans={"1.32": LTS_ONLY}))

    on_plan = assess(a_cluster("1.32.9", plan=LTS), "1.32.100", lts=True, catalog=catalog)
    off_plan = assess(a_cluster("1.32.9"), "1.32.100", lts=True, catalog=catalog)
    unread = assess(a_cluster("1.32.9", plan=LTS), "1.32.100", lts=True, catalog=NOT_READ)

    assert on_plan.action is MemberAction.UPGRADE
    assert (off_plan.action, off_plan.reason) == (MemberAction.BLOCKED, MemberReason.NO_LONG_TERM_SUPPORT_PLAN)
    assert unread.action is MemberAction.UPGRADE


@pytest.mark.parametrize(
    ("region", "lts", "reason"),
    [
        (a_region("1.35.6"), False, MemberReason.OUTSIDE_SUPPORT),
        (a_region("1.34.9", "1.35.5"), False, MemberReason.NOT_OFFERED_IN_REGION),
        (a_region("1.34.9"), False, MemberReason.NOT_OFFERED_IN_REGION),
        (a_region("1.34.9", "1.35.6", previews=["1.35"]), False, MemberReason.NOT_OFFERED_IN_REGION),
        (a_region("1.34.9", "1.35.6", plans={"1.35": LTS_ONLY}), False, MemberReason.NOT_OFFERED_IN_REGION),
        (a_region("1.34.9", "1.35.6", plans={"1.35": LTS_ONLY}), True, MemberReason.BELOW_TARGET),
        (a_region("1.34.9", "1.35.6"), True, MemberReason.NOT_OFFERED_IN_REGION),
    ],
)
def test_a_member_is_skipped_while_its_region_lacks_the_version_on_the_targets_plan(
    region: RegionCatalog, *, lts: bool, reason: MemberReason
) -> None:
    decision = assess(a_cluster("1.34.9", plan=LTS), lts=lts, catalog=a_catalog(region))

    assert decision.reason is reason
    if reason is MemberReason.NOT_OFFERED_IN_REGION:
        assert decision.action is MemberAction.SKIP
        assert "westus2" in decision.sentence


def test_a_stopped_cluster_is_skipped_or_blocked_as_the_policy_says() -> None:
    stopped = a_cluster(stopped=True)

    skipped, failed = assess(stopped), assess(stopped, stopped_clusters=StoppedClusters.FAIL)

    assert (skipped.action, skipped.reason) == (MemberAction.SKIP, MemberReason.STOPPED)
    assert (failed.action, failed.reason) == (MemberAction.BLOCKED, MemberReason.STOPPED)


def test_members_are_assessed_in_the_order_in_which_they_are_given() -> None:
    members = [a_member(name="b"), a_member(name="a")]

    assert [decision.member for decision in assess_members(members, UpgradeContext(Target()))] == ["b", "a"]


def test_asking_a_rule_for_versions_without_one_is_a_bug() -> None:
    is_at_version = VERSION_RULES[1]

    with pytest.raises(InternalError):
        is_at_version(a_cluster(), UpgradeContext(Target()))


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
        (
            [a_pool(f"{UBUNTU}-202606.08.1"), a_pool(Unparsed("AKSUbuntu-new"), name="odd")],
            MemberAction.BLOCKED,
            MemberReason.NODE_IMAGE_UNKNOWN,
        ),
        ([a_pool(None)], MemberAction.BLOCKED, MemberReason.NODE_IMAGE_UNKNOWN),
        ([], MemberAction.UP_TO_DATE, MemberReason.AT_TARGET),
        ([a_pool(f"{UBUNTU}-202606.08.1", from_snapshot=True)], MemberAction.UPGRADE, MemberReason.SNAPSHOT_POOL),
    ],
)
def test_pools_are_held_against_the_image_of_their_own_family(
    pools: list[NodePool], action: MemberAction, reason: MemberReason
) -> None:
    decision = assess_images(a_cluster(pools=pools), f"{UBUNTU}-202607.09.0")

    assert (decision.action, decision.reason) == (action, reason)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (None, "Node pool system reports no node image."),
        (Unparsed("AKSUbuntu-new"), 'Node pool system reports node image "AKSUbuntu-new", of no known form.'),
    ],
)
def test_an_image_that_cannot_be_compared_is_reported_as_it_is(image: Unparsed | None, sentence: str) -> None:
    assert assess_images(a_cluster(pools=[a_pool(image)]), f"{UBUNTU}-202607.09.0").sentence == sentence


@pytest.mark.parametrize(
    ("cluster", "action", "reason"),
    [
        (a_cluster(stopped=True), MemberAction.SKIP, MemberReason.STOPPED),
        (a_cluster(provisioning_state="Failed"), MemberAction.BLOCKED, MemberReason.CLUSTER_FAILED),
        (a_cluster(provisioning_state="Deleting"), MemberAction.SKIP, MemberReason.CLUSTER_DELETING),
        (a_cluster(auto_provisioning=True), MemberAction.SKIP, MemberReason.NODE_AUTO_PROVISIONING),
        (a_cluster(Unparsed("odd")), MemberAction.UPGRADE, MemberReason.BELOW_TARGET),
    ],
)
def test_a_cluster_below_its_image_gets_its_action_and_reason(
    cluster: Cluster, action: MemberAction, reason: MemberReason
) -> None:
    decision = assess_images(cluster, f"{UBUNTU}-202607.10.0")

    assert (decision.action, decision.reason) == (action, reason)
    assert decision.sentence.endswith(".")


def test_a_cluster_outside_support_still_gets_images_and_the_reason_says_so() -> None:
    decision = assess_images(a_cluster("1.31.9"), f"{UBUNTU}-202607.10.0")

    assert (decision.action, decision.reason) == (MemberAction.UPGRADE, MemberReason.OUTSIDE_SUPPORT)
