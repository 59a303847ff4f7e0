"""ARM's gateway: token, path without case, api-version, body, the headers every response has."""

from __future__ import annotations

import inspect
import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tools.emulator.arm.errors import ArmError, invalid_content, unauthorized
from tools.emulator.arm.message import ArmRequest, ArmResponse, Handler
from tools.emulator.identity import Caller, Identity
from tools.json_value import Json, parse_json

AUDIENCE: Final = "https://management.azure.com"
AUDIENCES: Final = (AUDIENCE, "https://management.core.windows.net")
"""What a token for ARM may be issued for. The Azure CLI asks for the second one, which is older."""
_PATHS: Final = r"^/(?P<scope>(subscriptions|tenants|providers/Microsoft\.ContainerService)(/.*)?)$"
_FRONT_END: Final = "westus2"
"""The region of ARM's own front end, which is not that of the resource."""
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_SLASHES: Final = re.compile("/{2,}")  # one would do; the Azure CLI's `resource` commands write two
_COMMON_HEADERS: Final = {
    "cache-control": "no-cache",
    "pragma": "no-cache",
    "expires": "-1",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}
_REMAINING: Final = {
    "GET": {"x-ms-ratelimit-remaining-subscription-global-reads": "16499"},
    "DELETE": {
        "x-ms-ratelimit-remaining-subscription-deletes": "799",
        "x-ms-ratelimit-remaining-subscription-global-deletes": "11999",
    },
}
_REMAINING_WRITES: Final = {
    "x-ms-ratelimit-remaining-subscription-writes": "799",
    "x-ms-ratelimit-remaining-subscription-global-writes": "11999",
}


@dataclass(frozen=True)
class _Entry:
    template: str
    pattern: re.Pattern[str]
    method: str
    handler: Handler
    api_versions: frozenset[str]


class ArmRouter:
    """Routes below `/subscriptions`, `/tenants` and the provider itself, registered as templates.

    A template is a path with names in braces, each for one segment: `/subscriptions/{subscription}/providers/...`.
    Fixed segments match without case.

    Args:
        identity: knows the callers' tokens.
        subscription: the one that exists; another gets 404 `SubscriptionNotFound`.
    """

    def __init__(self, identity: Identity, subscription: str) -> None:
        self._identity = identity
        self._subscription = subscription.lower()
        self._entries: dict[int, list[_Entry]] = {}
        self.before: Callable[[ArmRequest], None] | None = None
        """Looks at each request before its handler, and may refuse it."""

    def add(self, method: str, template: str, handler: Handler, *, api_versions: Collection[str]) -> None:
        """Have requests with the method and a path of the template's form go to the handler.

        `api_versions`: the ones this route exists in, in lower case; a request with another one gets 400.
        """
        bare = template.strip("/")
        entry = _Entry(bare, _pattern(bare), method, handler, frozenset(api_versions))
        self._entries.setdefault(bare.count("/"), []).append(entry)

    def routes(self) -> list[Route]:
        """Everything at and below `/subscriptions`, `/tenants` and the provider itself."""
        methods = ["GET", "PUT", "PATCH", "POST", "DELETE"]
        route = Route("/{scope:path}", self._respond, methods=methods)
        route.path_regex = re.compile(_PATHS, re.IGNORECASE)
        return [route]

    def registered(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """What was added: method, template without the first slash, api-versions."""
        for entries in self._entries.values():
            for entry in entries:
                yield entry.method, entry.template, entry.api_versions

    async def _respond(self, request: Request) -> Response:
        try:
            response = await self._dispatch(request)
        except ArmError as error:
            response = ArmResponse(error.status, error.body(), error.headers)
        content = b"" if response.body is None else json.dumps(response.body, separators=(",", ":")).encode()
        return Response(
            content,
            response.status,
            {**_headers(request.method), **response.headers},
            media_type="application/json; charset=utf-8",
        )

    async def _dispatch(self, request: Request) -> ArmResponse:
        caller = self._caller(request)
        api_version = _api_version(request.query_params)
        path = _SLASHES.sub("/", request.url.path).rstrip("/")
        entry, params = self._match(request.method, path, api_version)
        if params.get("subscription", self._subscription).lower() != self._subscription:
            raise ArmError(
                404, "SubscriptionNotFound", f"The subscription '{params['subscription']}' could not be found."
            )
        arm_request = ArmRequest(
            method=request.method,
            path=path,
            params=params,
            query=request.query_params,
            headers=request.headers,
            body=_parse(await request.body()),
            api_version=api_version,
            caller=caller,
            base_url=f"{request.url.scheme}://{request.url.netloc}",
        )
        if self.before is not None:
            self.before(arm_request)
        handled = entry.handler(arm_request)
        response = await handled if inspect.isawaitable(handled) else handled
        if _names_operation(entry):
            who = f"tenantId={self._identity.tenant_id},objectId={caller.object_id}"
            named = {"x-ms-operation-identifier": f"{who}/{_FRONT_END}/{uuid.uuid4()}"}
            response = replace(response, headers={**named, **response.headers})
        return response

    def _not_served(self, path: str) -> ArmError:
        """404 with what there is instead, so that a missing service is not taken for a missing resource."""
        types: defaultdict[str, set[str]] = defaultdict(set)
        for _, template, _ in self.registered():
            _, found, of_provider = template.rpartition("providers/")
            namespace, _, below = of_provider.partition("/")
            if found and below and not namespace.startswith("{"):
                types[namespace].add(below.partition("/")[0])
        served = [f"{namespace} ({', '.join(sorted(below))})" for namespace, below in sorted(types.items())]
        return ArmError(
            404,
            "InvalidResourceType",
            f"No resource type of this emulator has the path '{path}'. It has subscriptions, resource groups, "
            f"{', '.join(served)}, Microsoft.EventGrid and Microsoft.ResourceGraph.",
        )

    def _caller(self, request: Request) -> Caller:
        authorization = request.headers.get("Authorization")
        caller = self._identity.check(authorization, *AUDIENCES)
        if caller is None:
            raise unauthorized(has_token=authorization is not None)
        return caller

    def _match(self, method: str, path: str, api_version: str) -> tuple[_Entry, dict[str, str]]:
        """The route of the method, path and api-version.

        Raises:
            ArmError: 404 there is no such path, 400 not in this api-version, 405 not with this method.
        """
        bare = path.strip("/")
        matches = [
            (entry, match)
            for entry in self._entries.get(bare.count("/"), ())
            if (match := entry.pattern.fullmatch(bare))
        ]
        if not matches:
            raise self._not_served(path)
        of_method = [(entry, match) for entry, match in matches if entry.method == method]
        if not of_method:
            allowed = ", ".join(sorted({entry.method for entry, _ in matches}))
            raise ArmError(
                405,
                "HttpMethodNotAllowed",
                f"The method '{method}' is not supported for '{path}'.",
                {"Allow": allowed},
            )
        for entry, match in of_method:
            if api_version in entry.api_versions:
                return entry, match.groupdict()
        known = ", ".join(sorted(frozenset().union(*(entry.api_versions for entry, _ in of_method))))
        raise ArmError(
            400,
            "InvalidResourceType",
            f"The resource type of '{path}' could not be found for api version '{api_version}'. "
            f"The supported api-versions are '{known}'.",
        )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Matches the paths of a template's form."""
    pieces = enumerate(_PARAMETER.split(template))
    pattern = "".join(f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in pieces)
    return re.compile(pattern, re.IGNORECASE)


def _names_operation(entry: _Entry) -> bool:
    """Whether a response carries `x-ms-operation-identifier`, as recorded.

    A provider's responses to writes, to polls and to reads of what lies in a fleet do; those to reads of fleets do not.
    """
    if "/providers/Microsoft.ContainerService/" not in f"/{entry.template}":
        return False
    return entry.method != "GET" or "/operations/" in entry.template or "/fleets/{fleet}/" in entry.template


def _api_version(query: Mapping[str, str]) -> str:
    """The api-version, in lower case; the parameter's own name is taken without case as well."""
    for name, value in query.items():
        if name.lower() == "api-version" and value:
            return value.lower()
    raise ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def _parse(content: bytes) -> Json:
    if not content:
        return None
    try:
        parsed: Json = parse_json(content)
    except ValueError as error:
        raise invalid_content(f"The request content was invalid and could not be deserialized: '{error}'.") from error
    return parsed


def _headers(method: str) -> dict[str, str]:
    correlation = str(uuid.uuid4())
    return {
        **_COMMON_HEADERS,
        **_REMAINING.get(method, _REMAINING_WRITES),
        "x-ms-request-id": correlation,
        "x-ms-correlation-request-id": correlation,
    }
