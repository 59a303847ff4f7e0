"""The two tables of Resource Graph that know AKS and Fleet, held in DuckDB."""

import contextlib
import itertools
import json
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeAlias

import duckdb
import duckdb_kql

from tools.json_value import Json

Value: TypeAlias = object
"""What DuckDB hands out for a cell; the column's type says what it is."""

TABLE_NAMES: Final = ("resources", "aksresources")
STRING_COLUMNS: Final = ("id", "name", "type", "tenantId", "location", "resourceGroup", "subscriptionId", "kind")
DYNAMIC_COLUMNS: Final = ("sku", "tags", "properties", "identity")
_CONFIGURATION: Final = {"threads": 1, "async_threads": 0, "enable_external_access": False}
"""Without threads: it reads and writes no files."""
_RESULTS_KEPT: Final = 4
"""A sweep has two queries; a second one may begin meanwhile."""

COLUMNS: Final = STRING_COLUMNS + DYNAMIC_COLUMNS
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_Rows: TypeAlias = dict[str, dict[str, Json]]
"""By id."""


@dataclass(frozen=True)
class Tables:
    """All rows, each a dict with the names of `COLUMNS`; what is missing is empty. `id` is different in each.

    `type` is lower case, `properties` keep their case, as in Resource Graph. `version` differs whenever a row does:
    rows of a version that is loaded already are not read again, and neither is a row that is the same object as in the
    version before: what has changed is another object.
    """

    version: int
    resources: list[dict[str, Json]] = field(default_factory=list)
    aksresources: list[dict[str, Json]] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """Part of a result: how many rows there are in all, the columns with DuckDB's types, and the rows asked for."""

    total: int
    columns: list[tuple[str, str]]
    rows: list[tuple[Value, ...]]


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """One for all databases of the process: to start it takes 30 ms."""
    return duckdb_kql.connect(config=_CONFIGURATION)


_numbers: Final = itertools.count()
"""Of databases and kept results: no two of a process have the same name."""


class Database:
    """A schema of DuckDB's in memory, without access to files or network.

    It may be read from several threads while it is loaded: a reader sees all of one version.
    """

    def __init__(self) -> None:
        self._schema = f"stored{next(_numbers)}"
        """Keeps the tables apart from what a query can name: a query sees them through its scope only."""
        self._connection = _duckdb().cursor()
        self._connection.execute(f"CREATE SCHEMA {self._schema}")
        weakref.finalize(self, _drop, self._schema).atexit = False
        for name in TABLE_NAMES:
            self._connection.execute(f"CREATE TABLE {self._schema}.{name} ({_COLUMN_TYPES})")
        self._all = _prelude(self._schema, "")
        self._scoped = _prelude(self._schema, ' WHERE list_contains($scope::VARCHAR[], lower("subscriptionId"))')
        self._loaded: dict[str, _Rows] = {name: {} for name in TABLE_NAMES}
        self._version: int | None = None
        self._loading = threading.Lock()
        self._kept: list[tuple[object, str]] = []
        self._keeping = threading.Lock()

    def load(self, tables: Tables) -> bool:
        """Have these rows and no others; whether any changed. Only those that are not the same objects are written."""
        with self._loading:
            if tables.version == self._version:
                return False
            loaded = {
                name: {str(row["id"]): row for row in rows}
                for name, rows in zip(TABLE_NAMES, (tables.resources, tables.aksresources), strict=True)
            }
            self._connection.begin()
            changed = [
                self._replace(f"{self._schema}.{name}", self._loaded[name], rows) for name, rows in loaded.items()
            ]
            self._connection.commit()
            self._loaded, self._version = loaded, tables.version
            return any(changed)

    def _replace(self, table: str, before: _Rows, after: _Rows) -> bool:
        gone = [key for key, row in before.items() if after.get(key) is not row]
        new = [row for key, row in after.items() if before.get(key) is not row]
        if gone:
            self._connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT unnest($1::VARCHAR[]))", [gone])  # noqa: S608 - a constant
        if new:
            self._connection.execute(_INSERT.format(table=table), _columns(new))
        return bool(gone or new)

    def page(
        self, sql: str, parameters: Mapping[str, Value], scope: frozenset[str] | None, skip: int, top: int
    ) -> Page:
        """Run a SELECT over the tables: rows from `skip` on, at most `top`, in its own order.

        `scope` holds the lower-case ids of the subscriptions whose rows exist for this caller; None: all.

        Raises:
            duckdb.Error: the statement names something that does not exist, or fails on a value.
        """
        tables = self._scoped if scope is not None else self._all
        bound = {**parameters} if scope is None else {**parameters, "scope": sorted(scope)}
        with self._keeping if skip else contextlib.nullcontext(), self._connection.cursor() as cursor:
            if skip:
                tables, sql, bound = "", self._keep(cursor, tables, sql, bound), {}
            cursor.begin()  # so that the count and the rows are of the same version
            cursor.execute(f"{tables} SELECT * FROM ({sql}) LIMIT {top:d} OFFSET {skip:d}", bound)  # noqa: S608 - translated from KQL, values are bound
            columns = [(str(column[0]), str(column[1])) for column in cursor.description or []]
            rows = cursor.fetchall()
            total = skip + len(rows)
            if len(rows) == top or (skip and not rows):  # else it is the last page: to plan a count takes as long
                counted = cursor.execute(f"{tables} SELECT count(*) FROM ({sql})", bound).fetchone()  # noqa: S608 - same
                total = int(counted[0]) if counted else 0
            return Page(total, columns, rows)

    def _keep(self, cursor: duckdb.DuckDBPyConnection, tables: str, sql: str, bound: Mapping[str, Value]) -> str:
        """A SELECT of the whole result, which is kept for its further pages: sorting it for each takes too long."""
        key = (self._version, tables, sql, json.dumps(bound, sort_keys=True, default=str))
        known = next((select for kept, select in self._kept if kept == key), None)
        if known is not None:
            return known
        table = f"{self._schema}.result{next(_numbers)}"
        cursor.execute(f"CREATE TABLE {table} AS {tables} SELECT * FROM ({sql})", bound)  # noqa: S608 - as above
        self._kept.append((key, f"FROM {table}"))
        if len(self._kept) > _RESULTS_KEPT:
            cursor.execute(f"DROP {self._kept.pop(0)[1].replace('FROM', 'TABLE')}")
        return self._kept[-1][1]


def _drop(schema: str) -> None:
    with _duckdb().cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def _columns(rows: Sequence[dict[str, Json]]) -> list[Sequence[str | None]]:
    """Column by column: that is how DuckDB takes them fast. A string is never null in KQL, only empty."""
    return [
        *([str(row.get(name) or "") for row in rows] for name in STRING_COLUMNS),
        *([_text(row.get(name)) for row in rows] for name in DYNAMIC_COLUMNS),
    ]


def _text(value: Json) -> str | None:
    return None if value is None else _encode(value)


def _insert_statement() -> str:
    unnested = ", ".join(f'unnest(${number}::VARCHAR[]) AS "{name}"' for number, name in enumerate(COLUMNS, 1))
    columns = ", ".join(f'"{name}"::JSON' if name in DYNAMIC_COLUMNS else f'"{name}"' for name in COLUMNS)
    return f"INSERT INTO {{table}} SELECT {columns} FROM (SELECT {unnested})"  # noqa: S608 - constants of this module


def _prelude(schema: str, condition: str) -> str:
    """Common table expressions that stand before a query and give it the tables, under their names in KQL."""
    named = (
        f"{name} AS NOT MATERIALIZED (SELECT * FROM {schema}.{name}{condition})"  # noqa: S608 - constants of this module
        for name in TABLE_NAMES
    )
    return "WITH " + ", ".join(named)


_COLUMN_TYPES: Final = ", ".join(f'"{name}" {"JSON" if name in DYNAMIC_COLUMNS else "VARCHAR"}' for name in COLUMNS)
_INSERT: Final = _insert_statement()

DatabaseError = duckdb.Error
