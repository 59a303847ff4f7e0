"""`POST /providers/Microsoft.ResourceGraph/resources`."""

import re
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.emulator.resource_graph.errors import RefusedError, invalid_query
from tools.emulator.resource_graph.kql import translate
from tools.emulator.resource_graph.query_request import QueryRequest, parse_request
from tools.emulator.resource_graph.quota import Quota
from tools.emulator.resource_graph.response import write_response
from tools.emulator.resource_graph.tables import Database, DatabaseError, Tables

PATH: Final = "/providers/Microsoft.ResourceGraph/resources"
_ANY_QUERY: Final = "resources | where type =~ 'any' | project id | order by id asc"
_SHORT: Final = 1 << 16
_READS_CLOCK: Final = re.compile(r"\b(now|ago)\s*\(", re.IGNORECASE)
API_VERSIONS: Final = frozenset(
    {
        "2018-09-01-preview",
        "2019-04-01",
        "2020-04-01-preview",
        "2021-03-01",
        "2021-06-01-preview",
        "2022-10-01",
        "2024-04-01",
    }
)


class ResourceGraph:
    """Resource Graph over what `rows` returns at the moment of a query: nothing lags here, unlike in Azure.

    Args:
        rows: the current tables; called on the event loop, once a query.
        check: whether a request with this `Authorization` header may query.
        quota: counts the queries; without one none is refused.
    """

    def __init__(
        self, rows: Callable[[], Tables], check: Callable[[str | None], bool], quota: Quota | None = None
    ) -> None:
        self._rows = rows
        self._check = check
        self._quota = quota or Quota(enforced=False)
        self._database = Database()
        self._responses: dict[QueryRequest, str] = {}
        """Short ones to queries of the rows as they are: to plan a query takes longer than all else that it needs."""

    def warm_up(self) -> None:
        """Load the rows and the translator, so that the first query does not wait for them."""
        self._database.load(self._rows())
        self._run(QueryRequest(_ANY_QUERY, None, top=1, skip=0, as_table=False))

    def routes(self) -> list[Route]:
        """The route of the query; its path matches without case, as paths of ARM do."""
        route = Route(PATH, self._resources, methods=["POST"])
        route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
        return [route]

    async def _resources(self, request: Request) -> Response:
        try:
            self._authorize(request)
            _check_api_version(request)
            headers = self._quota.take()
            query = parse_request(await request.body())
            text = await self._response(query)
        except RefusedError as refused:
            return JSONResponse(refused.body(), status_code=refused.status, headers=refused.headers)
        return Response(text, media_type="application/json", headers={"cache-control": "no-cache", **headers})

    async def _response(self, query: QueryRequest) -> str:
        if self._database.load(self._rows()):
            self._responses = {}
        responses = self._responses  # the rows may change while a thread reads them
        text = responses.get(query)
        if text is None:
            text = await run_in_threadpool(self._run, query)
            if len(text) < _SHORT and not _READS_CLOCK.search(query.query):
                responses[query] = text
        return text

    def _run(self, request: QueryRequest) -> str:
        translation = translate(request.query)
        try:
            page = self._database.page(
                translation.sql, translation.parameters, request.scope, request.skip, request.top
            )
        except DatabaseError as error:
            raise invalid_query("SemanticError", str(error).partition("\n")[0]) from error
        return write_response(page, request)

    def _authorize(self, request: Request) -> None:
        authorization = request.headers.get("Authorization")
        if self._check(authorization):
            return
        code = "InvalidAuthenticationToken" if authorization else "AuthenticationFailed"
        raise RefusedError(
            401,
            code,
            "The access token is missing, expired or not for this audience.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


def _check_api_version(request: Request) -> None:
    given = request.query_params.get("api-version")
    if given is None:
        raise RefusedError(
            400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required."
        )
    if given.lower() not in API_VERSIONS:
        known = ", ".join(sorted(API_VERSIONS))
        raise RefusedError(
            400,
            "InvalidResourceType",
            f"The resource type 'resources' of 'Microsoft.ResourceGraph' has no api-version '{given}'. Known: {known}.",
        )
