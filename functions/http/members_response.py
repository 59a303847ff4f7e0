"""Clusters found by name, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import azure.functions as func

from functions.http.paging import age_seconds, reject_parameters
from shared.core.model.ids import ResourceId
from shared.core.model.times import instant_text
from shared.errors import InvalidInputError
from shared.ports import RecordedDecision
from shared.use_cases.find_members import FoundMembers

if TYPE_CHECKING:
    from shared.documents.decisions import DecisionDocument
    from shared.documents.members import MemberProfile, MembersDocument

_LONGEST = 100


def read_name(req: func.HttpRequest) -> str:
    """The part of a name that the query asks for.

    Raises:
        InvalidInputError: it is missing or too long, or there is another parameter.
    """
    reject_parameters(req, ("name",))
    name: str = req.params.get("name", "").strip()
    if not 1 <= len(name) <= _LONGEST:
        raise InvalidInputError("name", name, f"a part of a cluster's name, of 1 to {_LONGEST} characters")
    return name


def members_json(found: FoundMembers) -> MembersDocument:
    """The response."""
    return {
        "value": [
            {
                "name": each.name,
                "cluster": each.cluster,
                "fleetId": each.fleet_id.text,
                "fleet": each.fleet_id.name,
                "profiles": [_profile(each.name, *decision) for decision in each.decisions.items()],
            }
            for each in found.members
        ],
        "isComplete": found.is_complete,
        "evaluatedAt": None if found.evaluated_at is None else instant_text(found.evaluated_at),
        "ageSeconds": age_seconds(found.evaluated_at, found.now),
    }


def _profile(member: str, profile_id: ResourceId, recorded: RecordedDecision | None) -> MemberProfile:
    decision = cast("DecisionDocument", recorded.content) if recorded is not None and recorded.content else None
    members = decision["members"] if decision is not None else []
    return {
        "profileId": profile_id.text,
        "profile": profile_id.name,
        "outcome": decision["outcome"] if decision is not None else None,
        "sentence": decision["sentence"] if decision is not None else "",
        "member": next((each for each in members if each["name"] == member), None),
    }
