"""The two tables of Resource Graph that know AKS and Fleet, held in DuckDB."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import duckdb
import duckdb_kql

from emulator.json_value import Json

Value: TypeAlias = object
"""What DuckDB hands out for a cell; the column's type says what it is."""

TABLE_NAMES: Final = ("resources", "aksresources")
STRING_COLUMNS: Final = ("id", "name", "type", "tenantId", "location", "resourceGroup", "subscriptionId", "kind")
DYNAMIC_COLUMNS: Final = ("sku", "tags", "properties", "identity")
_SCHEMA: Final = "stored"
"""Keeps the tables apart from what a query can name: a query sees them through its scope only."""

COLUMNS: Final = STRING_COLUMNS + DYNAMIC_COLUMNS


@dataclass(frozen=True)
class Tables:
    """All rows, each a dict with the names of `COLUMNS`; what is missing is empty.

    `type` is lower case, `properties` keep their case, as in Resource Graph. `version` differs whenever a row does:
    rows of a version that is loaded already are not read again.
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


class Database:
    """DuckDB in memory, without access to files or network.

    It may be read from several threads while it is loaded: a reader sees all of one version.
    """

    def __init__(self) -> None:
        self._connection = duckdb_kql.connect(config={"threads": 1, "enable_external_access": False})
        self._connection.execute(f"CREATE SCHEMA {_SCHEMA}")
        self._version: int | None = None
        self._loading = threading.Lock()
        self.load(Tables(version=-1))
        self._version = None

    def load(self, tables: Tables) -> None:
        """Replace all rows, unless this version is in already. All of a table goes in as one JSON text: fastest."""
        with self._loading:
            if tables.version == self._version:
                return
            texts = [json.dumps(rows, separators=(",", ":")) for rows in (tables.resources, tables.aksresources)]
            self._connection.begin()
            for name, text in zip(TABLE_NAMES, texts, strict=True):
                self._connection.execute(_LOAD.format(table=f"{_SCHEMA}.{name}"), [text])
            self._connection.commit()
            self._version = tables.version

    def page(
        self, sql: str, parameters: Mapping[str, Value], scope: frozenset[str] | None, skip: int, top: int
    ) -> Page:
        """Run a SELECT over the tables: rows from `skip` on, at most `top`, in its own order.

        `scope` holds the lower-case ids of the subscriptions whose rows exist for this caller; None: all.

        Raises:
            duckdb.Error: the statement names something that does not exist, or fails on a value.
        """
        tables = _SCOPED if scope is not None else _ALL
        bound = {**parameters} if scope is None else {**parameters, "scope": sorted(scope)}
        cursor = self._connection.cursor()
        try:
            cursor.begin()  # so that the count and the rows are of the same version
            counted = cursor.execute(f"{tables} SELECT count(*) FROM ({sql})", bound).fetchone()  # noqa: S608 - translated from KQL, values are bound
            cursor.execute(f"{tables} SELECT * FROM ({sql}) LIMIT {top:d} OFFSET {skip:d}", bound)  # noqa: S608 - same
            columns = [(str(column[0]), str(column[1])) for column in cursor.description or []]
            return Page(total=int(counted[0]) if counted else 0, columns=columns, rows=cursor.fetchall())
        finally:
            cursor.close()


def _load_statement() -> str:
    types = {**dict.fromkeys(STRING_COLUMNS, "VARCHAR"), **dict.fromkeys(DYNAMIC_COLUMNS, "JSON")}
    structure = json.dumps([types]).replace("{", "{{").replace("}", "}}")
    # A string is never null in KQL, only empty.
    strings = [f'coalesce(r."{name}", \'\') AS "{name}"' for name in STRING_COLUMNS]
    dynamics = [f'r."{name}" AS "{name}"' for name in DYNAMIC_COLUMNS]
    columns = ", ".join(strings + dynamics)
    rows = f"SELECT unnest(from_json($1::JSON, '{structure}')) AS r"
    return f"CREATE OR REPLACE TABLE {{table}} AS SELECT {columns} FROM ({rows})"  # noqa: S608 - constants of this module


def _prelude(condition: str) -> str:
    """Common table expressions that stand before a query and give it the tables, under their names in KQL."""
    named = (
        f"{name} AS NOT MATERIALIZED (SELECT * FROM {_SCHEMA}.{name}{condition})"  # noqa: S608 - constants of this module
        for name in TABLE_NAMES
    )
    return "WITH " + ", ".join(named)


_LOAD: Final = _load_statement()
_ALL: Final = _prelude("")
_SCOPED: Final = _prelude(' WHERE list_contains($scope::VARCHAR[], lower("subscriptionId"))')

DatabaseError = duckdb.Error
