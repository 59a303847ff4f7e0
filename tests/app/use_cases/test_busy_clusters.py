"""Two profiles of one fleet and busy clusters: one run a cluster at a time, nothing forgotten, nothing for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.fleet import Cluster, Member
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, Profile
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.reasons import MemberAction, MemberReason, Outcome, Reason
from shared.errors import NotReadyError, TransientError, UserMustFixError
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.generate_update_run import RunRefusedError, generate_update_run
from shared.use_cases.watch_runs import watch_runs
from tests.app.builders import not_started
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import FLEET, PROFILE, UBUNTU, UseCaseScene, a_member

IMAGES = FLEET.child("autoUpgradeProfiles", "images")
WAIT = timedelta(hours=6)


def busy(member: Member, state: str = "Updating") -> Member:
    assert isinstance(member.cluster, Cluster)
    return replace(member, cluster=replace(member.cluster, provisioning_state=state))


def below_image(name: str, version: str = "1.35.5") -> Member:
    """Below the newest node image as well."""
    member = a_member(name, version)
    assert isinstance(member.cluster, Cluster)
    old = NodeImage.parse(f"{UBUNTU}-202606.08.1")
    pools = tuple(replace(pool, image=old) for pool in member.cluster.node_pools)
    return replace(member, cluster=replace(member.cluster, node_pools=pools))


def act(scene: UseCaseScene, profile_id: ResourceId = PROFILE) -> Action:
    return act_on_profile(scene.services, profile_id)


def one_busy(**policies: str) -> UseCaseScene:
    scene = UseCaseScene(a_member("one"), busy(a_member("two")))
    scene.set_tags(**policies)
    return scene


def two_profiles(*members: Member) -> UseCaseScene:
    """A Kubernetes profile and one for node images, both due for the members."""
    scene = UseCaseScene(*(members or (below_image("one"), below_image("two"))))
    profiles = (*scene.azure.fleet.profiles, Profile(IMAGES, Channel.NODE_IMAGE))
    scene.azure.fleet = replace(scene.azure.fleet, profiles=profiles)
    return scene


def someone_elses(**members: UpdateState) -> UpdateRun:
    run_id = FLEET.child("updateRuns", "theirs")
    return UpdateRun(run_id, UpgradeType.CONTROL_PLANE_ONLY, UpdateState.RUNNING, member_states=members, etag='"t"')


def starts_theirs(scene: UseCaseScene, **members: UpdateState) -> Callable[[], None]:
    """Someone else starts a run just before this app looks again."""

    def start() -> None:
        others = [run for run in scene.azure.fleet.update_runs if run.name != "theirs"]
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(*others, someone_elses(**members)))

    return start


class TestWaiting:
    def test_no_run_is_generated_towards_a_busy_cluster(self) -> None:
        scene = one_busy()

        action = act(scene)

        assert action.decision.reason is Reason.MEMBERS_BUSY
        assert scene.azure.created == []

    def test_the_wait_is_counted_from_the_first_evaluation_on_and_ends_without_the_busy_cluster(self) -> None:
        scene = one_busy()
        scene.evaluate()
        scene.azure.time += WAIT - timedelta(minutes=1)
        assert act(scene).decision.outcome is Outcome.WAITING

        scene.azure.time += timedelta(minutes=1)
        action = act(scene)

        assert action.started
        assert [members for _, members in scene.azure.skipped] == [("two",)]

    def test_a_cluster_that_was_not_waited_for_any_longer_is_caught_up_once_it_is_free(self) -> None:
        scene = one_busy(busy_wait="PT0S")
        act(scene)
        scene.azure.finish(scene.azure.created[0])
        scene.set_members(a_member("one", "1.35.6"), a_member("two"))

        action = act(scene)

        assert action.decision.reason is Reason.CATCH_UP_DUE
        assert action.started

    def test_a_start_that_fails_after_the_wait_does_not_begin_another_wait(self) -> None:
        scene = one_busy()
        act(scene)
        scene.azure.time += WAIT
        scene.azure.stops_after = 1
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()

        assert act(scene).started

    def test_another_wait_begins_with_the_next_run(self) -> None:
        scene = one_busy()
        act(scene)
        scene.azure.time += WAIT
        act(scene)
        watch_runs(scene.services)
        scene.azure.finish(scene.azure.created[0])
        scene.set_members(a_member("one", "1.35.6"), busy(a_member("two")), a_member("three"))

        assert act(scene).decision.outcome is Outcome.WAITING

    def test_a_person_starts_a_run_without_the_busy_cluster_at_once(self) -> None:
        scene = one_busy()

        run_id = generate_update_run(scene.services, PROFILE, start=True)

        assert scene.azure.started == [run_id.name]
        assert [members for _, members in scene.azure.skipped] == [("two",)]

    def test_a_person_who_starts_a_run_for_busy_clusters_alone_is_refused_with_the_reason(self) -> None:
        scene = UseCaseScene(busy(a_member("one")))

        with pytest.raises(RunRefusedError, match="An operation is under way on the cluster") as caught:
            generate_update_run(scene.services, PROFILE, start=True)

        assert caught.value.decision.reason is Reason.MEMBERS_BUSY


class TestWatch:
    def test_a_profile_that_waits_is_decided_again_and_enqueued_once_its_clusters_are_free(self) -> None:
        scene = one_busy()
        scene.evaluate()
        scene.azure.time += timedelta(minutes=5)
        assert watch_runs(scene.services).looked
        assert scene.azure.due == []

        scene.set_members(a_member("one"), a_member("two"))
        watch_runs(scene.services)

        assert scene.azure.due == [PROFILE]

    def test_a_profile_that_waits_no_longer_is_not_decided_again(self) -> None:
        scene = one_busy()
        act(scene)
        scene.set_members(a_member("one", "1.35.6"))
        watch_runs(scene.services)

        assert not watch_runs(scene.services).looked

    def test_a_wait_of_a_profile_that_was_deleted_is_not_followed(self) -> None:
        scene = one_busy()
        act(scene)
        scene.azure.fleet = replace(scene.azure.fleet, profiles=())

        assert not watch_runs(scene.services).looked


class TestOneDrainInsteadOfTwo:
    def test_the_kubernetes_run_goes_first_in_any_order_of_events_and_most_often_the_other_is_not_needed(self) -> None:
        scene = two_profiles()

        assert act(scene, IMAGES).decision.outcome is Outcome.WAITING
        assert act(scene, PROFILE).started
        waiting = act(scene, IMAGES).decision
        assert {member.reason for member in waiting.members} == {MemberReason.IN_ANOTHER_RUN}

        scene.azure.finish(scene.azure.created[0])
        scene.set_members(a_member("one", "1.35.6"), a_member("two", "1.35.6"))
        assert act(scene, IMAGES).decision.reason is Reason.UP_TO_DATE
        assert len(scene.azure.started) == 1


class TestRace:
    """Two calls that decide at the same moment."""

    def test_a_run_that_would_overlap_with_one_started_meanwhile_is_not_generated_and_not_forgotten(self) -> None:
        scene = UseCaseScene()
        scene.azure.before_runs_are_read = starts_theirs(scene, two=UpdateState.NOT_STARTED)

        action = act(scene)

        assert not action.started
        assert action.decision.reason is Reason.MEMBERS_BUSY
        assert [(member.member, member.action) for member in action.decision.members] == [
            ("one", MemberAction.UPGRADE),
            ("two", MemberAction.WAIT),
        ]
        assert scene.ledger.decisions[PROFILE] == action.decision
        assert scene.azure.created == []

        scene.azure.before_runs_are_read = starts_theirs(scene, two=UpdateState.COMPLETED)
        scene.azure.before_runs_are_read()
        watch_runs(scene.services)
        assert scene.azure.due == [PROFILE]
        assert act(scene).started
        assert scene.azure.started == scene.azure.created

    def test_the_wait_of_such_a_run_ends_too(self) -> None:
        scene = UseCaseScene()
        scene.azure.before_runs_are_read = starts_theirs(scene, two=UpdateState.NOT_STARTED)
        act(scene)
        scene.azure.time += WAIT

        action = act(scene)

        assert action.started
        assert [members for _, members in scene.azure.skipped] == [("two",)]

    def test_a_restart_that_overlaps_is_neither_made_nor_counted(self) -> None:
        scene = UseCaseScene()
        scene.set_tags(retry="1")
        act(scene)
        scene.azure.fail(scene.azure.created[0], "two")
        scene.azure.time += timedelta(hours=1)
        scene.azure.before_runs_are_read = starts_theirs(scene, two=UpdateState.RUNNING)

        assert act(scene).decision.reason is Reason.MEMBERS_BUSY
        assert [record.restarts for record, _ in scene.ledger.records.values()] == [0]

        scene.azure.before_runs_are_read = starts_theirs(scene, two=UpdateState.COMPLETED)
        scene.azure.before_runs_are_read()
        assert act(scene).started

    def test_while_another_run_of_the_fleet_is_being_started_the_call_is_to_be_repeated(self) -> None:
        scene = UseCaseScene()
        scene.ledger.lease_start(FLEET.child("updateRuns", "another"), ["two"], scene.azure.time, not_started)

        with pytest.raises(NotReadyError, match="is being started on clusters of"):
            act(scene)
        assert scene.azure.started == []

        scene.azure.time += timedelta(minutes=5)
        assert act(scene).started

    def test_a_call_that_takes_longer_than_the_lease_starts_nothing(self) -> None:
        scene = UseCaseScene()

        def take_long() -> None:
            scene.azure.time += timedelta(minutes=4)

        scene.azure.before_runs_are_read = take_long
        with pytest.raises(NotReadyError, match="ran out before it was started"):
            act(scene)

        assert scene.azure.started == []
        scene.ledger.lease_start(FLEET.child("updateRuns", "another"), ["two"], scene.azure.time, not_started)

    def test_the_lease_on_a_run_that_fleet_shows_as_started_excludes_no_one(self) -> None:
        """The other profile then waits for the run, which its decision says, instead of being repeated."""
        scene = two_profiles()
        act(scene)
        assert [run.name.lower() for run in scene.ledger.leases] == [scene.azure.created[0].lower()]

        scene.ledger.lease_start(FLEET.child("updateRuns", "another"), ["two"], scene.azure.time, lambda *_: True)
        assert [run.name for run in scene.ledger.leases] == ["another"]

    @pytest.mark.parametrize(
        ("state", "ended_after", "is_free"),
        [
            (UpdateState.RUNNING, None, True),
            (UpdateState.COMPLETED, None, True),
            (UpdateState.FAILED, timedelta(seconds=30), True),
            (UpdateState.FAILED, -timedelta(seconds=30), False),  # its restart may be on its way
            (UpdateState.STOPPED, None, False),
            (UpdateState.NOT_STARTED, None, False),
        ],
    )
    def test_a_lease_on_another_run_is_respected_unless_that_run_was_started_since(
        self, state: UpdateState, ended_after: timedelta | None, *, is_free: bool
    ) -> None:
        scene = UseCaseScene()
        ended = scene.azure.time + ended_after if ended_after is not None else None
        other = UpdateRun(
            FLEET.child("updateRuns", "another"),
            UpgradeType.FULL,
            state,
            completed_at=ended,
            member_states={"x": state},
        )
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(other,))
        scene.ledger.lease_start(other.id, ["two"], scene.azure.time, not_started)

        if is_free:
            assert act(scene).started
        else:
            with pytest.raises(NotReadyError, match="is being started on clusters of"):
                act(scene)
            assert scene.azure.started == []

    def test_while_a_run_that_holds_a_lease_does_not_exist_the_call_is_to_be_repeated(self) -> None:
        scene = UseCaseScene()
        scene.ledger.lease_start(FLEET.child("updateRuns", "deleted"), ["two"], scene.azure.time, not_started)
        with pytest.raises(NotReadyError):
            act(scene)

    def test_the_lease_is_given_back_after_a_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        refused = UseCaseScene()

        def refuse(_: UpdateRun) -> bool:
            raise UserMustFixError("Fleet refuses")

        monkeypatch.setattr(refused.azure, "start_run", refuse)
        with pytest.raises(UserMustFixError):
            act(refused)

        assert refused.ledger.leases == {}

    def test_the_lease_is_kept_where_it_is_not_known_whether_a_start_arrived(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene()

        def time_out(_: UpdateRun) -> bool:
            raise TransientError("timed out")

        monkeypatch.setattr(scene.azure, "start_run", time_out)
        with pytest.raises(TransientError):
            act(scene)

        assert scene.ledger.leases

    @pytest.mark.parametrize("when", ["stops_before", "stops_after"])
    @pytest.mark.parametrize("write", range(1, 4))
    def test_a_stop_around_any_write_leaves_a_run_that_is_started_once_after_the_wait(
        self, when: str, write: int
    ) -> None:
        scene = one_busy()
        act(scene)
        scene.azure.time += WAIT
        setattr(scene.azure, when, write)
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()

        act(scene)

        assert len(scene.azure.created) == len(scene.azure.started) == 1
