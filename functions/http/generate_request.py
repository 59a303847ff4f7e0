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
    """Which profile, and whether the run is to be started."""

    profile_id: ResourceId
    start: bool


def read_generate_request(req: func.HttpRequest) -> GenerateRequest:
    """Read route and body; an empty body, as ARM's own action has it, asks for a run to review.

    Raises:
        InvalidInputError: the body is no JSON object, or has something else than a boolean `start` in it.
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
