"""Where runs stand is told while they are under way, and for a while after they ended, so that an alert sees it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
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
from shared.use_cases.evaluate_estate import evaluate_estate
from shared.use_cases.watch_runs import watch_runs
from tests.app.telemetry.measured import metrics_kept, points_of
from tests.app.telemetry.spans import Spans, spans_kept, trace_id
from tests.app.telemetry.told import Told
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACE_PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    return Told(caplog)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    with spans_kept(monkeypatch) as spans:
        yield spans


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
    def test_a_run_under_way_is_told_however_old_it_is(self, told: Told, state: UpdateState | Unparsed) -> None:
        scene = with_run(state=state)
        scene.azure.time += timedelta(days=90)

        watch_runs(scene.services)

        [watched] = told.properties("run_watched")
        assert watched["state"] == str(state)

    @pytest.mark.parametrize("state", [UpdateState.COMPLETED, UpdateState.STOPPED, UpdateState.SKIPPED])
    @pytest.mark.parametrize(("ago", "is_told"), [(timedelta(0), True), (HOUR, True), (HOUR + SECOND, False)])
    def test_the_end_of_a_run_is_told_for_an_hour(
        self, told: Told, state: UpdateState, ago: timedelta, *, is_told: bool
    ) -> None:
        watch_runs(with_run(state=state, completed_at=NOW - ago).services)

        assert [watched["state"] for watched in told.properties("run_watched")] == [state.value] * is_told

    @pytest.mark.parametrize(("ago", "is_told"), [(HOUR * 2, True), (HOUR * 25, True), (HOUR * 25 + SECOND, False)])
    def test_a_failure_is_told_for_as_long_as_its_restart_may_take(
        self, told: Told, ago: timedelta, *, is_told: bool
    ) -> None:
        watch_runs(with_run(state=UpdateState.FAILED, completed_at=NOW - ago).services)

        assert len(told.properties("run_watched")) == is_told

    @pytest.mark.parametrize(
        ("state", "completed_at"),
        [(UpdateState.NOT_STARTED, None), (UpdateState.COMPLETED, None), (UpdateState.FAILED, None)],
    )
    def test_a_run_that_is_not_started_or_ended_nobody_knows_when_is_not_told(
        self, told: Told, state: UpdateState, completed_at: None
    ) -> None:
        watch_runs(with_run(state=state, completed_at=completed_at).services)

        assert told.properties("run_watched") == []

    def test_a_run_of_nobodys_profile_is_not_told(self, told: Told) -> None:
        watch_runs(with_run(id=FLEET.child("updateRuns", "somebody-elses")).services)

        assert told.properties("run_watched") == []


class TestWhat:
    def test_everything_known_about_it(self, told: Told) -> None:
        waits = (Wait(PendingReason.REGION, NOW - timedelta(hours=60)), Wait(PendingReason.MAINTENANCE_WINDOW, NOW))
        scene = with_run(
            state=UpdateState.PENDING,
            member_states={"one": UpdateState.FAILED, "two": UpdateState.PENDING, "three": UpdateState.PENDING},
            progress=RunProgress({"canary": "Pending", "rest": "NotStarted"}, (), waits),
        )

        watch_runs(scene.services)

        run = the_run(scene)
        assert told.properties("run_watched") == [
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
            }
        ]
        assert told.level("run_watched") == logging.INFO

    def test_one_that_is_not_pending_waits_for_nothing(self, told: Told) -> None:
        """A member may still wait while others are upgraded: the run goes on."""
        waits = (Wait(PendingReason.REGION, NOW - timedelta(days=9)),)

        watch_runs(with_run(progress=RunProgress({}, (), waits)).services)

        [watched] = told.properties("run_watched")
        assert (watched["pending_reason"], watched["pending_days"]) == ("", "")

    def test_a_failure_is_a_warning(self, told: Told) -> None:
        scene = with_run()
        scene.azure.fail(the_run(scene).name, "two")

        watch_runs(scene.services)

        assert told.level("run_watched") == logging.WARNING
        assert told.properties("run_watched")[0]["failed_members"] == "1"

    def test_gates_that_wait_are_told_each_time(self, told: Told) -> None:
        gate = PendingGate("/gates/1", "go?", "canary", "", "Before", NOW - timedelta(days=3))
        scene = with_run(state=UpdateState.PENDING, progress=RunProgress({}, (gate,)))

        watch_runs(scene.services)
        watch_runs(scene.services)

        assert [pending["waiting_days"] for pending in told.properties("gate_pending")] == ["3", "3"]
        assert [watched["pending_reason"] for watched in told.properties("run_watched")] == ["Gate", "Gate"]


class TestTrace:
    def test_what_is_told_of_a_run_belongs_to_the_trace_that_generated_it(self, spans: Spans) -> None:
        scene = with_run()
        with telemetry.span("watch runs"):
            watch_runs(scene.services)

        generated, watched = spans.named("generate run"), spans.named("watch run")
        assert trace_id(watched) == trace_id(generated)
        assert trace_id(watched) != trace_id(spans.named("watch runs"))
        assert dict(watched.attributes or {}) == {"run_id": str(the_run(scene).id), "state": "Running"}
        [link] = watched.links
        assert format_trace_id(link.context.trace_id) == trace_id(spans.named("watch runs"))

    def test_the_trace_is_that_of_whoever_claimed_the_run_whatever_the_runs_case(self, spans: Spans) -> None:
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

    def test_each_run_is_watched_in_a_trace_of_its_own(self, spans: Spans) -> None:
        scene = with_run()
        first = the_run(scene)
        scene.ledger.records = {first.id: (RunRecord(Intent.UPGRADE, trace_parent=TRACE_PARENT), NOW)}
        native = replace(first, id=FLEET.child("updateRuns", "by-fleet"), auto_upgrade_profile_id=PROFILE)
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(first, native))

        watch_runs(scene.services)

        assert [trace_id(span) == TRACE for span in spans.all_named("watch run")] == [True, False]


class TestAges:
    def test_how_long_ago_detection_and_evaluation_ended_well_is_told_with_each_watch(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene()
        detect_releases(scene.services, HOUR)
        scene.azure.time += timedelta(minutes=10)
        evaluate_estate(scene.services, "reconcile")
        scene.azure.time += timedelta(minutes=5)

        with metrics_kept(monkeypatch) as measured:
            watch_runs(scene.services)
            found = measured.metrics()

        values = {name: [point.value for point in points_of(metric)] for name, metric in found.items()}
        assert values == {"detection_age_seconds": [900.0], "reconcile_age_seconds": [300.0]}

    def test_before_the_first_of_each_nothing_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with metrics_kept(monkeypatch) as measured:
            watch_runs(UseCaseScene().services)

            assert measured.metrics() == {}
