"""What handlers get and give."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tools.emulator.arm.errors import invalid_content
from tools.emulator.identity import Caller
from tools.json_value import Json


@dataclass(frozen=True)
class ArmRequest:
    """A request that has passed the gateway: caller known, path matched, api-version valid, body parsed.

    `params`: the names from the template with their values in the path, in the caller's case. `headers`: looked up
    without case. `body`: None where there was none. `base_url`: scheme and host of this emulator, without a slash,
    for the URLs of long-running operations and further pages.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json
    api_version: str
    caller: Caller
    base_url: str

    def object_body(self) -> dict[str, Json]:
        """The body, which must be an object.

        Raises:
            ArmError: 400, it is missing or something else.
        """
        if not isinstance(self.body, dict):
            raise invalid_content("The request content was invalid: a JSON object is expected.")
        return self.body


@dataclass(frozen=True)
class ArmResponse:
    """A response. With `body` None there is none on the wire."""

    status: int = 200
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler: TypeAlias = Callable[[ArmRequest], "ArmResponse | Awaitable[ArmResponse]"]
