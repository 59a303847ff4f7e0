"""The overview of profiles as JSON: what the ledger has, with what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar, cast

from functions.http.candidates_matrix import matrix_of
from functions.http.paging import Page, age_seconds
from shared.core.model.times import days_since, instant_text
from shared.core.outlook import NextEvent, Outlook, outlook
from shared.core.reasons import Outcome, Reason
from shared.overview.run_summary import progress_of
from shared.overview.store import DecisionSummary
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

SENTENCE_CHARACTERS = 500
"""Of a decision's sentence in the overview."""

_NOT_DECIDED = Outlook(NextEvent.APP_ACTS, None, "The profile is evaluated.")
_NOT_UNDERSTOOD = Outlook(NextEvent.APP_ACTS, None, "The next evaluation replaces the decision of another version.")
E = TypeVar("E", bound=StrEnum)


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
    trigger = overview.stored.triggers.get(view.profile["id"].lower())
    return {
        "summary": _summary(view.fleet, view.profile, overview),
        "settings": view.profile["settings"],
        "decision": decision,
        "matrix": matrix_of(decision) if decision is not None else [],
        "runs": list(view.runs),
        "lastTrigger": _trigger(trigger) if trigger is not None else None,
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
    key = profile["id"].lower()
    decision = overview.stored.decisions.get(key)
    ahead = _outlook(decision, profile)
    lag = profile["lag"]
    error = _error(overview.stored.triggers.get(key))
    return {
        "profileId": profile["id"],
        "profile": profile["name"],
        "fleetId": fleet["id"],
        "fleet": fleet["name"],
        "channel": profile["settings"]["channel"],
        "disabled": profile["settings"]["disabled"],
        "outcome": _member(Outcome, decision.outcome) if decision is not None else None,
        "reason": _member(Reason, decision.reason) if decision is not None else None,
        "sentence": _cut(decision.sentence) if decision is not None else "",
        "since": instant_text(decision.since) if decision is not None else None,
        "trigger": decision.trigger if decision is not None else None,
        "target": (decision.target or None) if decision is not None else None,
        "lag": lag,
        "daysBehind": _days_behind(lag["behindSince"], overview.now) if lag is not None else None,
        "run": profile["run"],
        "next": _next(ahead),
        "needsPerson": ahead.needs_person,
        "lastTriggerError": error,
    }


def _outlook(decision: DecisionSummary | None, profile: StoredProfile) -> Outlook:
    if decision is None:
        return _NOT_DECIDED
    outcome, reason = _member(Outcome, decision.outcome), _member(Reason, decision.reason)
    if outcome is None or reason is None:
        return _NOT_UNDERSTOOD
    return outlook(outcome, reason, decision.until, progress_of(profile["run"]))


def _next(ahead: Outlook) -> NextDocument:
    return {"what": ahead.event, "at": _time(ahead.at), "sentence": ahead.sentence}


def _member(kind: type[E], text: str) -> E | None:
    """The member of a closed list; None for one of another version of the app."""
    return kind(text) if text in kind._value2member_map_ else None


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
    return {"at": instant_text(trigger.at), "versions": list(trigger.versions), "error": _error(trigger)}


def _error(trigger: Trigger | None) -> TriggerErrorDocument | None:
    if trigger is None or trigger.error_code is None:
        return None
    return {"code": trigger.error_code, "message": trigger.error_message, "at": instant_text(trigger.at)}


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= SENTENCE_CHARACTERS else f"{sentence[:SENTENCE_CHARACTERS]}…"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else instant_text(moment)
