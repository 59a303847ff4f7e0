"""What a request asks for: query, scope, page and format."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Final

from tools.emulator.resource_graph.errors import RefusedError, bad_request
from tools.json_value import Json, parse_json

DEFAULT_TOP: Final = 100
MAXIMUM_TOP: Final = 1000
FORMATS: Final = ("objectArray", "table")


@dataclass(frozen=True)
class QueryRequest:
    """A request that is in order. `scope`: lower-case subscription ids; None: everything the caller may read."""

    query: str
    scope: frozenset[str] | None
    top: int
    skip: int
    as_table: bool

    def token_of_next_page(self) -> str:
        """A `$skipToken`: where to continue, bound to this query and scope."""
        content = json.dumps({"skip": self.skip + self.top, "of": self._fingerprint()})
        return base64.urlsafe_b64encode(content.encode()).decode()

    def continued(self, token: str) -> "QueryRequest":
        """The same request, from where the token says.

        Raises:
            RefusedError: 400: not a token of ours, or one of another query or scope.
        """
        try:
            content: Json = parse_json(base64.urlsafe_b64decode(token.encode()))
        except (binascii.Error, ValueError):
            content = None
        skip = content.get("skip") if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(skip, int) or content.get("of") != self._fingerprint():
            raise bad_request("InvalidSkipToken", "$skipToken does not belong to this query and scope.")
        return QueryRequest(self.query, self.scope, self.top, skip, self.as_table)

    def _fingerprint(self) -> str:
        scope = None if self.scope is None else sorted(self.scope)
        return hashlib.sha256(json.dumps([self.query, scope]).encode()).hexdigest()[:16]


def parse_request(body: bytes) -> QueryRequest:
    """Read a request's body.

    Raises:
        RefusedError: 400, with what is wrong.
    """
    try:
        content: Json = parse_json(body)
    except ValueError as error:
        raise bad_request("InvalidRequestContent", "The body is not JSON.") from error
    if not isinstance(content, dict):
        raise bad_request("InvalidRequestContent", "The body must be an object.")
    query = content.get("query")
    if not isinstance(query, str) or not query.strip():
        raise bad_request("InvalidRequestContent", "query is missing.")
    if content.get("facets"):
        raise bad_request("NotSupportedByEmulator", "This emulator has no facets.")
    options = content.get("options") or {}
    if not isinstance(options, dict):
        raise bad_request("InvalidRequestContent", "options must be an object.")
    request = QueryRequest(
        query=query,
        scope=_scope(content),
        top=_integer(options, "$top", DEFAULT_TOP, 1, MAXIMUM_TOP),
        skip=_integer(options, "$skip", 0, 0, None),
        as_table=_format(options) == "table",
    )
    token = options.get("$skipToken")
    return request.continued(token) if isinstance(token, str) and token else request


def _scope(content: dict[str, Json]) -> frozenset[str] | None:
    """The subscriptions in scope.

    UNVERIFIED: with neither list the query covers the whole tenant; with both it is refused. A management group
    stands for the whole tenant here: the emulator has no hierarchy of them.
    """
    subscriptions = _names(content, "subscriptions")
    groups = _names(content, "managementGroups")
    if subscriptions and groups:
        raise bad_request("InvalidScope", "Give either subscriptions or managementGroups, not both.")
    return frozenset(name.lower() for name in subscriptions) if subscriptions else None


def _names(content: dict[str, Json], key: str) -> list[str]:
    value = content.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _not_names(key)
    names = [name for name in value if isinstance(name, str)]
    if len(names) < len(value):
        raise _not_names(key)
    return names


def _not_names(key: str) -> RefusedError:
    return bad_request("InvalidRequestContent", f"{key} must be a list of strings.")


def _integer(options: dict[str, Json], key: str, default: int, lowest: int, highest: int | None) -> int:
    value = options.get(key)
    if value is None:
        return default
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or value < lowest
        or (highest is not None and value > highest)
    ):
        limits = f"{lowest} or more" if highest is None else f"from {lowest} to {highest}"
        raise bad_request("InvalidOptions", f"options.{key} must be a whole number, {limits}.")
    return value


def _format(options: dict[str, Json]) -> str:
    given = options.get("resultFormat") or FORMATS[0]
    for known in FORMATS:
        if isinstance(given, str) and given.lower() == known.lower():
            return known
    raise bad_request("InvalidOptions", f"options.resultFormat must be one of {', '.join(FORMATS)}.")
