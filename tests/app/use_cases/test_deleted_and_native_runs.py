"""Runs that are deleted and generated anew, and runs that Fleet generates and names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.run_record import Intent
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import Reason
from shared.core.releases.releases import NewReleases, releases_of
from shared.errors import UserMustFixError
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.generate_update_run import generate_update_run
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import NOW, PROFILE, UseCaseScene, a_catalog, a_member
from tests.app.use_cases.test_policies import a_native_run

HOUR = timedelta(hours=1)


def act(scene: UseCaseScene) -> Action:
    return act_on_profile(scene.services, PROFILE)


def delete_runs(scene: UseCaseScene) -> None:
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=())
    scene.azure.time += HOUR


class TestGeneratedAnew:
    @pytest.mark.parametrize("generator", ["compose", "native"])
    def test_restarts_of_a_deleted_run_do_not_count(self, generator: str) -> None:
        scene = UseCaseScene()
        scene.azure.native_run = a_native_run()
        scene.set_tags(retry="1", generator=generator)
        for _ in range(2):
            act(scene)
            name = scene.azure.started[-1]
            scene.azure.fail(name, "two")
            scene.azure.time += HOUR
            assert act(scene).decision.reason is Reason.RETRY_DUE
            scene.azure.fail(name, "two")
            assert act(scene).decision.reason is Reason.RETRIES_EXHAUSTED
            delete_runs(scene)

        assert len(set(scene.azure.started)) == 1

    def test_what_resource_graph_shows_of_a_run_generated_anew_is_decided_without_the_old_row(self) -> None:
        """Resource Graph does not show when it was created."""
        scene = UseCaseScene()
        scene.set_tags(retry="1")
        for _ in range(2):
            act(scene)
            scene.azure.fail(scene.azure.created[0], "two")
            scene.azure.time += HOUR
            runs = scene.azure.fleet.update_runs
            scene.azure.fleet = replace(
                scene.azure.fleet, update_runs=tuple(replace(run, created_at=None) for run in runs)
            )
            assert scene.evaluate().decisions[0].reason is Reason.RETRY_DUE
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=runs)
            act(scene)
            delete_runs(scene)

    def test_members_that_were_skipped_in_a_deleted_run_were_not_skipped_in_the_new_one(self) -> None:
        scene = UseCaseScene(a_member("one"), a_member("two", stopped=True))
        act(scene)
        delete_runs(scene)
        scene.set_members(a_member("one"), a_member("two"))
        act(scene)

        [(record, _)] = scene.ledger.records.values()
        assert record.skipped == frozenset()

    def test_a_process_that_stops_after_the_new_run_was_created_leaves_what_it_recorded(self) -> None:
        scene = UseCaseScene(a_member("one"), a_member("two", stopped=True))
        act(scene)
        delete_runs(scene)
        scene.azure.stops_after = 5  # creating, skipping and starting the first run; creating and skipping the second
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()

        assert act(scene).started
        [(record, _)] = scene.ledger.records.values()
        assert record.skipped == {"two"}


def native_scene(version: str, **policies: str) -> UseCaseScene:
    """Fleet generates a run for the version."""
    scene = UseCaseScene()
    scene.set_tags(generator="native", **policies)
    scene.azure.native_run = a_native_run(version)
    return scene


def started(scene: UseCaseScene) -> list[str]:
    return scene.azure.started


class TestAnotherVersionThanAskedFor:
    def test_a_release_between_reading_and_generating_delays_the_start_and_no_more(self) -> None:
        scene = native_scene("1.35.7")
        assert act(scene).decision.reason is Reason.NATIVE_RUN_DISAGREES
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")

        assert act(scene).started
        assert started(scene) == [a_native_run().name]

    @pytest.mark.parametrize("stop", ["stops_before", "stops_after"])
    def test_also_if_the_process_stops_around_the_call(self, stop: str) -> None:
        scene = native_scene("1.35.7")
        setattr(scene.azure, stop, 1)
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
        scene.azure.time += timedelta(minutes=5)

        assert act(scene).started

    def test_with_a_soak_it_is_started_once_the_version_has_soaked(self) -> None:
        scene = native_scene("1.35.7", soak="P7D")
        seen = NewReleases("westus2", tuple(releases_of(scene.azure.catalog.of("westus2"))))
        scene.ledger.record_new_releases(seen, NOW - timedelta(days=8))
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
        seen = NewReleases("westus2", tuple(releases_of(scene.azure.catalog.of("westus2"))))
        scene.ledger.record_new_releases(seen, NOW)
        assert act(scene).decision.reason is Reason.NATIVE_RUN_DISAGREES

        scene.azure.time += timedelta(days=7)

        assert act(scene).started


class TestSomeoneElses:
    def test_a_run_that_a_person_generated_before_stays_for_review(self) -> None:
        scene = native_scene("1.35.7")
        theirs = replace(a_native_run("1.35.7"), created_at=NOW - HOUR, etag='"theirs"')
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(theirs,))
        assert act(scene).decision.reason is Reason.NATIVE_RUN_DISAGREES
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")

        assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW
        assert started(scene) == []

    def test_and_so_does_one_that_fleet_returns_for_what_the_app_wants(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It comes between the decision and the call."""
        scene = native_scene("1.35.6")
        theirs = replace(a_native_run("1.35.6"), created_at=NOW, etag='"theirs"')

        def they_generate() -> None:
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=(theirs,))

        scene.azure.before_runs_are_read = they_generate

        action = act(scene)

        assert action.decision.reason is Reason.RUN_AWAITS_REVIEW
        assert action.decision.run_id == theirs.id
        assert scene.ledger.decisions[PROFILE] == action.decision
        assert started(scene) == []
        assert generate_update_run(scene.services, PROFILE, start=True) == theirs.id
        assert started(scene) == [theirs.name]

    def test_a_person_who_asks_to_start_it_gets_it_started(self) -> None:
        scene = native_scene("1.35.6")

        def they_generate() -> None:
            theirs = replace(a_native_run("1.35.6"), created_at=NOW, etag='"theirs"')
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=(theirs,))
            scene.azure.before_runs_are_read = lambda: None

        scene.azure.before_runs_are_read = they_generate

        generate_update_run(scene.services, PROFILE, start=True)

        assert started(scene) == [a_native_run().name]

    def test_a_call_that_fleet_refused_makes_no_later_run_this_app_s(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = native_scene("1.35.6")

        def refuse(_: object) -> UpdateRun:
            raise UserMustFixError("there is nothing newer")

        with monkeypatch.context() as patch:
            patch.setattr(scene.azure, "generate_natively", refuse)
            with pytest.raises(UserMustFixError):
                act(scene)
        scene.azure.time += HOUR
        theirs = replace(a_native_run("1.35.6"), created_at=scene.azure.time, etag='"theirs"')
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(theirs,))

        assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW

    def test_the_own_run_s_record_is_of_the_run_that_came_back(self) -> None:
        scene = native_scene("1.35.6")
        act(scene)

        record, _ = scene.ledger.records[a_native_run().id]
        assert (record.intent, record.created_at) == (Intent.UPGRADE, NOW)
        assert [run.state for run in scene.azure.fleet.update_runs] == [UpdateState.RUNNING]
        assert scene.azure.fleet.update_runs[0].kubernetes_version == KubernetesVersion.parse("1.35.6")


class TestFinishedOne:
    """Fleet has nothing newer, and returns a run that is finished, or was stopped, and was for something else."""

    @pytest.mark.parametrize("state", [UpdateState.COMPLETED, UpdateState.SKIPPED, UpdateState.STOPPED])
    def test_this_app_creates_the_run_itself(self, state: UpdateState) -> None:
        scene = native_scene("1.35.5")
        earlier = replace(a_native_run("1.35.5", state), created_at=NOW - HOUR, etag='"earlier"')
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(earlier,))

        action = act(scene)

        assert action.decision.reason is Reason.UPGRADE_DUE
        assert started(scene) == scene.azure.created
        assert [name.startswith("auto-") and name != earlier.name for name in started(scene)] == [True]
