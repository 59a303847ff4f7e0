"""docs/telemetry.md says what is emitted: every event with its properties, every metric, every span, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared import telemetry
from shared.core.decision import Decision
from shared.core.lag import Lag
from shared.core.model.run_progress import PendingGate, PendingReason, RunProgress, Wait
from shared.core.model.update_run import UpdateState
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from shared.core.targets.target import Target
from shared.telemetry.metrics import COUNTERS, GAUGES
from tests.app.builders import FLEET, NOW, a_run
from tests.app.telemetry.emitted import Emitted, properties_of
from tests.app.telemetry.measured import attributes_of, kind_of, metrics_kept

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/telemetry.md").read_text()
CODE = re.compile(r"`([a-z_ ]+)`")
PROFILE, RUN = FLEET.child("autoUpgradeProfiles", "rapid"), FLEET.child("updateRuns", "run")
DECISION = Decision(PROFILE, Outcome.GENERATE, Reason.UPGRADE_DUE, "1 cluster is below 1.35.6.", target=Target())
GATE = PendingGate("gate", "go?", "stage", "group", "Before", NOW)
PENDING = replace(
    a_run(state=UpdateState.PENDING, members={"one": UpdateState.FAILED}),
    progress=RunProgress({"stage": "Pending"}, (GATE,), (Wait(PendingReason.REGION, NOW - timedelta(days=1)),)),
)
NEW_RELEASES = NewReleases(
    "westus2", (Release("KubernetesVersion", "1.35.6", "KubernetesOfficial"), Release("NodeImage", "i-1"))
)
EMITTED: dict[str, Callable[[], None]] = {
    "access_denied": lambda: telemetry.access_denied("No."),
    "ages_measured": lambda: telemetry.ages_measured(1.0, 2.0),
    "azure_called": lambda: telemetry.azure_called("ResourceGraph", "POST", 200),
    "decision_made": lambda: telemetry.decision_made(DECISION, "event", NOW),
    "decisions_counted": lambda: telemetry.decisions_counted([DECISION]),
    "detection_succeeded": lambda: telemetry.detection_succeeded(looked=True, releases=2),
    "failed": lambda: telemetry.failed("Deciding p", ValueError("no")),
    "gate_pending": lambda: telemetry.gate_pending(RUN, GATE, NOW),
    "messages_poisoned": lambda: telemetry.messages_poisoned({"evaluate-profile": 2}),
    "gate_scheduled": lambda: telemetry.gate_pending(RUN, replace(GATE, is_scheduled=True, opens_at=NOW), NOW),
    "no_node_image": lambda: telemetry.no_node_image("westus2", "AKSFlatcar-gen2"),
    "profile_changed": lambda: telemetry.profile_changed(PROFILE, "written", NOW),
    "profile_state": lambda: telemetry.profile_state(DECISION, Lag(), NOW),
    "reconcile_succeeded": lambda: telemetry.reconcile_succeeded("timer", 3, 1),
    "release_detected": lambda: telemetry.release_detected(NEW_RELEASES, NOW),
    "request_refused": lambda: telemetry.request_refused("BadRequest", 400, "No."),
    "run_generated": lambda: telemetry.run_generated(PROFILE, RUN, "1.35.6", NOW),
    "run_restarted": lambda: telemetry.run_started(PROFILE, RUN, 2, NOW),
    "run_started": lambda: telemetry.run_started(PROFILE, RUN, 0, NOW),
    "run_stopped": lambda: telemetry.run_stopped(PROFILE, RUN, NOW),
    "run_watched": lambda: telemetry.run_watched(PROFILE, PENDING, NOW),
    "runs_counted": lambda: telemetry.runs_counted([PENDING]),
    "throttled": lambda: telemetry.throttled("ResourceGraph", 3),
    "release_tracker_unreadable": lambda: telemetry.release_tracker_unreadable("503"),
    "unreadable": lambda: telemetry.unreadable("estate", ["No."]),
}
"""Each function of `shared.telemetry` that emits something, by its name; `run_started` emits two events."""


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


def rows(chapter: str) -> list[list[str]]:
    """The cells of the table in a chapter, without its head."""
    lines = [line for line in section(chapter).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def section(chapter: str) -> str:
    return TEXT.partition(f"## {chapter}\n")[2].partition("\n## ")[0]


def test_every_function_that_emits_something_is_called_here() -> None:
    others = {"current_trace_parent", "span"}

    assert set(telemetry.__all__) - others == set(EMITTED) - {"run_restarted", "gate_scheduled"}


def test_every_event_is_documented_with_its_properties_and_no_other(emitted: Emitted) -> None:
    documented = {CODE.findall(name)[0]: sorted(CODE.findall(properties)) for name, _, properties in rows("Events")}
    for emit in EMITTED.values():
        emit()

    found = {str(vars(record)["event_name"]): sorted(properties_of(record)) for record in emitted.records()}
    assert found == documented


def test_every_metric_is_documented_with_its_kind_and_attributes_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    documented = {
        CODE.findall(name)[0]: (kind, sorted(CODE.findall(re.sub(r"\(.*\)", "", by))))
        for name, kind, by, _ in rows("Metrics")
    }
    with metrics_kept(monkeypatch) as measured:
        for emit in EMITTED.values():
            emit()
        found = {name: (kind_of(metric), sorted(attributes_of(metric))) for name, metric in measured.metrics().items()}

    assert found == documented
    assert set(documented) == set(COUNTERS) | set(GAUGES)


def test_every_span_is_documented_and_no_other() -> None:
    code = "\n".join(path.read_text() for folder in ("shared", "functions") for path in (ROOT / folder).rglob("*.py"))

    documented = CODE.findall(section("Traces"))

    spans = re.findall(r"\b(?:span|instrumented|http_function|handled)\(\s*\"([^\"]+)\"", code)
    assert sorted(documented) == sorted(set(spans))


def test_every_invocation_of_the_app_is_instrumented() -> None:
    """Otherwise an invocation has no span, and its events are not sent."""
    triggers = {path.name: path.read_text() for path in sorted((ROOT / "functions").glob("*.py"))}
    instrumented = re.compile(r"with (?:instrumented|handled)\(|^@http_function\(", re.MULTILINE)

    assert [
        name
        for name, text in triggers.items()
        if "@blueprint" in text and text.count("@blueprint.function_name") != len(instrumented.findall(text))
    ] == []


@pytest.mark.parametrize("reason", PendingReason)
def test_what_a_run_can_wait_for_is_documented(reason: PendingReason) -> None:
    assert f"`{reason.value}`" in section("Events")
