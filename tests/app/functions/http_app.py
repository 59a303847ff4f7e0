"""The app's HTTP functions in this process, called by path, on a world in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func

from tests.app.api.responses import hold_against_description
from tools.host.route_template import RouteTemplate
from tools.json_value import JsonObject
from tools.simulation.registered import registered_functions


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> JsonObject:
        """The body, a JSON object."""
        return cast("JsonObject", json.loads(self.body))


@dataclass(frozen=True)
class Route:
    """A function with its route, and how it is protected."""

    template: RouteTemplate
    methods: tuple[str, ...]
    auth_level: str
    name: str
    call: Callable[[func.HttpRequest], func.HttpResponse]


class HttpApp:
    """Routes as the Functions host does, without keys."""

    def __init__(self) -> None:
        self.routes = sorted(http_routes(), key=lambda route: route.template.order)

    def request(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send a request; 404 without a body if no function has the route."""
        parts = urlsplit(url)
        for route in self.routes:
            parameters = route.template.match(parts.path)
            if parameters is not None and method in route.methods:
                request = func.HttpRequest(
                    method=method,
                    url=f"https://app{url}",
                    headers=headers or {},
                    params=dict(parse_qsl(parts.query, keep_blank_values=True)),
                    route_params=parameters,
                    body=body,
                )
                response = route.call(request)
                # as the library encodes it for the host
                headers = {"Content-Type": f"{response.mimetype}; charset={response.charset}", **response.headers}
                answer = Answer(response.status_code, headers, response.get_body())
                hold_against_description(route.name, answer.status, answer.headers, answer.body)
                return answer
        return Answer(404, {}, b"")

    def get(self, url: str, **headers: str) -> Answer:
        """Send a `GET`; an underscore in a header's name stands for a dash."""
        return self.request("GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()})


@cache
def http_routes() -> tuple[Route, ...]:
    """The app's HTTP functions, as they are registered; the library allows to read them once."""
    return tuple(_routes())


def _routes() -> Iterator[Route]:
    for function in registered_functions():
        trigger = next(json.loads(text) for text in function.get_raw_bindings())
        if trigger["type"] == "httpTrigger":
            yield Route(
                RouteTemplate(f"api/{trigger['route']}"),
                tuple(trigger["methods"]),
                str(trigger["authLevel"]).lower(),
                str(function.get_function_name()),
                function.get_user_function(),
            )
