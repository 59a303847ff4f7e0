"""Event Grid's deliveries to ``/runtime/webhooks/EventGrid``, handled as the real host's extension does."""

import asyncio
import json
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tools.host.app_loader import FunctionDefinition
from tools.host.bindings import json_datum
from tools.host.errors import InvocationError, MalformedError
from tools.host.invocations import Invoker
from tools.host.keys import HostKeys
from tools.json_value import Json, parse_json

Event = dict[str, Json]

_log = logging.getLogger(__name__)


class EventGridWebhook:
    """One address for all functions with an Event Grid trigger; ``functionName`` says which."""

    def __init__(self, functions: list[FunctionDefinition], keys: HostKeys, invoker: Invoker) -> None:
        self._functions = {function.name.lower(): function for function in functions}
        self._keys = keys
        self._invoker = invoker

    async def handle(self, request: Request) -> Response:
        """Handle a handshake or a delivery.

        401 wrong key; 404 unknown function; 400 a body that is no event, or no ``aeg-event-type``; 200 a validation;
        202 all events done; 500 any event failed, after which Event Grid delivers all of them again.
        """
        if not self._keys.opens_event_grid(request):
            return Response(status_code=401)
        name = request.query_params.get("functionName", "")
        function = self._functions.get(name.lower())
        if function is None:
            return PlainTextResponse(f"cannot find function: '{name}'", 404)
        if request.method == "OPTIONS":
            return _allow_cloud_events(request)
        kind = request.headers.get("aeg-event-type", "").lower()
        if kind == "subscriptiondeletion":
            return Response(status_code=202)
        if kind not in ("subscriptionvalidation", "notification"):
            return _refuse(function, f"the header aeg-event-type is {kind!r}")
        try:
            events = _read_events(await request.body())
            if kind == "subscriptionvalidation":
                return _validate(events)
        except MalformedError as error:
            return _refuse(function, str(error))
        return await self._deliver(function, events)

    async def _deliver(self, function: FunctionDefinition, events: list[Event]) -> Response:
        deliveries = [
            self._invoker.invoke(function, json_datum(json.dumps(event)), reason=f"event {event.get('id')}")
            for event in events
        ]
        results = await asyncio.gather(*deliveries, return_exceptions=True)
        for result in results:
            if isinstance(result, InvocationError):
                return PlainTextResponse(str(result), 500)
            if isinstance(result, BaseException):
                raise result
        return Response(status_code=202)


def _allow_cloud_events(request: Request) -> Response:
    """The CloudEvents webhook handshake: allow the sender to deliver, at the rate that it requests."""
    origin = request.headers.get("webhook-request-origin")
    if origin is None:
        return PlainTextResponse("the header WebHook-Request-Origin is missing", 400)
    rate = request.headers.get("webhook-request-rate", "*")
    return Response(headers={"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": rate})


def _refuse(function: FunctionDefinition, why: str) -> Response:
    _log.warning("a delivery to %s was refused: %s", function.name, why)
    return PlainTextResponse(why, 400)


def _read_events(body: bytes) -> list[Event]:
    """Read an array (Event Grid schema, or a batch) or a single object (CloudEvents)."""
    try:
        content: Json = parse_json(body)
    except ValueError as error:
        raise MalformedError(f"the body is not valid JSON: {error}") from error
    items = content if isinstance(content, list) else [content]
    events: list[Event] = []
    for item in items:
        if not isinstance(item, dict):
            raise MalformedError("an event must be a JSON object")
        events.append(item)
    return events


def _validate(events: list[Event]) -> Response:
    data = events[0].get("data") if events else None
    code = data.get("validationCode") if isinstance(data, dict) else None
    if not isinstance(code, str):
        raise MalformedError("the validation event has no data.validationCode")
    return JSONResponse({"validationResponse": code})
