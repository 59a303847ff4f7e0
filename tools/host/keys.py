"""Access keys: who may call what."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from tools.host.errors import StartUpError

KEY_HEADER = "x-functions-key"
KEY_PARAMETER = "code"


def _new_key() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class HostKeys:
    """The master key, the host's function key and the system key of the Event Grid extension."""

    master: str = field(default_factory=_new_key, repr=False)
    function: str = field(default_factory=_new_key, repr=False)
    event_grid: str = field(default_factory=_new_key, repr=False)

    @classmethod
    def from_settings(cls, given: Mapping[str, object]) -> "HostKeys":
        """Take the keys given under ``hostKeys``; the others are made at random.

        Raises:
            StartUpError: a key is unknown, empty or not text.
        """
        names = {"master": "master", "function": "function", "eventgrid": "event_grid"}
        keys: dict[str, str] = {}
        for name, value in given.items():
            if name not in names:
                raise StartUpError(f"hostKeys: unknown key {name!r}; known are {', '.join(names)}")
            if not isinstance(value, str) or not value:
                raise StartUpError(f"hostKeys: {name!r} must be a text that is not empty")
            keys[names[name]] = value
        return cls(**keys)

    def all(self) -> tuple[str, str, str]:
        """Every key, for a log that has to omit them."""
        return self.master, self.function, self.event_grid

    def opens_admin(self, request: Request) -> bool:
        """The request carries the master key."""
        return _matches(_presented(request), self.master)

    def opens_event_grid(self, request: Request) -> bool:
        """The request carries the Event Grid extension's system key, or the master key."""
        return _matches(_presented(request), self.event_grid, self.master)

    def opens_http(self, request: Request, auth_level: str) -> bool:
        """The request may call an HTTP function of this ``authLevel``; the master key opens all of them."""
        if auth_level == "anonymous":
            return True
        if auth_level == "function":
            return _matches(_presented(request), self.function, self.master)
        return self.opens_admin(request)


def _presented(request: Request) -> str:
    return request.headers.get(KEY_HEADER) or request.query_params.get(KEY_PARAMETER) or ""


def _matches(presented: str, *keys: str) -> bool:
    """Compare in constant time, with every key, so that timing reveals nothing."""
    given = presented.encode()
    return any([hmac.compare_digest(given, key.encode()) for key in keys])  # noqa: C419 - a list: no short circuit
