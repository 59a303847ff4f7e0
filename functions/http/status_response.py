"""A profile's status as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from shared.core.model.times import instant_text
from shared.core.model.unknown import Unknown
from shared.ports import RecordedDecision, Trigger
from shared.use_cases.profile_status import ProfileStatus


def status_json(status: ProfileStatus) -> dict[str, object]:
    """The response. As in Azure, `autoUpgradeProfileStatus` is absent until a trigger has acted on the profile.

    `unreadable` has a clause for each of the two that cannot be read in the ledger.
    """
    response: dict[str, object] = {"profileId": status.profile_id.text}
    unreadable = [each.why for each in (status.last_trigger, status.last_decision) if isinstance(each, Unknown)]
    if unreadable:
        response["unreadable"] = unreadable
    if isinstance(status.last_trigger, Trigger):
        response["autoUpgradeProfileStatus"] = _trigger(status.last_trigger)
    if status.fleet_message:
        response["fleetLastTriggerMessage"] = status.fleet_message
    decision = status.last_decision
    response["lastDecision"] = None
    if isinstance(decision, RecordedDecision):
        response["lastDecision"] = {"since": instant_text(decision.at), "trigger": decision.trigger, **decision.content}
    response["lastEvaluatedAt"] = instant_text(status.last_evaluated_at) if status.last_evaluated_at else None
    return response


def _trigger(trigger: Trigger) -> Mapping[str, object]:
    shown: dict[str, object] = {
        "lastTriggeredAt": instant_text(trigger.at),
        "lastTriggerStatus": "Succeeded" if trigger.error_code is None else "Failed",
        "lastTriggerUpgradeVersions": list(trigger.versions),
    }
    if trigger.error_code is not None:
        shown["lastTriggerError"] = {"code": trigger.error_code, "message": trigger.error_message}
    return shown
