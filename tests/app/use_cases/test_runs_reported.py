"""The states of runs are reported while they are in progress, and for some time after they ended, for alert rules."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from opentelemetry.trace import format_trace_id

from shared import telemetry
from shared.core.model.run_progress import PendingGate, PendingReason, RunProgress, Wait
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.detect_releases import detect_releases
from shared.use_cases.watch_runs import watch_runs
from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.measured import metrics_kept, points_of
from tests.app.telemetry.spans import Spans, trace_id
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACE_PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def with_run(**changes: object) -> UseCaseScene:
    """A scene whose profile has a running run, and what is to be different about the run."""
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)
    change_run(scene, **changes)
    return scene


def change_run(scene: UseCaseScene, **changes: object) -> None:
    changed = replace(the_run(scene), **changes)  # type: ignore[arg-type] # the tests name fields of the right types
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(changed,))


def the_run(scene: UseCaseScene) -> UpdateRun:
    [run] = scene.azure.fleet.update_runs
    return run


class TestForHowLong:
    @pytest.mark.parametrize(
        "state", [UpdateState.RUNNING, UpdateState.PENDING, UpdateState.STOPPING, Unparsed("Paused")]
    )
    def test_a_run_in_progress_is_reported_at_any_age(self, emitted: Emitted, state: UpdateState | Unparsed) -> None:
        scene = with_run(state=state)
        scene.azure.time += timedelta(days=90)

        watch_runs(scene.services)

        [watched] = emitted.properties("run_watched")
        assert watched["state"] == str(state)

    @pytest.mark.parametrize("state", [UpdateState.COMPLETED, UpdateState.STOPPED, UpdateState.SKIPPED])
    @pytest.mark.parametrize(("ago", "is_reported"), [(timedelta(0), True), (HOUR, True), (HOUR + SECOND, False)])
    def test_the_end_of_a_run_is_reported_for_an_hour(
        self, emitted: Emitted, state: UpdateState, ago: timedelta, *, is_reported: bool
    ) -> None:
        watch_runs(with_run(state=state, completed_at=NOW - ago).services)

        assert [watched["state"] for watched in emitted.properties("run_watched")] == [state.value] * is_reported

    @pytest.mark.parametrize(("ago", "is_reported"), [(HOUR * 2, True), (HOUR * 25, True), (HOUR * 25 + SECOND, False)])
    def test_a_failure_is_reported_for_as_long_as_its_restart_may_take(
        self, emitted: Emitted, ago: timedelta, *, is_reported: bool
    ) -> None:
        watch_runs(with_run(state=UpdateState.FAILED, completed_at=NOW - ago).services)

        assert len(emitted.properties("run_watched")) == is_reported

    @pytest.mark.parametrize(
        ("state", "completed_at"),
        [(UpdateState.NOT_STARTED, None), (UpdateState.COMPLETED, None), (UpdateState.FAILED, None)],
    )
    def test_a_run_that_is_not_started_or_ended_at_an_unknown_time_is_not_reported(
        self, emitted: Emitted, state: UpdateState, completed_at: None
    ) -> None:
        watch_runs(with_run(state=state, completed_at=completed_at).services)

        assert emitted.properties("run_watched") == []

    def test_a_run_of_no_profile_is_not_reported(self, emitted: Emitted) -> None:
        watch_runs(with_run(id=FLEET.child("updateRuns", "another-persons")).services)

        assert emitted.properties("run_watched") == []


class TestWhat:
    def test_everything_known_about_it(self, emitted: Emitted) -> None:
        waits = (Wait(PendingReason.REGION, NOW - timedelta(hours=60)), Wait(PendingReason.MAINTENANCE_WINDOW, NOW))
        scene = with_run(
            state=UpdateState.PENDING,
            member_states={"one": UpdateState.FAILED, "two": UpdateState.PENDING, "three": UpdateState.PENDING},
            progress=RunProgress({"canary": "Pending", "rest": "NotStarted"}, (), waits),
        )

        watch_runs(scene.services)

        run = the_run(scene)
        assert emitted.properties("run_watched") == [
            {
                "profile_id": str(PROFILE),
                "run_id": str(run.id),
                "run": run.name,
                "state": "Pending",
                "members": '{"Failed": 1, "Pending": 2}',
                "failed_members": "1",
                "pending_reason": "Region",
                "pending_days": "2.5",
                "stages": '{"canary": "Pending", "rest": "NotStarted"}',
                "stage_failures": "{}",
            }
        ]
        assert emitted.level("run_watched") == logging.INFO

    def test_one_that_is_not_pending_waits_for_nothing(self, emitted: Emitted) -> None:
        """A member may still wait while others are upgraded: the run continues."""
        waits = (Wait(PendingReason.REGION, NOW - timedelta(days=9)),)

        watch_runs(with_run(progress=RunProgress({}, (), waits)).services)

        [watched] = emitted.properties("run_watched")
        assert (watched["pending_reason"], watched["pending_days"]) == ("", "")

    def test_a_failure_is_a_warning(self, emitted: Emitted) -> None:
        scene = with_run()
        scene.azure.fail(the_run(scene).name, "two")

        watch_runs(scene.services)

        assert emitted.level("run_watched") == logging.WARNING
        assert emitted.properties("run_watched")[0]["failed_members"] == "1"

    def test_gates_that_wait_are_reported_each_time(self, emitted: Emitted) -> None:
        gate = PendingGate("/gates/1", "go?", "canary", "", "Before", NOW - timedelta(days=3))
        scene = with_run(state=UpdateState.PENDING, progress=RunProgress({}, (gate,)))

        watch_runs(scene.services)
        watch_runs(scene.services)

        assert [pending["waiting_days"] for pending in emitted.properties("gate_pending")] == ["3", "3"]
        assert [watched["pending_reason"] for watched in emitted.properties("run_watched")] == ["Gate", "Gate"]


class TestTrace:
    def test_reports_of_a_run_belong_to_the_trace_that_generated_it(self, spans: Spans) -> None:
        scene = with_run()
        with telemetry.span("watch runs"):
            watch_runs(scene.services)

        generated, watched = spans.named("generate run"), spans.named("watch run")
        assert trace_id(watched) == trace_id(generated)
        assert trace_id(watched) != trace_id(spans.named("watch runs"))
        assert dict(watched.attributes or {}) == {"run_id": str(the_run(scene).id), "state": "Running"}
        [link] = watched.links
        assert format_trace_id(link.context.trace_id) == trace_id(spans.named("watch runs"))

    def test_the_trace_is_that_of_the_claim_regardless_of_the_case_of_the_runs_name(self, spans: Spans) -> None:
        scene = with_run()
        run_id = the_run(scene).id
        scene.ledger.records = {run_id: (RunRecord(Intent.UPGRADE, trace_parent=TRACE_PARENT), NOW)}
        change_run(scene, id=FLEET.child("updateRuns", run_id.name.upper()))

        watch_runs(scene.services)

        assert trace_id(spans.named("watch run")) == TRACE

    def test_a_run_that_this_app_did_not_generate_stays_in_the_watchs_own_trace(self, spans: Spans) -> None:
        scene = with_run()
        scene.ledger.records = {}
        with telemetry.span("watch runs"):
            watch_runs(scene.services)

        assert trace_id(spans.named("watch run")) == trace_id(spans.named("watch runs"))

    def test_each_run_is_watched_in_its_own_trace(self, spans: Spans) -> None:
        scene = with_run()
        first = the_run(scene)
        scene.ledger.records = {first.id: (RunRecord(Intent.UPGRADE, trace_parent=TRACE_PARENT), NOW)}
        native = replace(first, id=FLEET.child("updateRuns", "by-fleet"), auto_upgrade_profile_id=PROFILE)
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(first, native))

        watch_runs(scene.services)

        assert [trace_id(span) == TRACE for span in spans.all_named("watch run")] == [True, False]


class TestAges:
    def test_the_ages_of_detection_and_evaluation_are_reported_with_each_watch(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene()
        detect_releases(scene.services, HOUR)
        scene.azure.time += timedelta(minutes=10)
        scene.evaluate()
        scene.azure.time += timedelta(minutes=5)

        with metrics_kept(monkeypatch) as measured:
            watch_runs(scene.services)
            found = measured.metrics()

        values = {name: [point.value for point in points_of(metric)] for name, metric in found.items()}
        assert values == {"detection_age_seconds": [900.0], "reconcile_age_seconds": [300.0]}

    def test_before_the_first_of_each_nothing_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with metrics_kept(monkeypatch) as measured:
            watch_runs(UseCaseScene().services)

            assert measured.metrics() == {}
