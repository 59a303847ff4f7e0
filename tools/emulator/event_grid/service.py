"""Topics, subscriptions, and what goes from the ones to the others."""

import datetime as dt
import random
import ssl
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.emulator.event_grid.delivery import Deliverer
from tools.emulator.event_grid.errors import RefusedError, bad_request
from tools.emulator.event_grid.events import Event, read_request
from tools.emulator.event_grid.handshake import validate
from tools.emulator.event_grid.message import Delivery
from tools.emulator.event_grid.retry import RESPONSE_WITHIN_SECONDS
from tools.emulator.event_grid.service_time import SupportsNow
from tools.emulator.event_grid.subscription import Subscription, read_subscription
from tools.emulator.identity import Identity
from tools.json_value import Json, parse_json

AUDIENCE: Final = "https://eventgrid.azure.net"
_CONTROL: Final = "/emulator/eventgrid/subscriptions"
_TOPIC_ID: Final = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.EventGrid/topics/"
)


@cache
def public_authorities() -> ssl.SSLContext:
    """What endpoints with TLS are verified against; reading it takes 30 ms."""
    return ssl.create_default_context()


class EventGrid:
    """Event Grid. A topic is there as soon as it is named. All of it runs on one event loop.

    Args:
        clock: the emulated time.
        journal: `journal(kind, **fields)` with `eventDelivered`, `eventFailed` and `eventDeadLettered`.
        schedule: calls back, on the event loop, when the emulated time has come to a moment.
        changed: called whenever `idle()` may have changed.
        identity: knows the tokens of publishers.
    """

    def __init__(
        self,
        clock: SupportsNow,
        journal: Callable[..., None],
        schedule: Callable[[dt.datetime, Callable[[], None]], None],
        changed: Callable[[], None],
        identity: Identity,
    ) -> None:
        self._clock = clock
        self._identity = identity
        self._subscriptions: dict[str, Subscription] = {}
        self._http: httpx.AsyncClient | None = None
        self._order = random.Random(0)  # noqa: S311 - an arbitrary order, the same in every run
        self._changed = changed
        self._deliverer = Deliverer(self._client, self._subscriptions, clock, journal, schedule, changed)

    def routes(self) -> list[Route]:
        """The endpoint of topics, and the control routes for subscriptions, which need no token."""
        return [
            Route("/eventgrid/topics/{topic}/api/events", self._publish, methods=["POST"]),
            Route(_CONTROL, self._list, methods=["GET"]),
            Route(_CONTROL + "/{name}", self._put, methods=["PUT"]),
            Route(_CONTROL + "/{name}", self._delete, methods=["DELETE"]),
        ]

    def publish(self, source: str, events: list[dict[str, Json]]) -> None:
        """Take events in the Event Grid schema from an Azure service (`aks`). Call it on the event loop."""
        self._accept(source, [Event(event, is_cloud_event=False) for event in events])

    def idle(self) -> bool:
        """Whether every delivery due by now has a response. One that waits for its next attempt is not due."""
        return self._deliverer.idle()

    async def close(self) -> None:
        """End deliveries in progress and close connections."""
        await self._deliverer.cancel()
        if self._http is not None:
            await self._http.aclose()

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                verify=public_authorities(), trust_env=False, timeout=RESPONSE_WITHIN_SECONDS
            )
        return self._http

    def _accept(self, source: str, events: list[Event]) -> None:
        now = self._clock.now()
        for subscription in self._subscriptions.values():
            if subscription.source != source:
                continue
            accepted = [
                event for event in events if subscription.accepts(event) for _ in range(subscription.duplicates)
            ]
            if subscription.shuffle:
                self._order.shuffle(accepted)
            for event in accepted:
                self._deliverer.start(Delivery(subscription.name, event, now, str(uuid.uuid4())))
        self._changed()

    async def _publish(self, request: Request) -> Response:
        topic = request.path_params["topic"]
        source = f"topic:{topic}"
        try:
            self._authorize(request)
            content_type = request.headers.get("Content-Type", "")
            events = read_request(content_type, await request.body(), _TOPIC_ID + topic)
            self._check_schemas(source, events)
        except RefusedError as refused:
            return _refusal(refused)
        self._accept(source, events)
        return Response(status_code=200)

    def _authorize(self, request: Request) -> None:
        if self._identity.check(request.headers.get("Authorization"), AUDIENCE) is None:
            message = f"The request is not authorized: it needs a bearer token for {AUDIENCE}."
            raise RefusedError(401, "Unauthorized", "Unauthorized", message)

    def _check_schemas(self, source: str, events: list[Event]) -> None:
        """Cloud events can be delivered as such only.

        Azure refuses the subscription already; here a topic takes both schemas, so it shows when one is published.
        """
        if not any(event.is_cloud_event for event in events):
            return
        for subscription in self._subscriptions.values():
            if subscription.source == source and not subscription.takes_cloud_events:
                raise bad_request(f"Subscription {subscription.name} takes no cloud events, but the Event Grid schema.")

    async def _list(self, _: Request) -> Response:
        return JSONResponse(
            {"subscriptions": [subscription.as_json() for subscription in self._subscriptions.values()]}
        )

    async def _put(self, request: Request) -> Response:
        try:
            subscription = read_subscription(request.path_params["name"], _json_of(await request.body()))
            topic = _TOPIC_ID + subscription.source.removeprefix("topic:")
            await validate(self._client(), subscription, self._clock, topic)
        except RefusedError as refused:
            return _refusal(refused)
        created = subscription.name not in self._subscriptions
        self._subscriptions[subscription.name] = subscription
        return JSONResponse(subscription.as_json(), status_code=201 if created else 200)

    async def _delete(self, request: Request) -> Response:
        name = request.path_params["name"]
        if self._subscriptions.pop(name, None) is None:
            return _refusal(RefusedError(404, "ResourceNotFound", "ResourceNotFound", f"No subscription {name}."))
        return Response(status_code=204)


def _json_of(body: bytes) -> Json:
    try:
        content: Json = parse_json(body)
    except ValueError as error:
        raise bad_request("The body is not JSON.") from error
    return content


def _refusal(refused: RefusedError) -> Response:
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
    return JSONResponse(refused.body(), status_code=refused.status, headers=headers)
