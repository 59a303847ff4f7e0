"""Decodes the request for a preview: `?at=` and `?policy.<key>=` replace the time and the policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import azure.functions as func

from functions.http.profile_route import profile_id_of
from shared.core.model.ids import ResourceId
from shared.core.model.times import parse_instant
from shared.core.policies.rules import find_policy_rule
from shared.errors import InvalidInputError
from shared.use_cases.decide_profile import EvaluationOptions

_POLICY = "policy."
_KEY = "code"
"""The query parameter for the function key. The Functions host checks it; the app ignores it and never shows it."""


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """The profile, and the assumptions to decide it on."""

    profile_id: ResourceId
    options: EvaluationOptions


def read_preview_request(req: func.HttpRequest) -> PreviewRequest:
    """Read route and query.

    Raises:
        InvalidInputError: a parameter is unknown, or its value is not valid.
    """
    at: datetime | None = None
    policies: dict[str, str] = {}
    for name, value in req.params.items():
        if name == "at":
            at = parse_instant(value, name)
        elif name.startswith(_POLICY):
            rule = find_policy_rule(name.removeprefix(_POLICY), name)
            rule.read(value, name)
            policies[rule.key] = value
        elif name != _KEY:
            expected = f"no other parameters than at and {_POLICY}<key>"
            raise InvalidInputError(name, value, expected, reported_field="A query parameter")
    return PreviewRequest(profile_id_of(req), EvaluationOptions(at=at, policies=policies, wants_warnings=True))
