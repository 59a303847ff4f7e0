"""What the stand-ins for the clients of Azure's SDKs have in common.

They have the operations that the app's adapters use. The adapters create them where they would create the real ones,
and everything above them is the app's own code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
    ServiceResponseError,
)

from tools.simulation.calls import Calls, Unavailable
from tools.simulation.world.azure import Actor, Azure
from tools.simulation.world.model import Body, Refused
from tools.simulation.world.storage import Table

T = TypeVar("T")

_KINDS: Mapping[int, type[HttpResponseError]] = {
    404: ResourceNotFoundError,
    409: ResourceExistsError,
    412: ResourceModifiedError,
}


class Outside(Protocol):
    """What the stand-ins reach: the simulated Azure, and the outside world beside it."""

    azure: Azure
    table: Table
    calls: Calls

    def actor(self) -> Actor:
        """Who acts now."""

    def graph_lag(self) -> float:
        """By how many seconds Resource Graph lags now."""

    def send(self, queue: str, body: str) -> None:
        """A message was sent."""

    def publish(self, events: Sequence[object]) -> None:
        """Events were published."""


class Shown:
    """A model of the SDK."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def as_dict(self) -> Body:
        """Its JSON."""
        return self._body


class Poller:
    """A long-running operation, which is over."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def wait(self, _timeout: float | None = None) -> None:
        """It is over."""

    def result(self, _timeout: float | None = None) -> Shown:
        """What it resulted in."""
        return Shown(self._body)


class Client:
    """Calls the outside and raises what the SDK raises."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    def call(self, what: str, operation: Callable[[], T], *, writes: bool = False) -> T:
        """Call the outside.

        Raises:
            HttpResponseError: Azure refuses.
            ServiceResponseError: there was no response.
        """
        try:
            return self.outside.calls.make(what, operation, writes=writes)
        except Refused as refusal:
            raise _sdk_error(refusal) from refusal
        except Unavailable as error:
            raise ServiceResponseError("the connection was closed without a response") from error

    def get(self, resource_id: str) -> Shown:
        """A resource as it is."""
        return Shown(self.call(f"GET {short(resource_id)}", lambda: self.outside.azure.latest(resource_id)))

    def listed(self, what: str, bodies: Callable[[], Iterable[Body]]) -> list[Shown]:
        """A list as it is."""
        return [Shown(body) for body in self.call(f"GET {what}", lambda: list(bodies()))]


def _sdk_error(refusal: Refused) -> HttpResponseError:
    error = _KINDS.get(refusal.status, HttpResponseError)(str(refusal))
    error.status_code, error.reason = refusal.status, refusal.code
    return error


def short(resource_id: str) -> str:
    """The last type and name of a resource's id."""
    return "/".join(resource_id.split("/")[-2:])
