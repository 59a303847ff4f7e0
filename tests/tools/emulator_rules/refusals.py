"""Requests that break a rule, and what their refusal has to say, to the letter."""

from __future__ import annotations

import httpx

from tools.json_value import Json

INVALID = "InvalidParameter"
WRONG_TYPE = "InvalidRequestContent"


def assert_refused(response: httpx.Response, status: int, code: str, message: str, target: str | None = None) -> None:
    """The response is ARM's error body and nothing else."""
    error: dict[str, Json] = {"code": code, "message": message}
    if target is not None:
        error["target"] = target
    assert (response.status_code, response.json()) == (status, {"error": error})
