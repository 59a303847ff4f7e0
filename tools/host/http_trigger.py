"""HTTP triggers: from a request to a function and back."""

import re
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

from azure.functions.meta import Datum
from starlette.requests import Request
from starlette.responses import Response

from tools.host.app_loader import FunctionDefinition
from tools.host.bindings import encode_http, text_datum
from tools.host.errors import InvocationError, StartUpError
from tools.host.invocations import Invoker
from tools.host.keys import HostKeys
from tools.host.route_template import RouteTemplate

_WITHOUT_BODY = (204, 304)
# The server computes these from the body.
_FRAMING_HEADERS = ("content-length", "transfer-encoding")


@dataclass(frozen=True)
class _Route:
    template: RouteTemplate
    methods: frozenset[str]
    """Empty: all of them."""
    auth_level: str
    function: FunctionDefinition


class HttpTriggers:
    """Finds the function for a request; what it returns is the response."""

    def __init__(self, functions: list[FunctionDefinition], prefix: str, keys: HostKeys, invoker: Invoker) -> None:
        self._routes = sorted(
            (_route(function, prefix) for function in functions), key=lambda route: route.template.order
        )
        self._keys = keys
        self._invoker = invoker

    async def handle(self, request: Request) -> Response:
        """Handle a request.

        No route for path *and* method: 404, the real host has no 405 (Azure/azure-functions-host#10098). No key or
        a wrong one: 401. A function that fails: 500 without a body, what happened is in the log.
        """
        found = self._find(routing_path(request), request.method)
        if found is None:
            return Response(status_code=404)
        route, parameters = found
        if not self._keys.opens_http(request, route.auth_level):
            return Response(status_code=401)
        data = await _to_datum(request, parameters)
        try:
            with self._invoker.in_progress():
                result = await self._invoker.invoke(
                    route.function, data, reason="HTTP request", headers=request.headers
                )
                return _to_response(route.function, result)
        except InvocationError:
            return Response(status_code=500)

    def _find(self, path: str, method: str) -> tuple[_Route, dict[str, str]] | None:
        for route in self._routes:
            if route.methods and method not in route.methods:
                continue
            parameters = route.template.match(path)
            if parameters is not None:
                return route, parameters
        return None


def routing_path(request: Request) -> str:
    """The decoded path, but with encoded slashes left as they are, so that they do not separate segments.

    So does the server of ASP.NET Core, which the real host uses.
    """
    raw = cast(bytes, request.scope["raw_path"]).decode("latin-1")
    return "".join(part if part.lower() == "%2f" else unquote(part) for part in re.split("(%2[fF])", raw))


def _route(function: FunctionDefinition, prefix: str) -> _Route:
    methods = function.trigger.get("methods") or []
    if not isinstance(methods, list):
        raise StartUpError(f"function {function.name!r}: its methods are not a list")
    route = str(function.trigger.get("route") or function.name).strip("/")
    try:
        template = RouteTemplate(f"{prefix}/{route}")
    except ValueError as error:
        raise StartUpError(f"function {function.name!r}: {error}") from error
    auth_level = str(function.trigger.get("authLevel") or "function").lower()
    return _Route(template, frozenset(str(method).upper() for method in methods), auth_level, function)


async def _to_datum(request: Request, parameters: dict[str, str]) -> Datum:
    """Make what the real host sends to a worker; values of a name that appears twice are joined by commas."""
    return Datum(
        {
            "method": text_datum(request.method),
            "url": text_datum(_url_as_sent(request)),
            "headers": _texts(request.headers.items()),
            "query": _texts(request.query_params.multi_items()),
            "params": _texts(list(parameters.items())),
            "body": Datum(await request.body(), "bytes"),
        },
        "http",
    )


def _url_as_sent(request: Request) -> str:
    """The whole URL, encoded as the caller encoded it; Starlette's own would lose encoded slashes."""
    path = cast(bytes, request.scope["raw_path"]).decode("latin-1")
    query = request.url.query
    return f"{request.url.scheme}://{request.url.netloc}{path}{'?' if query else ''}{query}"


def _texts(pairs: list[tuple[str, str]]) -> dict[str, Datum]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return {name: text_datum(value) for name, value in joined.items()}


def _to_response(function: FunctionDefinition, result: object) -> Response:
    if not function.has_return:
        return Response(status_code=204)
    try:
        return _from_datum(encode_http(result))
    except (TypeError, ValueError) as error:
        raise InvocationError(function.name, error) from error


def _from_datum(data: Datum) -> Response:
    if data.type == "string":
        return Response(data.value, media_type="text/plain")
    status = int(data.value["status_code"].value)
    if not 200 <= status <= 599:
        raise ValueError(f"{status} is no status code of a response")
    response = Response(b"" if status in _WITHOUT_BODY else data.value["body"].value, status)
    for name, value in data.value["headers"].items():
        if name.lower() not in _FRAMING_HEADERS:
            response.headers[name] = value.value
    return response
