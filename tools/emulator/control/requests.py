"""Reading requests to the control plane."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.requests import Request

from tools.emulator.arm.values import parse_time
from tools.json_value import Json, parse_json

LONGEST_WAIT_SECONDS: Final = 30.0
"""The longest that a request waits, in real seconds."""


class ControlError(Exception):
    """A request to the control plane that cannot be carried out; `status` is 400 or 404."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


async def read_object(request: Request) -> dict[str, Json]:
    """The body, an object.

    Raises:
        ControlError: it is something else.
    """
    try:
        content: Json = parse_json(await request.body())
    except ValueError as error:
        raise ControlError(f"The body is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ControlError("The body must be an object.")
    return content


def seconds(request: Request, name: str, default: float) -> float:
    """A query parameter in seconds, at most `LONGEST_WAIT_SECONDS`.

    Raises:
        ControlError: it is no number.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise ControlError(f"{name} must be a number of seconds, not '{text}'.") from error
    if not value >= 0:
        raise ControlError(f"{name} must not be negative.")
    return min(value, LONGEST_WAIT_SECONDS)


def moment(value: Json, name: str) -> datetime:
    """A point in time.

    Raises:
        ControlError: it is none.
    """
    try:
        return parse_time(str(value).replace(" ", "+"))
    except ValueError as error:
        raise ControlError(f"{name} must be a time in ISO 8601, not '{value}'.") from error
