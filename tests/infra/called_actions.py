"""The actions that the adapters' calls need, derived from the code and from the SDKs.

The calls are found in the source of `shared/azure`, so that none is missed because no test takes its path. What
request each makes is asked of the SDK itself: the operation is called on a client whose transport keeps the request
and sends nothing. ARM's rule then names the action: GET is read, PUT is write, POST is the action that ends its path.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.resourcegraph import ResourceGraphClient

from shared.azure.resource_graph.queries import FLEETS_AND_CLUSTERS, children_of_fleets, runs_to_watch

ADAPTERS = Path(__file__).resolve().parents[2] / "shared" / "azure"

LONG_RUNNING = {
    "Microsoft.ContainerService/locations/operations/read",
    "Microsoft.ContainerService/locations/operationResults/read",
}
"""Where ARM says to ask how a long-running operation goes: the URLs of its `Azure-AsyncOperation` and `Location`."""

RESOURCE_GRAPH = "Microsoft.ResourceGraph/resources/read"
"""A query is a POST that ARM counts as reading."""

_PLACEHOLDER = "placeholder"
_TABLE_TYPE = re.compile(r"'(microsoft\.containerservice/[a-z/]+)'", re.IGNORECASE)


class _Kept(Exception):  # noqa: N818 - carries the request out of the SDK
    def __init__(self, method: str, path: str) -> None:
        super().__init__(path)
        self.method, self.path = method, path


class _KeepingTransport(HttpTransport[HttpRequest, HttpResponse]):
    def open(self) -> None: ...
    def close(self) -> None: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, request: HttpRequest, **_: object) -> NoReturn:
        raise _Kept(request.method, request.url.partition("?")[0].partition("://")[2].partition("/")[2])


class _Credential:
    def get_token(self, *_: str, **__: object) -> AccessToken:
        return AccessToken("token", 2**40)


def called_actions() -> set[str]:
    """Every action that a call in `shared/azure` needs."""
    actions: set[str] = set()
    for operation in _called_operations():
        kept = _request_of(operation)
        actions.add(action_of(kept.method, kept.path))
        if operation.__name__.startswith("begin_"):
            actions |= LONG_RUNNING
    return actions


def queried_types() -> set[str]:
    """The types that the app asks Resource Graph for, lower case; it gives no row that the caller may not read."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    queries = (FLEETS_AND_CLUSTERS, children_of_fleets(moment), runs_to_watch(moment, moment))
    return {kind.lower() for query in queries for kind in _TABLE_TYPE.findall(query)}


def _clients() -> tuple[object, ...]:
    known: dict[str, Any] = {"transport": _KeepingTransport(), "retry_total": 0, "base_url": "https://arm.invalid"}
    return (
        ContainerServiceFleetMgmtClient(_Credential(), _PLACEHOLDER, **known),
        ContainerServiceClient(_Credential(), _PLACEHOLDER, **known),
        ResourceGraphClient(_Credential(), **known),
    )


def _called_operations() -> Iterator[Callable[..., Any]]:
    """The bound operations that the adapters call, as `client.<group>.<operation>(…)` or `client.resources(…)`."""
    clients = _clients()
    for path in ADAPTERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from _operations_of(node.func, clients)


def _operations_of(called: ast.Attribute, clients: tuple[object, ...]) -> Iterator[Callable[..., Any]]:
    if isinstance(called.value, ast.Attribute):
        groups = [getattr(client, called.value.attr, None) for client in clients]
        operations = [group for group in groups if type(group).__name__.endswith("Operations")]
        yield from (getattr(group, called.attr) for group in operations if hasattr(group, called.attr))
    if called.attr == "resources":
        yield from (client.resources for client in clients if isinstance(client, ResourceGraphClient))


def _request_of(operation: Callable[..., Any]) -> _Kept:
    given: dict[str, Any] = {
        name: {} if name in {"resource", "body", "query"} else _PLACEHOLDER
        for name, parameter in inspect.signature(operation).parameters.items()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind in {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
    }
    try:
        answer = operation(**given)
        next(iter(answer))
    except _Kept as kept:
        return kept
    raise AssertionError(f"{operation.__qualname__} made no request")


def action_of(method: str, path: str) -> str:
    """The action that a request needs."""
    provider, *segments = path.rpartition("providers/")[2].split("/")
    if method == "POST" and provider == "Microsoft.ResourceGraph":
        return RESOURCE_GRAPH
    types = segments[0::2]  # a name follows each type; the action of a POST follows the last name
    verb = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete", "POST": "action"}[method]
    return "/".join([provider, *types, verb])
