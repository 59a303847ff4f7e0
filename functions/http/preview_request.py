"""Decodes the request for a preview: `?at=` and `?policy.<key>=` replace time and policies, `?facts=` adds facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import azure.functions as func

from functions.http.paging import KEY_PARAMETER
from functions.http.profile_route import profile_id_of
from shared.core.model.ids import ResourceId
from shared.core.model.times import parse_instant
from shared.core.policies.rules import find_policy_rule
from shared.errors import InvalidInputError
from shared.use_cases.decide_profile import EvaluationOptions

_POLICY = "policy."
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """The profile, and the assumptions to decide it on."""

    profile_id: ResourceId
    options: EvaluationOptions
    wants_facts: bool = False
    """Whether to return what the profile was decided on as well."""


def read_preview_request(req: func.HttpRequest) -> PreviewRequest:
    """Read route and query.

    Raises:
        InvalidInputError: a parameter is unknown, or its value is not valid.
    """
    options, wants_facts = _options(req, can_have_facts=True)
    return PreviewRequest(profile_id_of(req), options, wants_facts)


def read_assumptions(req: func.HttpRequest) -> EvaluationOptions:
    """The assumptions in the query of a request that returns no facts.

    Raises:
        InvalidInputError: a parameter is unknown, or its value is not valid.
    """
    options, _ = _options(req, can_have_facts=False)
    return options


def _options(req: func.HttpRequest, *, can_have_facts: bool) -> tuple[EvaluationOptions, bool]:
    at: datetime | None = None
    policies: dict[str, str] = {}
    wants_facts = False
    for name, value in req.params.items():
        if name == "at":
            at = parse_instant(value, name)
        elif name.startswith(_POLICY):
            rule = find_policy_rule(name.removeprefix(_POLICY), name)
            rule.read(value, name)
            policies[rule.key] = value
        elif name == "facts" and can_have_facts:
            wants_facts = _flag(value, name)
        elif name != KEY_PARAMETER:
            known = "at, facts" if can_have_facts else "at"
            expected = f"no other parameters than {known} and {_POLICY}<key>"
            raise InvalidInputError(name, value, expected, reported_field="A query parameter")
    return EvaluationOptions(at=at, policies=policies, wants_warnings=True), wants_facts


def _flag(value: str, name: str) -> bool:
    if value not in _FLAGS:
        raise InvalidInputError(name, value, "true or false")
    return _FLAGS[value]
