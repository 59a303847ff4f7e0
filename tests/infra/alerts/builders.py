"""Rows of telemetry, as docs/telemetry.md has them: everything has a default."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tools.json_value import Json

NOW = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
FLEET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail"
PROFILE = f"{FLEET}/autoUpgradeProfiles/stable"
RUN = f"{FLEET}/updateRuns/auto-1"
GATE = f"{FLEET}/gates/00000000-0000-0000-0000-000000000001"
TOPIC = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.EVENTGRID/TOPICS/T"

TelemetryRow = dict[str, Json]


def a_row(table: str, minutes_ago: float, **columns: Json) -> TelemetryRow:
    """A row of a table."""
    return {"Table": table, "TimeGenerated": (NOW - timedelta(minutes=minutes_ago)).isoformat(), **columns}


def an_event(name: str, minutes_ago: float = 1, **properties: str) -> TelemetryRow:
    """An event of the app."""
    given: dict[str, Json] = {**properties}
    return a_row("AppEvents", minutes_ago, Name=name, Properties=given)


def a_state(minutes_ago: float = 1, *, profile: str = PROFILE, **properties: str) -> TelemetryRow:
    """A `profile_state`: up to date if nothing else is said."""
    state = {
        "outcome": "UpToDate",
        "reason": "UpToDate",
        "sentence": "Every cluster is at 1.35.6.",
        "target": "1.35.6",
        "clusters": "4",
        "clusters_behind": "0",
        "versions_behind": "0",
        "days_behind": "0",
        "out_of_support": "0",
    }
    names = {"profile_id": profile, "fleet_id": FLEET, "profile": profile.rpartition("/")[2]}
    return an_event("profile_state", minutes_ago, **{**names, **state, **properties})


def a_watched_run(minutes_ago: float = 1, *, run: str = RUN, **properties: str) -> TelemetryRow:
    """A `run_watched`: completed if nothing else is said."""
    watched = {
        "state": "Completed",
        "members": '{"Completed": 4}',
        "failed_members": "0",
        "pending_reason": "",
        "pending_days": "",
        "stages": '{"canary": "Completed", "rest": "Completed"}',
    }
    names = {"profile_id": PROFILE, "run_id": run, "run": run.rpartition("/")[2]}
    return an_event("run_watched", minutes_ago, **{**names, **watched, **properties})


def a_pending_gate(minutes_ago: float = 1, *, gate: str = GATE, **properties: str) -> TelemetryRow:
    """A `gate_pending`: for half a day if nothing else is said."""
    reported = {
        "fleet_id": FLEET,
        "run_id": RUN,
        "run": "auto-1",
        "gate_id": gate,
        "display_name": "go?",
        "stage": "rest",
        "group": "",
        "timing": "Before",
        "waiting_days": "0.5",
    }
    return an_event("gate_pending", minutes_ago, **{**reported, **properties})


def a_request(
    minutes_ago: float = 1, *, name: str = "reconcile", success: bool = True, code: str = "0"
) -> TelemetryRow:
    """An invocation of a function."""
    return a_row("AppRequests", minutes_ago, Id="1", Name=name, Success=success, ResultCode=code, DurationMs=12.5)


def a_topic_metric(total: float, minutes_ago: float = 1, *, metric: str = "DeadLetteredCount") -> TelemetryRow:
    """A metric of the app's Event Grid topic, a minute of it."""
    return a_row(
        "AzureMetrics",
        minutes_ago,
        ResourceId=TOPIC,
        ResourceProvider="MICROSOFT.EVENTGRID",
        MetricName=metric,
        Total=total,
    )


def healthy_hours(hours: int = 6) -> Iterator[TelemetryRow]:
    """Hours in which all goes well: a release, a run with a gate that is approved, now and then a small mishap."""
    for minutes in range(3, hours * 60, 10):
        yield an_event("detection_succeeded", minutes, looked="false", releases="0")
        yield a_request(minutes, name="detect_releases")
        yield a_topic_metric(0, minutes)
    for minutes in range(3, hours * 60, 60):
        yield an_event("reconcile_succeeded", minutes, trigger="timer", profiles="2", due="0")
        yield a_request(minutes)
        yield a_state(minutes)
        yield a_state(minutes, profile=f"{FLEET}/autoUpgradeProfiles/off", outcome="Skipped", reason="ProfileDisabled")
    yield an_event("release_detected", 300, region="westus2", kubernetes_versions="1.35.6,1.34.9", node_images="")
    yield an_event("decision", 299, profile_id=PROFILE, outcome="Generate", reason="UpgradeDue", run="auto-1")
    yield an_event("run_generated", 299, profile_id=PROFILE, run_id=RUN, run="auto-1", target="1.35.6")
    yield an_event("run_started", 298, profile_id=PROFILE, run_id=RUN, run="auto-1")
    for minutes in range(63, 295, 5):
        yield a_watched_run(minutes, state="Running", members='{"Running": 1, "NotStarted": 3}')
    for minutes in range(3, 60, 5):
        yield a_watched_run(minutes)
    yield an_event("throttled", 30, service="Azure Resource Manager", retry_after_seconds="17")
    yield an_event("failed", 40, work=f"deciding {PROFILE}", sentence="The connection was closed.")
    yield an_event("request_refused", 45, code="BadRequest", status="400", sentence="No.")
    yield a_request(45, name="generate_update_run", success=False, code="400")
    yield a_request(50, name="watch_runs", success=False)
