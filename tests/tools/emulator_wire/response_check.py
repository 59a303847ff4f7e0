"""Whether a response of the emulated ARM is one that Azure could have sent: status, headers and JSON as received."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

import httpx
from azure.mgmt.containerservicefleet.models import ErrorResponse

from tests.tools.emulator_wire.arm_responses import ALWAYS, ROUTES, FlatError, Route, Work
from tests.tools.emulator_wire.deviations import deviations
from tests.tools.emulator_wire.specified import specified_slips
from tests.tools.emulator_wire.strict_model import slips
from tools.json_value import Json

_GUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_FLEET_ETAG: Final = re.compile(f'"{_GUID}"', re.ASCII)
_AKS_ETAG: Final = re.compile(_GUID, re.ASCII)
_OPERATION: Final = re.compile(
    rf"https?://[^/]+/subscriptions/[^/]+/providers/Microsoft\.ContainerService/locations/[^/]+"
    rf"/(?P<kind>operations|operationresults)/(?P<name>{_GUID})\?api-version=2016-03-30&t=[^&]+&c=[^&]+&s=[^&]+&h=[^&]+",
    re.ASCII,
)
_JSON: Final = "application/json; charset=utf-8"
_OLD_NODE_IMAGE_LIST: Final = "2024-04-02-preview"
_PROVIDER: Final = "/providers/microsoft.containerservice/"


def check_response(response: httpx.Response) -> None:
    """Fail with all that is wrong with a response.

    Raises:
        AssertionError: something is.
    """
    found = response_slips(response)
    if found:
        request = response.request
        lines = "\n  ".join(found)
        raise AssertionError(
            f"{request.method} {request.url} -> {response.status_code}, but:\n  {lines}\n{response.text}"
        )


def response_slips(response: httpx.Response) -> list[str]:
    """Everything that is wrong with a response; empty for one that is right, or that is not ARM's.

    A response without `x-ms-request-id` is not ARM's: what a test ordered as a fault stays as it was ordered. One to
    HEAD has no body to look at.
    """
    path = response.request.url.path
    if not path.lower().startswith("/subscriptions/") or "x-ms-request-id" not in response.headers:
        return []
    if response.request.method == "HEAD":
        return []
    if response.is_error:
        return [*_content_type(response), *slips(response.json(), _error_model(path, response), always=ALWAYS)]
    if _PROVIDER not in path.lower():
        return []
    route = _route(response.request.method, path)
    if route is None:
        return [f"no model is known for {response.request.method} {path}: add it to arm_responses.py"]
    found = (_status(response, route), _headers(response, route), _body(response, route), specified_slips(response))
    return [*itertools.chain(*found)]


def _error_model(path: str, response: httpx.Response) -> type[object]:
    """The form of an error: AKS refuses writes without an `error` around code and message."""
    is_flat = f"{_PROVIDER}managedclusters/" in path.lower() and "error" not in response.json()
    return FlatError if is_flat else ErrorResponse


def _route(method: str, path: str) -> Route | None:
    fitting = (route for route in ROUTES if route.method == method and route.path.fullmatch(path.rstrip("/")))
    return next(fitting, None)


def _status(response: httpx.Response, route: Route) -> Iterator[str]:
    if response.status_code not in route.response.statuses:
        yield f"the status should be one of {sorted(route.response.statuses)}"


def _content_type(response: httpx.Response) -> Iterator[str]:
    if response.headers.get("content-type") != _JSON:
        yield f"content-type should be '{_JSON}'"


def _headers(response: httpx.Response, route: Route) -> Iterator[str]:
    if route.is_fleet:
        yield from _content_type(response)
    elif not response.headers.get("content-type", "").startswith("application/json"):
        yield "content-type should be that of JSON"
    for name in ("ETag", "Retry-After"):
        if name in response.headers:
            yield f"Azure sends no {name} here"
    if route.is_fleet:
        yield from _operation_headers(response, route)


def _operation_headers(response: httpx.Response, route: Route) -> Iterator[str]:
    """With an operation `Azure-AsyncOperation`, and `Location` only after a DELETE; else neither."""
    poll, result = response.headers.get("azure-asyncoperation"), response.headers.get("location")
    begins = route.response.work is Work.OPERATION and response.status_code != 204
    if route.response.work is not Work.EITHER and begins != (poll is not None):
        yield f"Azure-AsyncOperation should be {'there' if begins else 'absent'}"
    if (result is not None) != (poll is not None and route.method == "DELETE"):
        yield "Location should be there if a deletion is in progress, and only then"
    for kind, url in (("operations", poll), ("operationresults", result)):
        match = _OPERATION.fullmatch(url) if url is not None else None
        if url is not None and (match is None or match["kind"] != kind):
            yield f"{url} is no URL of {kind}"
        elif match is not None and _last_operation(response) not in (None, match["name"]):
            yield f"lastOperationId should be {match['name']}"


def _last_operation(response: httpx.Response) -> Json:
    """`properties.status.lastOperationId`, if there is such a place."""
    place: Json = response.json() if response.content else None
    for key in ("properties", "status", "lastOperationId"):
        place = place.get(key) if isinstance(place, dict) else None
    return place


def _body(response: httpx.Response, route: Route) -> Iterator[str]:
    if response.status_code == 204 or route.response.model is None:
        if response.content:
            yield "there should be no body"
    elif response.content:
        yield from _content(response, route, route.response.model)
    elif route.method != "DELETE":
        yield "the body is missing"


def _content(response: httpx.Response, route: Route, model: type[object]) -> Iterator[str]:
    body, api_version = response.json(), response.request.url.params.get("api-version", "").lower()
    key = "values" if api_version == _OLD_NODE_IMAGE_LIST and "nodeImageVersions" in route.path.pattern else "value"
    places: dict[str, Json] = {"": body}
    if route.response.is_page:
        yield from _page(body, key)
        items = body.get(key) if isinstance(body, dict) else None
        places = {f"{key}[{number}].": item for number, item in enumerate(items if isinstance(items, list) else [])}
    for place, item in places.items():
        yield from (f"{place}{slip}" for slip in slips(item, model, deviations(api_version), ALWAYS))
        yield from _envelope(item, route, place)
    if not route.response.is_page:
        yield from _own_id(body, response)


def _page(body: Json, key: str) -> Iterator[str]:
    if not isinstance(body, dict) or not isinstance(body.get(key), list):
        yield f"a page should be an object with a list '{key}'"
    elif not isinstance(body.get("nextLink", ""), str) or body.keys() - {key, "nextLink"}:
        yield f"a page should have '{key}', and 'nextLink' as text if there is more, but has {sorted(body)}"


def _envelope(item: Json, route: Route, path: str) -> Iterator[str]:
    """What `id`, `name`, `type` and `eTag` of a resource say of each other, and the order of Fleet's keys."""
    if not isinstance(item, dict):
        return
    resource_id, name, kind, etag = (item.get(key) for key in ("id", "name", "type", "eTag"))
    if isinstance(resource_id, str) and isinstance(name, str):
        if not resource_id.lower().endswith(f"/{name.lower()}"):
            yield f"{path}id: does not end with the name '{name}'"
        wanted = _type_of(resource_id)
        if isinstance(kind, str) and kind != wanted and (route.is_fleet or kind.lower() != wanted.lower()):
            yield f"{path}type: should be {wanted} by the id, is {kind}"
    form = _FLEET_ETAG if route.is_fleet else _AKS_ETAG
    if isinstance(etag, str) and form.fullmatch(etag) is None:
        yield f"{path}eTag: {etag!r} should be a GUID {'in' if route.is_fleet else 'without'} quotes"
    if route.is_fleet:
        yield from _order(item, path)


def _own_id(body: Json, response: httpx.Response) -> Iterator[str]:
    """What is found, put, patched or deleted under a path has that path as its id."""
    resource_id, path = body.get("id") if isinstance(body, dict) else None, response.request.url.path.rstrip("/")
    if response.request.method != "POST" and isinstance(resource_id, str) and resource_id.lower() != path.lower():
        yield f"id: should be the path of the request, is {resource_id}"


def _order(value: Json, path: str) -> Iterator[str]:
    """Fleet writes the keys of all its objects in alphabetical order."""
    if isinstance(value, dict):
        if list(value) != sorted(value):
            yield f"{path.rstrip('.') or 'the body'}: the keys {list(value)} are not in alphabetical order"
        for key, one in value.items():
            yield from _order(one, f"{path}{key}.")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _order(one, f"{path.rstrip('.')}[{number}].")


def _type_of(resource_id: str) -> str:
    provider, *segments = resource_id.rpartition("/providers/")[2].split("/")
    return "/".join([provider, *segments[::2]])
