"""An endpoint for deliveries that responds as a test says."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.json_value import Json


@dataclass(frozen=True)
class Received:
    """A delivery that came in."""

    headers: dict[str, str]
    body: Json

    @property
    def event(self) -> dict[str, Json]:
        """The one event in it."""
        [event] = self.body if isinstance(self.body, list) else [self.body]
        assert isinstance(event, dict)
        return event


class Webhook:
    """Consents to every handshake and responds to deliveries with `statuses` in turn, the last one for ever.

    The subscription `slow` gets its responses when `gate` has been opened.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.handshakes: list[Received] = []
        self.statuses = [200]
        self.validation: Callable[[str], Response] = lambda code: JSONResponse({"validationResponse": code})
        self.allowed_origin: str | None = "eventgrid.azure.net"
        self.gate = asyncio.Event()
        self.app = Starlette(routes=[Route("/hook", self._respond, methods=["POST", "OPTIONS"])])

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            self.handshakes.append(Received(dict(request.headers), None))
            allowed = {} if self.allowed_origin is None else {"WebHook-Allowed-Origin": self.allowed_origin}
            return Response(headers=allowed)
        got = Received(dict(request.headers), json.loads(await request.body()))
        if got.headers["aeg-event-type"] == "SubscriptionValidation":
            self.handshakes.append(got)
            data = got.event["data"]
            assert isinstance(data, dict)
            return self.validation(str(data["validationCode"]))
        self.received.append(got)
        if got.headers["aeg-subscription-name"] == "SLOW":
            await self.gate.wait()
        return Response(status_code=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])
