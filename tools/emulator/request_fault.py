"""A fault that requests meet, as a world file or the control route describes it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, TypeAdapter, model_validator

from tools.documents import WHOLE, CamelCaseDocument, Document, invalid


def _check_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise invalid(f"not a regular expression: {error}") from error
    return text


class RequestFault(CamelCaseDocument):
    """A fault, and which requests meet it."""

    model_config = ConfigDict(
        json_schema_extra={"if": {"properties": {"action": {"const": "status"}}}, "then": {"required": ["status"]}}
    )

    path: Annotated[str, AfterValidator(_check_pattern), Field(json_schema_extra={"format": "regex"})]
    """A regular expression, searched for in the path without regard to case."""
    method: str = "*"
    """GET, PUT, …; default: *, any."""
    times: Annotated[int, Field(ge=1), WHOLE] | None = 1
    """How many requests meet it; null: all of them."""
    action: Literal["status", "lostResponse", "delay", "dropConnection"]
    """What happens.

    status: this response instead of the service's. delay: the service's response, later. dropConnection: the
    connection breaks before the request is processed. lostResponse: it breaks after the request is processed.
    """
    status: Annotated[int, Field(ge=100, le=599), WHOLE] | None = None
    """For status: the status code of the response."""
    headers: dict[str, str] | None = None
    """For status: headers of the response."""
    body: JsonValue = None
    """For status: the body of the response, as JSON."""
    milliseconds: Annotated[int, Field(ge=0), WHOLE] = 0
    """For delay: how long."""

    @model_validator(mode="after")
    def _has_status(self) -> Self:
        if self.action == "status" and self.status is None:
            raise invalid("'status' is missing")
        return self


class RequestFaults(Document):
    """The body of `PUT /emulator/faults`."""

    faults: list[RequestFault]


REQUEST_FAULTS = TypeAdapter(RequestFaults)
