"""Writes a page of results as Resource Graph does."""

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable
from typing import Final

from tools.emulator.resource_graph.query_request import QueryRequest
from tools.emulator.resource_graph.tables import Page, Value

_NUMBER_TYPES: Final = {
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "FLOAT": "number",
    "BOOLEAN": "boolean",
}


def write_response(page: Page, request: QueryRequest) -> str:
    """The body, as JSON text. Dynamic values are stored as JSON text and go in as they are, never parsed on the way.

    More rows than fit are paged through only if the result has a column `id`; else `resultTruncated`, a string, is
    `"true"`, and there is no `$skipToken`.
    """
    more = request.skip + len(page.rows) < page.total
    has_id = any(name.lower() == "id" for name, _ in page.columns)
    members = {
        "totalRecords": str(page.total),
        "count": str(len(page.rows)),
        "data": _table(page) if request.as_table else _objects(page),
        "facets": "[]",
        "resultTruncated": '"true"' if more and not has_id else '"false"',
    }
    if more and has_id:
        members["$skipToken"] = json.dumps(request.token_of_next_page())
    return _object(members.items())


def _objects(page: Page) -> str:
    names = [json.dumps(name) + ":" for name, _ in page.columns]
    writers = [_writer(kind) for _, kind in page.columns]
    rows = (
        "{" + ",".join([name + write(value) for name, write, value in zip(names, writers, row, strict=True)]) + "}"
        for row in page.rows
    )
    return "[" + ",".join(rows) + "]"


def _table(page: Page) -> str:
    writers = [_writer(kind) for _, kind in page.columns]
    columns = [{"name": name, "type": _type_name(kind)} for name, kind in page.columns]
    rows = (
        "[" + ",".join([write(value) for write, value in zip(writers, row, strict=True)]) + "]" for row in page.rows
    )
    return _object([("columns", json.dumps(columns)), ("rows", "[" + ",".join(rows) + "]")])


def _object(members: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in members) + "}"


def _type_name(kind: str) -> str:
    """The name Resource Graph has for a column of this DuckDB type."""
    if kind == "JSON" or kind.endswith("[]"):
        return "object"
    if kind.startswith("DECIMAL"):
        return "number"
    return _NUMBER_TYPES.get(kind, "string")


def _writer(kind: str) -> Callable[[Value], str]:
    if kind == "JSON":
        return _dynamic
    if kind == "VARCHAR":
        return _string
    return _scalar


def _dynamic(value: Value) -> str:
    return "null" if value is None else str(value)


def _string(value: Value) -> str:
    """A string; null, which an outer join makes and KQL does not know, is the empty string."""
    return json.dumps(value or "")


def _scalar(value: Value) -> str:
    if isinstance(value, dt.datetime):
        return json.dumps(value.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z")
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value, default=str)
