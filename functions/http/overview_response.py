"""The overview of profiles as JSON: what the ledger has, with what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from functions.http.candidates_matrix import matrix_of
from functions.http.paging import Page, age_seconds
from shared.core.model.times import days_since, instant_text
from shared.core.outlook import NextEvent
from shared.overview.decision_summary import summarize
from shared.ports import Trigger
from shared.use_cases.overview import Overview, ProfileView

if TYPE_CHECKING:
    from shared.documents.decisions import DecisionDocument
    from shared.documents.fleets import (
        FleetDocument,
        FleetsDocument,
        LastTrigger,
        NextDocument,
        ProfileDocument,
        ProfileSummary,
        StoredFleet,
        StoredProfile,
        TriggerErrorDocument,
    )

_NOT_DECIDED: NextDocument = {
    "what": NextEvent.PERSON_ACTS,
    "at": None,
    "sentence": "Deciding the profile failed; see the app's log.",
}


def fleets_json(overview: Overview, page: Page) -> FleetsDocument:
    """A page of all profiles: those first that need a person, then those with something to do, then by name."""
    stored = overview.stored
    summaries = sorted(_summaries(overview), key=_urgency)
    document: FleetsDocument = {
        "value": summaries[page.skip : page.end],
        "counts": {
            "fleets": len(stored.fleets),
            "profiles": len(summaries),
            "needsPerson": sum(summary["needsPerson"] for summary in summaries),
            "runsInProgress": sum(is_in_progress(summary) for summary in summaries),
            "clustersBehind": sum(one["lag"]["clustersBehind"] for one in summaries if one["lag"] is not None),
        },
        "fleets": [
            {"id": one["id"], "name": one["name"], "members": one["members"], "profiles": len(one["profiles"])}
            for one in stored.fleets
            if page.skip == 0
        ],
        "evaluatedAt": _time(overview.evaluated_at),
        "ageSeconds": age_seconds(overview.evaluated_at, overview.now),
    }
    if page.end < len(summaries):
        document["nextLink"] = page.next_link
    return document


def fleet_json(overview: Overview) -> FleetDocument:
    """One fleet."""
    [fleet] = overview.stored.fleets
    return {
        "id": fleet["id"],
        "name": fleet["name"],
        "members": fleet["members"],
        "profiles": sorted(_summaries(overview), key=_urgency),
        "evaluatedAt": _time(overview.evaluated_at),
        "ageSeconds": age_seconds(overview.evaluated_at, overview.now),
    }


def profile_json(view: ProfileView) -> ProfileDocument:
    """One profile."""
    overview, decision = view.overview, None
    if view.decision is not None and view.decision.content:
        decision = cast("DecisionDocument", view.decision.content)
    recorded = view.decision
    return {
        "summary": _summary(view.fleet, view.profile, overview),
        "settings": view.profile["settings"],
        "decision": decision,
        "decidedAt": instant_text(recorded.at) if recorded is not None else None,
        "trigger": recorded.trigger if recorded is not None else None,
        "matrix": matrix_of(decision) if decision is not None else [],
        "runs": list(view.runs),
        "lastTrigger": _trigger(view.trigger) if view.trigger is not None else None,
        "evaluatedAt": _time(overview.evaluated_at),
        "ageSeconds": age_seconds(overview.evaluated_at, overview.now),
    }


def is_in_progress(summary: ProfileSummary) -> bool:
    """Whether Fleet works on a run of the profile."""
    run = summary["run"]
    return run is not None and run["state"] in ("Running", "Pending", "Stopping")


def _summaries(overview: Overview) -> Iterable[ProfileSummary]:
    for fleet in overview.stored.fleets:
        for profile in fleet["profiles"]:
            yield _summary(fleet, profile, overview)


def _summary(fleet: StoredFleet, profile: StoredProfile, overview: Overview) -> ProfileSummary:
    key, run, lag = profile["id"].lower(), profile["run"], profile["lag"]
    newer = overview.stored.decisions.get(key)
    decision = profile["decision"]
    if newer is not None:
        texts = (newer.outcome, newer.reason, newer.sentence, newer.target)
        decision = summarize(*texts, newer.until, run) or decision
    failure = overview.stored.failures.get(key)
    return {
        "profileId": profile["id"],
        "profile": profile["name"],
        "fleetId": fleet["id"],
        "fleet": fleet["name"],
        "channel": profile["settings"]["channel"],
        "disabled": profile["settings"]["disabled"],
        "outcome": decision["outcome"] if decision is not None else None,
        "reason": decision["reason"] if decision is not None else None,
        "sentence": decision["sentence"] if decision is not None else "",
        "target": decision["target"] if decision is not None else None,
        "lag": lag,
        "daysBehind": _days_behind(lag["behindSince"], overview.now) if lag is not None else None,
        "run": run,
        "next": decision["next"] if decision is not None else _NOT_DECIDED,
        "needsPerson": decision["needsPerson"] if decision is not None else True,
        "lastTriggerError": _error(failure) if failure is not None else None,
    }


def _urgency(summary: ProfileSummary) -> tuple[bool, bool, bool, bool, str]:
    lag = summary["lag"]
    is_behind = lag is not None and lag["clustersBehind"] > 0
    return (
        not summary["needsPerson"],
        summary["lastTriggerError"] is None,
        not is_in_progress(summary),
        not is_behind,
        summary["profileId"].lower(),
    )


def _days_behind(since: str | None, now: datetime) -> int | None:
    return None if since is None else int(days_since(datetime.fromisoformat(since), now))


def _trigger(trigger: Trigger) -> LastTrigger:
    error = _error(trigger) if trigger.error_code is not None else None
    return {"at": instant_text(trigger.at), "versions": list(trigger.versions), "error": error}


def _error(trigger: Trigger) -> TriggerErrorDocument:
    return {"code": trigger.error_code or "", "message": trigger.error_message, "at": instant_text(trigger.at)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else instant_text(moment)
