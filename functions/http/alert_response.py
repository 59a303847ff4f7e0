"""The response to an alert as JSON: what was done."""

from __future__ import annotations

from functions.http.alert_request import EVALUATE, GENERATE_UPDATE_RUN, Alert
from shared.excerpt import printable
from shared.use_cases.act_on_alert import AlertOutcome


def resolved_json(alert: Alert) -> dict[str, object]:
    """The response to a resolved alert."""
    return {"alertRule": printable(alert.rule), "sentence": "The alert is resolved, so nothing is done."}


def outcome_json(alert: Alert, outcome: AlertOutcome) -> dict[str, object]:
    """The response to an alert that was acted on."""
    profiles = [profile_id.text for profile_id in outcome.profile_ids]
    response: dict[str, object] = {"alertRule": printable(alert.rule), "profiles": profiles}
    if outcome.run_id is not None:
        return {
            **response,
            "action": GENERATE_UPDATE_RUN,
            "updateRun": outcome.run_id.text,
            "sentence": f"The update run {outcome.run_id.name} exists.",
        }
    return {**response, "action": EVALUATE, "sentence": _sentence(len(profiles))}


def _sentence(profiles: int) -> str:
    if not profiles:
        return "The fleet has no auto-upgrade profiles, so there is nothing to evaluate."
    return "Each profile is enqueued for evaluation; its status shows the result."
