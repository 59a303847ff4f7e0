"""Policies as they are applied: what starts, what is stopped first, when nothing happens, and what writes the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import NodeImageSelection
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.reasons import DecisionWarning, Outcome, Reason
from shared.core.releases.releases import NewReleases, releases_of
from shared.errors import NotReadyError
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.decide_profile import EvaluationOptions, decide_profile
from shared.use_cases.generate_update_run import RunRefusedError, generate_update_run
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene, a_catalog, a_member


def act(scene: UseCaseScene) -> Action:
    return act_on_profile(scene.services, PROFILE)


def a_scene(**policies: str) -> UseCaseScene:
    scene = UseCaseScene()
    scene.set_tags(**policies)
    return scene


def a_native_run(version: str = "1.35.6", state: UpdateState = UpdateState.NOT_STARTED) -> UpdateRun:
    return UpdateRun(
        id=FLEET.child("updateRuns", "auto-rapid-rapid-1-35-6-1cnmmzn"),
        upgrade_type=UpgradeType.FULL,
        state=state,
        kubernetes_version=KubernetesVersion.parse(version),
        node_image_selection=NodeImageSelection.LATEST,
        auto_upgrade_profile_id=PROFILE,
        member_states={"one": UpdateState.NOT_STARTED, "two": UpdateState.NOT_STARTED},
    )


class TestStartManual:
    def test_a_trigger_generates_for_review_and_starts_nothing(self) -> None:
        scene = a_scene(start="manual")

        act(scene)

        assert len(scene.azure.created) == 1
        assert scene.azure.started == []
        assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW

    def test_a_person_may_still_start_it(self) -> None:
        scene = a_scene(start="manual")

        generate_update_run(scene.services, PROFILE, start=True)

        assert scene.azure.started == scene.azure.created

    def test_what_was_made_for_review_stays_so_when_the_policy_is_lifted(self) -> None:
        scene = a_scene(start="manual")
        act(scene)
        scene.set_tags()

        assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW
        assert scene.azure.started == []


class TestFreeze:
    def test_nothing_is_generated_in_a_freeze(self) -> None:
        scene = a_scene(freeze="2026-08-01/2026-08-03")

        assert act(scene).decision.reason is Reason.FREEZE
        assert scene.azure.created == []

    def test_a_run_left_unstarted_is_not_started_in_a_freeze_and_is_after_it(self) -> None:
        scene = UseCaseScene()
        scene.azure.stops_before = 2
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()
        scene.set_tags(freeze="2026-08-01/2026-08-03")

        assert act(scene).decision.reason is Reason.FREEZE
        assert scene.azure.started == []
        scene.azure.time += timedelta(days=1)
        assert act(scene).started

    def test_not_even_a_person_starts_anything_in_a_freeze(self) -> None:
        scene = UseCaseScene()
        generate_update_run(scene.services, PROFILE, start=False)
        scene.set_tags(freeze="2026-08-01/2026-08-03")

        with pytest.raises(RunRefusedError, match="Frozen by policy") as refused:
            generate_update_run(scene.services, PROFILE, start=True)

        assert refused.value.decision.reason is Reason.FREEZE
        assert scene.azure.started == []

    def test_a_review_requested_in_a_freeze_is_refused(self) -> None:
        scene = a_scene(freeze="2026-08-01/2026-08-03")

        with pytest.raises(RunRefusedError) as refused:
            generate_update_run(scene.services, PROFILE, start=False)

        assert refused.value.decision.reason is Reason.FREEZE


class TestReplace:
    @staticmethod
    def running(**policies: str) -> UseCaseScene:
        """An older run of the profile is in progress, and a newer version is offered."""
        scene = UseCaseScene()
        act(scene)
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
        scene.set_tags(**policies)
        return scene

    def test_the_older_run_is_stopped_and_the_newer_one_started(self) -> None:
        scene = self.running(active_run="replace")

        action = act(scene)

        assert scene.azure.stopped == [scene.azure.created[0]]
        assert (action.decision.reason, action.started) == (Reason.UPGRADE_DUE, True)
        assert scene.azure.started == scene.azure.created
        assert len(scene.azure.created) == 2

    def test_while_the_older_run_is_stopping_the_newer_one_waits(self) -> None:
        scene = self.running(active_run="replace")
        scene.azure.state_after_stop = UpdateState.STOPPING

        action = act(scene)

        assert action.decision.reason is Reason.ACTIVE_RUN
        assert len(scene.azure.created) == 1

    @pytest.mark.parametrize("when", ["stops_before", "stops_after"])
    @pytest.mark.parametrize("write", [1, 2, 3])
    def test_a_stop_around_any_write_leaves_one_newer_run_started_once(self, when: str, write: int) -> None:
        scene = self.running(active_run="replace")
        done = 2  # creating and starting the older run
        setattr(scene.azure, when, done + write)
        with pytest.raises(ProcessStopped):
            act(scene)

        scene.again()
        act(scene)

        assert len(scene.azure.created) == len(scene.azure.started) == 2
        assert scene.azure.stopped == [scene.azure.created[0]]

    def test_the_default_waits(self) -> None:
        scene = self.running()

        assert act(scene).decision.reason is Reason.ACTIVE_RUN
        assert scene.azure.stopped == []

    def test_ignore_starts_the_newer_one_beside_it_on_clusters_that_it_has_finished(self) -> None:
        scene = self.running(active_run="ignore")
        assert act(scene).decision.reason is Reason.MEMBERS_BUSY

        [older] = scene.azure.fleet.update_runs
        finished = replace(older, member_states=dict.fromkeys(older.member_states, UpdateState.COMPLETED))
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(finished,))

        assert act(scene).started
        assert scene.azure.stopped == []


class TestNative:
    @staticmethod
    def ready(run: UpdateRun | None = None, **policies: str) -> UseCaseScene:
        scene = a_scene(generator="native", **policies)
        scene.azure.native_run = run or a_native_run()
        return scene

    def test_what_fleet_generates_is_started_when_it_agrees(self) -> None:
        scene = self.ready()

        action = act(scene)

        assert scene.azure.created == []
        assert action.started
        assert scene.azure.started == [a_native_run().name]

    def test_what_disagrees_is_not_started_and_reported(self) -> None:
        scene = self.ready(a_native_run("1.36.0"))

        action = act(scene)

        assert (action.decision.outcome, action.decision.reason) == (Outcome.BLOCKED, Reason.NATIVE_RUN_DISAGREES)
        assert "brings 1.36.0 instead of 1.35.6" in action.decision.sentence
        assert scene.azure.started == []

    def test_a_disagreement_is_reported_once_and_not_with_every_evaluation(self) -> None:
        scene = self.ready(a_native_run("1.36.0"))
        for _ in range(3):
            scene.evaluate()
            act(scene)

        assert scene.ledger.decisions[PROFILE].reason is Reason.NATIVE_RUN_DISAGREES
        assert scene.ledger.since[PROFILE] == (NOW, "event")

    @pytest.mark.parametrize("when", ["stops_before", "stops_after"])
    @pytest.mark.parametrize("write", [1, 2])
    def test_a_stop_around_any_write_still_gives_one_run_started_once(self, when: str, write: int) -> None:
        scene = self.ready()
        setattr(scene.azure, when, write)
        with pytest.raises(ProcessStopped):
            act(scene)

        scene.again()
        act(scene)

        assert len(scene.azure.fleet.update_runs) == 1
        assert scene.azure.started == [a_native_run().name]

    def test_stopped_members_are_skipped_in_it_too(self) -> None:
        scene = self.ready()
        scene.set_members(a_member("one"), a_member("two", stopped=True))

        act(scene)

        assert scene.azure.skipped == [(a_native_run().name, ("two",))]

    def test_a_person_s_native_run_for_review_is_not_started(self) -> None:
        scene = self.ready()
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(a_native_run(),))

        assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW
        assert scene.azure.started == []

    def test_a_run_in_progress_is_not_changed(self) -> None:
        scene = self.ready(a_native_run(state=UpdateState.RUNNING))

        action = act(scene)

        assert not action.started
        assert action.run is not None

    def test_on_demand_it_is_generated_for_review(self) -> None:
        scene = self.ready()

        run_id = generate_update_run(scene.services, PROFILE, start=False)

        assert run_id == a_native_run().id
        assert scene.azure.started == []

    def test_a_review_in_progress_holds_a_trigger_back(self) -> None:
        scene = self.ready()
        scene.azure.stops_before = 1
        with pytest.raises(ProcessStopped):
            generate_update_run(scene.services, PROFILE, start=False)
        scene.again()

        with pytest.raises(NotReadyError):
            act(scene)

    def test_a_follow_up_is_composed_since_fleet_would_return_the_finished_run(self) -> None:
        scene = self.ready()
        scene.set_members(a_member("one"), a_member("two", stopped=True))
        act(scene)
        scene.azure.finish(a_native_run().name)
        scene.set_members(a_member("one", "1.35.6"), a_member("two"))

        action = act(scene)

        assert action.decision.reason is Reason.CATCH_UP_DUE
        assert len(scene.azure.created) == 1
        assert scene.azure.generated_natively == 1

    def test_a_step_is_composed_since_fleet_would_generate_what_it_leads_to(self) -> None:
        scene = self.ready(catch_up="stepwise")
        scene.azure.catalog = a_catalog("1.33.1", "1.34.9", "1.35.6")
        scene.set_members(a_member("one"), a_member("two", "1.33.1"))

        step = act(scene)
        scene.azure.finish(scene.azure.created[0])
        scene.set_members(a_member("one"), a_member("two", "1.34.9"))
        rest = act(scene)

        assert step.decision.sentence == "1 cluster is below 1.34.9, a step towards 1.35.6."
        assert (step.started, rest.started) == (True, True)
        assert scene.azure.started == [scene.azure.created[0], a_native_run().name]


class TestSoak:
    def test_a_version_is_used_once_it_has_been_seen_long_enough(self) -> None:
        scene = a_scene(soak="P7D")
        seen = NewReleases("westus2", tuple(releases_of(scene.azure.catalog.of("westus2"))))
        scene.ledger.record_new_releases(seen, NOW - timedelta(days=6))

        assert act(scene).decision.reason is Reason.SOAKING
        scene.azure.time += timedelta(days=1)
        assert act(scene).started

    def test_a_default_of_the_app_counts_where_no_tag_says_otherwise(self) -> None:
        scene = UseCaseScene()
        scene.policy_defaults["soak"] = "P7D"

        assert act(scene).decision.reason is Reason.SOAKING
        assert scene.evaluate().decisions[0].reason is Reason.SOAKING


def test_a_tag_that_does_not_parse_blocks_and_is_named() -> None:
    scene = a_scene(soak="a week")

    decision = act(scene).decision

    assert decision.reason is Reason.POLICY_MALFORMED
    assert "auto-upgrade.soak" in decision.sentence
    assert "a week" in decision.sentence


def test_on_demand_maintenance_windows_are_read_only_where_there_is_something_to_do() -> None:
    scene = UseCaseScene(a_member("one"), a_member("two", "1.35.6"))
    act_on_profile(scene.services, PROFILE, Intent.UPGRADE)
    act_on_profile(scene.services, PROFILE, Intent.UPGRADE)

    assert [cluster_id.name for cluster_id in scene.azure.read_windows_of] == ["one"]


def test_a_trigger_reads_no_maintenance_windows() -> None:
    scene = UseCaseScene()

    assert act(scene).started
    assert scene.azure.read_windows_of == []


def test_a_preview_reads_everything_it_could_warn_of_and_writes_nothing() -> None:
    scene = UseCaseScene()

    decision = decide_profile(scene.services, PROFILE, EvaluationOptions(wants_warnings=True))

    assert decision.outcome is Outcome.GENERATE
    assert DecisionWarning.NO_MAINTENANCE_WINDOW not in {notice.warning for notice in decision.warnings}
    assert len(scene.azure.read_windows_of) == 2
    assert scene.azure.created == []
    assert scene.ledger.decisions == {}


def test_a_preview_decides_on_other_assumptions() -> None:
    scene = UseCaseScene()
    frozen = {"freeze": "2026-12-15/2027-01-05"}

    now = decide_profile(scene.services, PROFILE, EvaluationOptions(policies=frozen))
    then = decide_profile(scene.services, PROFILE, EvaluationOptions(policies=frozen, at=NOW.replace(month=12, day=24)))

    assert (now.reason, then.reason) == (Reason.UPGRADE_DUE, Reason.FREEZE)


def test_the_intent_under_manual_start_is_a_review() -> None:
    scene = a_scene(start="manual")
    act(scene)

    [record] = scene.ledger.run_records([FLEET])[FLEET].values()
    assert isinstance(record, RunRecord)
    assert record.intent is Intent.REVIEW
