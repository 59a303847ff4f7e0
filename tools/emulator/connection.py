"""What happens to a connection whose request is not served: it is broken off, or kept usable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION: Final = "emulator.abort"


class AbortableProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose requests carry the means to break their connection off, and which ends at once."""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"abort": self.transport.abort}}

    def shutdown(self) -> None:
        """The server ends: no idle connection is waited for."""
        if getattr(self.cycle, "response_complete", True):  # there is no cycle before the first request
            self.transport.abort()
        else:
            super().shutdown()


async def abort(scope: Scope, receive: Receive) -> None:
    """Close the connection at once, without a response, and wait until the server has noticed."""
    break_off = cast("Callable[[], None]", scope["extensions"][_EXTENSION]["abort"])
    break_off()
    while (await receive())["type"] != "http.disconnect":
        pass


async def drain(receive: Receive) -> None:
    """Read the request to its end, so that the connection stays usable."""
    more = True
    while more:
        message = await receive()
        more = message["type"] == "http.request" and bool(message.get("more_body"))
