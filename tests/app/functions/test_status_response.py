"""A profile's status as JSON, in the form of Azure's `autoUpgradeProfileStatus`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from functions.http.status_response import status_json
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.ports import RecordedDecision, Trigger
from shared.use_cases.profile_status import ProfileStatus
from tests.app.functions.requests import PROFILE_ID

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def a_status(
    trigger: Trigger | Unknown | None = None,
    decision: RecordedDecision | Unknown | None = None,
    evaluated_at: datetime | None = None,
) -> ProfileStatus:
    return ProfileStatus(ResourceId.parse(PROFILE_ID), trigger, decision, evaluated_at)


def test_before_the_first_trigger_there_is_no_status_as_in_azure() -> None:
    assert status_json(a_status()) == {"profileId": PROFILE_ID, "lastDecision": None, "lastEvaluatedAt": None}


def test_fleets_message_about_its_last_trigger_is_shown() -> None:
    status = replace(a_status(), fleet_message="Started auto-run.")

    assert status_json(status)["fleetLastTriggerMessage"] == "Started auto-run."


def test_a_trigger_that_succeeded_has_its_versions_and_no_error() -> None:
    assert status_json(a_status(Trigger(NOON, ("1.35.6",))))["autoUpgradeProfileStatus"] == {
        "lastTriggeredAt": "2026-08-01T12:00:00Z",
        "lastTriggerStatus": "Succeeded",
        "lastTriggerUpgradeVersions": ["1.35.6"],
    }


def test_a_trigger_that_failed_has_its_error() -> None:
    assert status_json(a_status(Trigger(NOON, (), "Throttled", "Fleet throttles this app.")))[
        "autoUpgradeProfileStatus"
    ] == {
        "lastTriggeredAt": "2026-08-01T12:00:00Z",
        "lastTriggerStatus": "Failed",
        "lastTriggerUpgradeVersions": [],
        "lastTriggerError": {"code": "Throttled", "message": "Fleet throttles this app."},
    }


def test_the_last_decision_has_its_trigger_and_since_when_it_applies() -> None:
    decision = RecordedDecision(NOON, "reconcile", {"outcome": "NothingToDo", "reason": "UpToDate"})

    assert status_json(a_status(decision=decision))["lastDecision"] == {
        "since": "2026-08-01T12:00:00Z",
        "trigger": "reconcile",
        "outcome": "NothingToDo",
        "reason": "UpToDate",
    }


def test_what_cannot_be_read_is_said_to_be_so_and_is_not_the_same_as_none() -> None:
    response = status_json(a_status(Unknown("row 'a' is not readable"), Unknown("row 'b' is not readable")))

    assert response["unreadable"] == ["row 'a' is not readable", "row 'b' is not readable"]
    assert "autoUpgradeProfileStatus" not in response


def test_times_are_in_utc() -> None:
    in_paris = NOON.astimezone(timezone(timedelta(hours=2)))

    assert status_json(a_status(evaluated_at=in_paris))["lastEvaluatedAt"] == "2026-08-01T12:00:00Z"
