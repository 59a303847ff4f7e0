"""Catching up stepwise: one minor a run, those who are furthest behind first, until all are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, Member
from shared.core.model.profile import Channel, Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import CandidateReason, MemberAction, MemberReason, Outcome, Reason
from tests.app.builders import (
    BOTH_PLANS,
    LTS_ONLY,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    facts,
    run_of,
)
from tests.app.core.reading import actions_of, reasons_of, specification_of, target_of, verdict

LTS = SupportPlan.AKS_LONG_TERM_SUPPORT
STABLE = a_profile(Channel.STABLE)
OFFER = a_region("1.31.10", "1.32.11", "1.33.12", "1.34.9", "1.35.6")


def stepped(
    *clusters: Cluster, profile: Profile = STABLE, region: RegionCatalog = OFFER, catch_up: str = "stepwise"
) -> Decision:
    """The decision on a scope of these clusters, whose members have the clusters' names."""
    members = [a_member(cluster, name=cluster.id.name) for cluster in clusters]
    return decided(members, profile, region, catch_up)


def decided(
    members: Iterable[Member], profile: Profile = STABLE, region: RegionCatalog = OFFER, catch_up: str = "stepwise"
) -> Decision:
    return decide(facts(profile, members, a_catalog(region), policy={"catch-up": catch_up}))


def steps_of(cluster: Cluster, profile: Profile = STABLE, region: RegionCatalog = OFFER) -> list[str]:
    """The targets of one run after the other, each of them applied to the cluster and its pools."""
    targets: list[str] = []
    while (decision := stepped(cluster, profile=profile, region=region)).outcome is Outcome.GENERATE:
        targets.append(target_of(decision))
        assert len(targets) < 10
        version = specification_of(decision).kubernetes_version
        assert version is not None
        pools = tuple(replace(pool, kubernetes_version=version) for pool in cluster.node_pools)
        cluster = replace(cluster, kubernetes_version=version, node_pools=pools)
    assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
    return targets


def test_without_the_policy_a_cluster_three_minors_behind_is_blocked() -> None:
    decision = stepped(a_cluster("1.31.9"), catch_up="off")

    assert verdict(decision) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)


def test_from_1_31_to_1_34_it_takes_three_runs() -> None:
    assert steps_of(a_cluster("1.31.9")) == ["1.32.11", "1.33.12", "1.34.9"]


def test_a_cluster_one_minor_behind_takes_no_step() -> None:
    assert steps_of(a_cluster("1.33.1")) == ["1.34.9"]


def test_a_step_says_what_it_leads_to_and_what_comes_after_it() -> None:
    decision = stepped(a_cluster("1.31.9"))

    assert decision.sentence == "1 cluster is below 1.32.11, a step towards 1.34.9."
    assert {found.name: found.reason for found in decision.considered.rejected} == {
        "1.33.12": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.34.9": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_those_who_are_furthest_behind_go_first_and_the_others_are_ahead_meanwhile() -> None:
    decision = stepped(a_cluster("1.32.5", name="two"), a_cluster("1.31.9", name="one"), a_cluster("1.33.1", name="c"))

    assert target_of(decision) == "1.32.11"
    assert reasons_of(decision) == {
        "one": MemberReason.BELOW_TARGET,
        "two": MemberReason.BELOW_TARGET,
        "c": MemberReason.AHEAD_OF_TARGET,
    }


BETWEEN = [a_pool(version="1.31.9")]
"""Nodes below the step, under a control plane that is ahead of it."""


@pytest.mark.parametrize(
    "ahead",
    [
        a_cluster("1.33.1", name="ahead", pools=BETWEEN, provisioning_state="Failed"),
        a_cluster("1.33.1", name="ahead", pools=BETWEEN, provisioning_state="Deleting"),
        a_cluster("1.33.1", name="ahead", pools=BETWEEN, stopped=True),
    ],
)
def test_one_that_is_ahead_of_the_step_is_skipped_if_its_older_nodes_cannot_be_upgraded(ahead: Cluster) -> None:
    """Fleet would fail the run for it, though nothing of it is due."""
    decision = stepped(a_cluster("1.31.9", name="behind"), ahead)

    assert target_of(decision) == "1.32.11"
    assert reasons_of(decision)["ahead"] is MemberReason.AHEAD_OF_TARGET
    assert decision.members_to_skip == ("ahead",)


@pytest.mark.parametrize("skipped", [a_cluster("1.31.9"), a_cluster("1.32.5", pools=[a_pool(version="1.31.9")])])
def test_one_that_a_person_skipped_in_a_step_does_not_hold_the_others_there(skipped: Cluster) -> None:
    states = {"one": UpdateState.SKIPPED, "two": UpdateState.COMPLETED}
    step = run_of(specification_of(stepped(skipped)), UpdateState.COMPLETED, members=states)
    members = [a_member(skipped), a_member(a_cluster("1.32.11", name="two"), name="two")]

    decision = decide(facts(STABLE, members, a_catalog(OFFER), runs=[step], policy={"catch-up": "stepwise"}))

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert decision.sentence == "1 cluster is below 1.33.12, a step towards 1.34.9."
    assert reasons_of(decision) == {"one": MemberReason.SKIPPED_IN_RUN, "two": MemberReason.BELOW_TARGET}


def test_those_that_a_person_skipped_in_different_steps_hold_no_other() -> None:
    clusters = [a_cluster("1.31.9"), a_cluster("1.32.11", name="two"), a_cluster("1.33.12", name="three")]
    steps = [
        run_of(
            specification_of(stepped(cluster)), UpdateState.COMPLETED, members={cluster.id.name: UpdateState.SKIPPED}
        )
        for cluster in clusters[:2]
    ]
    members = [a_member(cluster, name=cluster.id.name) for cluster in clusters]

    decision = decide(facts(STABLE, members, a_catalog(OFFER), runs=steps, policy={"catch-up": "stepwise"}))

    assert target_of(decision) == "1.34.9"
    assert reasons_of(decision) == {
        "one": MemberReason.SKIPPED_IN_RUN,
        "two": MemberReason.SKIPPED_IN_RUN,
        "three": MemberReason.BELOW_TARGET,
    }


def test_a_minor_that_has_left_the_standard_plan_is_taken_by_a_cluster_on_the_lts_plan() -> None:
    region = a_region(
        "1.29.101",
        "1.30.101",
        "1.31.10",
        "1.31.100",
        "1.32.11",
        "1.33.12",
        plans={"1.29": LTS_ONLY, "1.30": LTS_ONLY, "1.31": BOTH_PLANS},
    )

    assert steps_of(a_cluster("1.29.100", plan=LTS), region=region) == ["1.30.101", "1.31.10", "1.32.11"]


def test_a_cluster_on_the_standard_plan_cannot_take_such_a_step() -> None:
    region = a_region("1.29.101", "1.30.101", "1.31.10", "1.32.11", "1.33.12", plans={"1.30": LTS_ONLY})

    decision = stepped(a_cluster("1.29.15"), region=region)

    assert verdict(decision) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)
    assert target_of(decision) == "1.32.11"


def test_a_cluster_on_the_standard_plan_is_skipped_in_a_step_for_the_lts_plan() -> None:
    region = a_region("1.30.101", "1.31.10", "1.32.11", "1.33.12", plans={"1.30": LTS_ONLY})

    decision = stepped(
        a_cluster("1.29.100", name="lts", plan=LTS), a_cluster("1.29.15", name="standard"), region=region
    )

    assert target_of(decision) == "1.30.101"
    assert reasons_of(decision) == {
        "lts": MemberReason.OUTSIDE_SUPPORT,
        "standard": MemberReason.NO_LONG_TERM_SUPPORT_PLAN,
    }


def test_nodes_behind_their_control_plane_catch_up_before_it_moves_on() -> None:
    cluster = a_cluster("1.32.5", pools=[a_pool(version="1.31.9")])

    assert steps_of(cluster) == ["1.32.11", "1.33.12", "1.34.9"]


def test_nodes_catch_up_with_a_control_plane_that_has_the_newest_patch() -> None:
    cluster = a_cluster("1.32.11", pools=[a_pool(version="1.31.9")])

    assert steps_of(cluster) == ["1.32.11", "1.33.12", "1.34.9"]


def test_nodes_catch_up_before_their_control_plane_goes_the_last_step() -> None:
    cluster = a_cluster("1.33.12", pools=[a_pool(version="1.32.5")])

    assert steps_of(cluster) == ["1.33.12", "1.34.9"]


def test_nodes_far_behind_a_control_plane_that_has_the_targets_minor_go_straight_to_the_target() -> None:
    cluster = a_cluster("1.34.2", pools=[a_pool(version="1.32.5")])

    decision = stepped(cluster)

    assert target_of(decision) == "1.34.9"
    assert decision.sentence == "1 cluster is below 1.34.9."


def test_no_step_leads_beyond_the_target() -> None:
    """The control plane has a build that only the LTS plan has; the next step by number would be another minor."""
    region = a_region("1.31.9", "1.32.11", "1.32.100", "1.32.101", "1.33.12", "1.35.6", plans={"1.32": BOTH_PLANS})
    profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.32", long_term_support=True)
    cluster = a_cluster("1.32.100", plan=LTS, pools=[a_pool(version="1.30.14")])

    assert target_of(stepped(cluster, profile=profile, region=region)) == "1.32.101"


def test_nodes_a_patch_behind_need_no_run_of_their_own() -> None:
    cluster = a_cluster("1.32.5", pools=[a_pool(version="1.32.1")])

    assert steps_of(cluster) == ["1.33.12", "1.34.9"]


def test_nodes_are_not_taken_back_to_a_patch_below_their_control_plane() -> None:
    """The patch that the control plane runs was withdrawn since."""
    cluster = a_cluster("1.32.12", pools=[a_pool(version="1.31.9")])

    assert steps_of(cluster) == ["1.33.12", "1.34.9"]


def test_nodes_that_auto_provisioning_manages_are_not_waited_for() -> None:
    cluster = a_cluster("1.32.5", pools=[a_pool(version="1.31.9")], auto_provisioning=True)

    assert target_of(stepped(cluster)) == "1.33.12"


def test_a_step_that_is_not_offered_blocks_as_without_the_policy() -> None:
    decision = stepped(a_cluster("1.31.9"), region=a_region("1.31.10", "1.33.12", "1.34.9", "1.35.6"))

    assert verdict(decision) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)
    assert target_of(decision) == "1.34.9"


def test_a_cluster_whose_step_is_not_offered_does_not_stop_the_others() -> None:
    decision = stepped(a_cluster("1.29.15", name="lost"), a_cluster("1.32.5", name="behind"))

    assert target_of(decision) == "1.33.12"
    assert reasons_of(decision) == {"lost": MemberReason.OUTSIDE_SUPPORT, "behind": MemberReason.BELOW_TARGET}


def test_a_stopped_cluster_is_not_waited_for_though_it_is_furthest_behind() -> None:
    decision = stepped(a_cluster("1.31.9", name="stopped", stopped=True), a_cluster("1.33.1", name="running"))

    assert target_of(decision) == "1.34.9"
    assert decision.members_to_skip == ("stopped",)


def test_nor_does_a_stopped_cluster_choose_the_step_of_the_others() -> None:
    decision = stepped(a_cluster("1.31.9", name="stopped", stopped=True), a_cluster("1.32.5", name="running"))

    assert target_of(decision) == "1.33.12"


@pytest.mark.parametrize("state", ["Failed", "Deleting"])
def test_nor_is_one_that_has_failed_or_is_being_deleted(state: str) -> None:
    decision = stepped(
        a_cluster("1.31.9", name="broken", provisioning_state=state), a_cluster("1.33.1", name="running")
    )

    assert target_of(decision) == "1.34.9"


def test_nor_does_a_failed_cluster_choose_the_step_of_the_others() -> None:
    failed = a_cluster("1.31.9", name="failed", provisioning_state="Failed")

    decision = stepped(failed, a_cluster("1.32.9", name="behind"))

    assert target_of(decision) == "1.33.12"
    assert actions_of(decision)["failed"] is MemberAction.BLOCKED


def test_members_whose_version_is_unknown_take_no_step() -> None:
    members = [
        a_member(Unknown("deleted"), name="gone"),
        a_member(a_cluster(Unparsed("odd"), name="odd"), name="odd"),
        a_member(a_cluster("1.33.1")),
    ]

    decision = decided(members)

    assert target_of(decision) == "1.34.9"
    assert decision.members_to_skip == ("gone", "odd")


def test_one_that_can_take_no_step_does_not_hide_the_target_from_the_others() -> None:
    decision = stepped(a_cluster("1.29.15", name="lost"), a_cluster("1.33.1", name="near"))

    assert target_of(decision) == "1.34.9"
    assert actions_of(decision) == {"lost": MemberAction.BLOCKED, "near": MemberAction.UPGRADE}


def test_the_named_minor_is_reached_stepwise_too() -> None:
    profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.35")

    assert steps_of(a_cluster("1.32.5"), profile) == ["1.33.12", "1.34.9", "1.35.6"]


def test_node_images_know_no_steps() -> None:
    decision = decided([a_member(a_cluster("1.31.9"))], a_profile(Channel.NODE_IMAGE))

    assert decision.reason is Reason.UP_TO_DATE


def test_under_any_a_step_that_the_clusters_own_region_lacks_does_not_stop_the_others() -> None:
    members = [
        a_member(a_cluster("1.31.9", name="late", region="eastus"), name="late"),
        a_member(a_cluster("1.33.1")),
    ]
    late = a_region("1.31.10", "1.33.12", "1.34.9", "1.35.6", name="eastus")

    decision = decide(facts(STABLE, members, a_catalog(OFFER, late), policy={"catch-up": "stepwise", "regions": "any"}))

    assert target_of(decision) == "1.34.9"
    assert decision.outcome is Outcome.GENERATE
