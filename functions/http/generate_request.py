"""Decodes the request to generate an update run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import azure.functions as func

from functions.http.json_fields import parse_json, reject_other_properties
from functions.http.profile_route import profile_id_of
from shared.core.model.ids import ResourceId
from shared.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """The profile, and whether to start its run."""

    profile_id: ResourceId
    start: bool


def read_generate_request(req: func.HttpRequest) -> GenerateRequest:
    """Read route and body; an empty body, which ARM's own action has, requests a run for review.

    Raises:
        InvalidInputError: the body is not a JSON object, or has another property than a boolean `start`.
    """
    return GenerateRequest(profile_id_of(req), _start(req.get_body()))


def _start(body: bytes) -> bool:
    if not body.strip():
        return False
    content = parse_json(body)
    if not isinstance(content, Mapping):
        raise InvalidInputError("body", content, 'a JSON object such as {"start": true}, or nothing')
    reject_other_properties(content, ("start",), "body")
    start = content.get("start", False)
    if not isinstance(start, bool):
        raise InvalidInputError("body.start", start, "true or false")
    return start
