"""The host's own endpoints: ``/admin``, for the master key."""

import asyncio
import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tools.host import bindings
from tools.host.app_loader import FunctionDefinition
from tools.host.errors import InvocationError, MalformedError
from tools.host.invocations import Invoker
from tools.host.keys import HostKeys
from tools.host.timers import Timers
from tools.json_value import Json, parse_json

_log = logging.getLogger(__name__)
_HOST_ID: Final = "local"


class Admin:
    """Lists functions, and runs those that no HTTP request triggers."""

    def __init__(self, functions: list[FunctionDefinition], keys: HostKeys, invoker: Invoker, timers: Timers) -> None:
        self._functions = {function.name.lower(): function for function in functions}
        self._keys = keys
        self._invoker = invoker
        self._timers = timers
        self._tasks: set[asyncio.Task[None]] = set()

    async def status(self, request: Request) -> Response:
        """``GET /admin/host/status``."""
        if not self._keys.opens_admin(request):
            return Response(status_code=401)
        return JSONResponse({"id": _HOST_ID, "state": "Running", "functions": len(self._functions)})

    async def list_functions(self, request: Request) -> Response:
        """``GET /admin/functions``."""
        if not self._keys.opens_admin(request):
            return Response(status_code=401)
        return JSONResponse([_describe(function) for function in self._functions.values()])

    async def one_function(self, request: Request) -> Response:
        """``GET`` describes a function; ``POST`` runs it: 202 at once; ``{"input": text}`` is its event or message."""
        if not self._keys.opens_admin(request):
            return Response(status_code=401)
        function = self._functions.get(request.path_params["name"].lower())
        if function is None:
            return Response(status_code=404)
        if request.method == "GET":
            return JSONResponse(_describe(function))
        if function.trigger_type == bindings.HTTP_TRIGGER:
            return _refuse(f"{function.name} has an HTTP trigger: send it a request")
        try:
            text = _input(await request.body(), function)
        except ValueError as error:
            return _refuse(str(error))
        task = asyncio.create_task(self._run(function, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Response(status_code=202)

    async def _run(self, function: FunctionDefinition, text: str) -> None:
        with self._invoker.in_progress():
            if function.trigger_type == bindings.TIMER_TRIGGER:
                await self._timers.run_now(function.name)
                return
            is_text = function.trigger_type == bindings.QUEUE_TRIGGER
            data = bindings.text_datum(text) if is_text else bindings.json_datum(text)
            try:
                await self._invoker.invoke(function, data, reason="by hand")
            except InvocationError:
                _log.warning("%s, run by hand, failed", function.name)


def _input(body: bytes, function: FunctionDefinition) -> str:
    content: Json = parse_json(body) if body.strip() else {}
    text = content.get("input", "") if isinstance(content, dict) else None
    if not isinstance(text, str):
        raise MalformedError('the body must be {"input": text}')
    if function.trigger_type == bindings.EVENT_GRID_TRIGGER and not isinstance(parse_json(text or "null"), dict):
        raise MalformedError("the input must be an event: the text of a JSON object")
    return text


def _describe(function: FunctionDefinition) -> dict[str, object]:
    return {"name": function.name, "language": "python", "config": {"bindings": list(function.bindings)}}


def _refuse(why: str) -> Response:
    return JSONResponse({"error": {"code": "BadRequest", "message": why}}, 400)
