"""A profile's status as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from shared.ports import Trigger
from shared.use_cases.profile_status import ProfileStatus


def status_json(status: ProfileStatus) -> dict[str, object]:
    """The answer; like Azure's own, it has no `autoUpgradeProfileStatus` until something was done for the profile."""
    answer: dict[str, object] = {"profileId": status.profile_id.text}
    if status.last_trigger is not None:
        answer["autoUpgradeProfileStatus"] = _trigger(status.last_trigger)
    decision = status.last_decision
    answer["lastDecision"] = None
    if decision is not None:
        answer["lastDecision"] = {"since": decision.at.isoformat(), "trigger": decision.trigger, **decision.content}
    answer["lastEvaluatedAt"] = status.last_evaluated_at.isoformat() if status.last_evaluated_at else None
    return answer


def _trigger(trigger: Trigger) -> Mapping[str, object]:
    shown: dict[str, object] = {
        "lastTriggeredAt": trigger.at.isoformat(),
        "lastTriggerStatus": "Succeeded" if trigger.error_code is None else "Failed",
        "lastTriggerUpgradeVersions": list(trigger.versions),
    }
    if trigger.error_code is not None:
        shown["lastTriggerError"] = {"code": trigger.error_code, "message": trigger.error_message}
    return shown
