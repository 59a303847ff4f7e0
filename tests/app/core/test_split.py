"""Split runs: control planes first, nodes after."""

from __future__ import annotations

from dataclasses import replace

from shared.core.decision import Decision
from shared.core.model.fleet import Cluster
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import MemberAction, MemberReason, Outcome, Reason
from tests.app.builders import a_catalog, a_cluster, a_member, a_pool, a_profile, a_region, a_run, facts, run_of
from tests.app.core.reading import actions_of, reasons_of, sentence_of, specification_of, target_of, verdict

COMPLETED = UpdateState.COMPLETED
SPLIT = {"split": "control-plane-first"}
IMAGES = a_profile(Channel.NODE_IMAGE)
NODES_BEHIND = a_cluster("1.35.6", pools=[a_pool(version="1.35.5")])


def split(*clusters: Cluster, profile: Profile | None = None, runs: tuple[UpdateRun, ...] = ()) -> Decision:
    members = [a_member(cluster, name=cluster.id.name) for cluster in clusters]
    return decide(facts(profile, members, runs=runs, policy=SPLIT))


def test_control_planes_go_first_and_their_run_selects_no_images() -> None:
    decision = split(a_cluster())

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert decision.sentence == "1 cluster is below 1.35.6 with the control plane."
    assert specification_of(decision).upgrade_type is UpgradeType.CONTROL_PLANE_ONLY
    assert specification_of(decision).node_image_selection is None


def test_nodes_follow_once_every_control_plane_is_there() -> None:
    decision = split(NODES_BEHIND)

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert specification_of(decision).upgrade_type is UpgradeType.FULL
    assert specification_of(decision).node_image_selection is NodeImageSelection.LATEST


def test_nodes_wait_until_the_last_control_plane_is_there() -> None:
    decision = split(NODES_BEHIND, a_cluster(name="two"))

    assert specification_of(decision).upgrade_type is UpgradeType.CONTROL_PLANE_ONLY
    assert reasons_of(decision) == {"one": MemberReason.AT_TARGET, "two": MemberReason.BELOW_TARGET}


def test_nodes_do_not_wait_for_a_control_plane_that_cannot_be_upgraded() -> None:
    decision = split(NODES_BEHIND, a_cluster(name="two", stopped=True))

    assert specification_of(decision).upgrade_type is UpgradeType.FULL


class TestSkippedByPerson:
    """A person skips member two in the run for control planes, which finishes."""

    @staticmethod
    def decided(one: Cluster, *later: UpdateRun, by_app: bool = False, state: UpdateState = COMPLETED) -> Decision:
        two = a_cluster(name="two")
        first = specification_of(split(a_cluster(), two))
        control_planes = run_of(first, state, members={"one": COMPLETED, "two": UpdateState.SKIPPED})
        members = [a_member(cluster, name=cluster.id.name) for cluster in (one, two)]
        record = RunRecord(Intent.UPGRADE, frozenset({"two"} if by_app else ()))
        records = {control_planes.name: record}
        return decide(facts(None, members, runs=(control_planes, *later), records=records, policy=SPLIT))

    def test_the_nodes_of_the_others_follow_without_it(self) -> None:
        decision = self.decided(NODES_BEHIND)

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert decision.sentence == "1 cluster is below 1.35.6."
        assert specification_of(decision).upgrade_type is UpgradeType.FULL
        assert reasons_of(decision) == {"one": MemberReason.BELOW_TARGET, "two": MemberReason.SKIPPED_IN_RUN}
        assert actions_of(decision)["two"] is MemberAction.SKIP
        assert sentence_of(decision, "two") == (
            f"Skipped in update run {specification_of(split(a_cluster())).name}, which went before this one; "
            "delete that run to upgrade the cluster."
        )
        assert specification_of(decision) == specification_of(split(NODES_BEHIND))

    def test_the_run_of_nodes_is_recognized(self) -> None:
        nodes = run_of(specification_of(split(NODES_BEHIND)), UpdateState.STOPPED)

        assert self.decided(NODES_BEHIND, nodes).run_id == nodes.id

    def test_once_the_others_are_there_it_is_for_a_person(self) -> None:
        assert verdict(self.decided(a_cluster("1.35.6"))) == (Outcome.BLOCKED, Reason.RUN_INCOMPLETE)

    def test_the_others_wait_while_the_first_run_is_not_finished(self) -> None:
        decision = self.decided(NODES_BEHIND, state=UpdateState.RUNNING)

        assert decision.reason is Reason.RUN_IN_PROGRESS

    def test_another_that_is_still_below_with_its_control_plane_is_for_a_person(self) -> None:
        assert self.decided(a_cluster()).reason is Reason.RUN_INCOMPLETE

    def test_the_nodes_of_the_others_wait_for_one_that_no_person_skipped(self) -> None:
        two = a_cluster(name="two")
        first = specification_of(split(a_cluster(), two))
        control_planes = run_of(first, COMPLETED, members={"one": COMPLETED, "two": COMPLETED})

        decision = split(NODES_BEHIND, two, runs=(control_planes,))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.RUN_INCOMPLETE)
        assert reasons_of(decision) == {"one": MemberReason.AT_TARGET, "two": MemberReason.BELOW_TARGET}

    def test_one_that_the_app_had_skipped_is_caught_up_first(self) -> None:
        decision = self.decided(NODES_BEHIND, by_app=True)

        assert decision.reason is Reason.CATCH_UP_DUE
        assert specification_of(decision).upgrade_type is UpgradeType.CONTROL_PLANE_ONLY


def test_the_two_halves_are_two_runs() -> None:
    assert specification_of(split(a_cluster())).name != specification_of(split(NODES_BEHIND)).name


def test_nodes_wait_while_the_control_planes_run_is_going_on() -> None:
    control_planes = run_of(specification_of(split(a_cluster())), UpdateState.RUNNING)

    assert split(NODES_BEHIND, runs=(control_planes,)).reason is Reason.ACTIVE_RUN


def test_a_full_run_by_someone_else_is_not_the_first_half() -> None:
    other = a_run(members={"two": UpdateState.RUNNING})

    assert split(a_cluster(), runs=(other,)).outcome is Outcome.GENERATE


def test_a_run_for_control_planes_by_someone_else_is_with_any_images() -> None:
    other = a_run(upgrade_type=UpgradeType.CONTROL_PLANE_ONLY, selection=NodeImageSelection.CONSISTENT)

    assert split(a_cluster(), runs=(other,)).reason is Reason.RUN_IN_PROGRESS


def test_a_cluster_with_auto_provisioning_is_done_after_the_first_half() -> None:
    below = a_cluster(auto_provisioning=True)

    assert specification_of(split(below)).upgrade_type is UpgradeType.CONTROL_PLANE_ONLY
    there = a_cluster("1.35.6", pools=[a_pool(version="1.35.5")], auto_provisioning=True)
    assert split(there).reason is Reason.UP_TO_DATE


def test_node_images_are_not_split() -> None:
    decision = split(a_cluster(pools=[a_pool("AKSUbuntu-2204gen2containerd-202607.02.0")]), profile=IMAGES)

    assert specification_of(decision).upgrade_type is UpgradeType.NODE_IMAGE_ONLY


def test_split_and_stepwise_together_take_each_minor_in_two_halves() -> None:
    cluster = a_cluster("1.31.9")
    catalog = a_catalog(a_region("1.31.10", "1.32.11", "1.33.12", "1.34.9"))
    policy = SPLIT | {"catch-up": "stepwise"}
    halves: list[tuple[str, UpgradeType]] = []
    while (decision := decide(facts(None, [a_member(cluster)], catalog, policy=policy))).outcome is Outcome.GENERATE:
        specification = specification_of(decision)
        assert specification.upgrade_type is not UpgradeType.NODE_IMAGE_ONLY
        halves.append((target_of(decision), specification.upgrade_type))
        assert len(halves) < 10
        version = specification.kubernetes_version
        assert version is not None
        cluster = replace(cluster, kubernetes_version=version)
        if specification.upgrade_type is UpgradeType.FULL:
            pools = tuple(replace(pool, kubernetes_version=version) for pool in cluster.node_pools)
            cluster = replace(cluster, node_pools=pools)

    assert halves == [
        ("1.32.11", UpgradeType.CONTROL_PLANE_ONLY),
        ("1.32.11", UpgradeType.FULL),
        ("1.33.12", UpgradeType.CONTROL_PLANE_ONLY),
        ("1.33.12", UpgradeType.FULL),
        ("1.34.9", UpgradeType.CONTROL_PLANE_ONLY),
        ("1.34.9", UpgradeType.FULL),
    ]
