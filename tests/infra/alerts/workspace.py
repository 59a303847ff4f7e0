"""The Log Analytics workspace of the tests: captured telemetry in DuckDB, asked in Kusto's language."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

import duckdb
import duckdb_kql

from tools.checks.kusto.queries import Query, Source, tables
from tools.json_value import Json

Row: TypeAlias = Mapping[str, object]
"""What a query returned: values by column."""

_COLUMNS = tables()[Source.WORKSPACE]
_TYPES = {
    "string": "VARCHAR",
    "datetime": "TIMESTAMP",
    "dynamic": "JSON",
    "int": "INTEGER",
    "long": "BIGINT",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
}
_EMPTY = "empty"
"""The schema of tables without rows, which all workspaces share."""
_numbers = itertools.count()


class Workspace:
    """Rows as they are captured: a JSON object each, with the table's name under `Table` and its columns."""

    def __init__(self, rows: Iterable[Mapping[str, Json]] = ()) -> None:
        by_table: dict[str, list[Mapping[str, Json]]] = defaultdict(list)
        for row in rows:
            by_table[str(row["Table"])].append(row)
        self._connection = _database()
        stored = f"stored{next(_numbers)}"
        self._connection.execute(f"CREATE SCHEMA {stored}")
        for name, content in by_table.items():
            self._connection.execute(_table(stored, name))
            self._insert(stored, name, content)
        self._schemas = {name: stored if name in by_table else _EMPTY for name in _COLUMNS}
        """Of each table; a query sees its rows through the query's time range only."""

    @classmethod
    def from_file(cls, path: Path) -> Workspace:
        """The workspace that a captured file of JSON lines makes."""
        return cls(json.loads(line) for line in path.read_text().splitlines())

    def ask(self, query: Query, until: datetime, window: timedelta) -> list[Row]:
        """What the query returns on the rows of a time range: after its start, up to and with its end.

        Raises:
            duckdb_kql.KqlError: it is not Kusto's language, or not what can be run here.
            duckdb.Error: it names what does not exist, or fails on a value.
        """
        assert query.source is Source.WORKSPACE
        start, end = (moment.astimezone(UTC).replace(tzinfo=None) for moment in (until - window, until))
        visible = ", ".join(
            f"{name} AS (SELECT * FROM {schema}.{name}"
            f" WHERE TimeGenerated > TIMESTAMP '{start}' AND TimeGenerated <= TIMESTAMP '{end}')"
            for name, schema in self._schemas.items()
        )
        return _rows(self._connection.execute(f"WITH {visible} SELECT * FROM ({_translated(query.runnable)})"))

    def _insert(self, schema: str, table: str, rows: list[Mapping[str, Json]]) -> None:
        """Column by column: that is how DuckDB takes them fast."""
        columns = _COLUMNS[table]
        unnested = ", ".join(f"unnest(${number}::VARCHAR[]) AS c{number}" for number in range(1, len(columns) + 1))
        casts = ", ".join(f"c{number}::{_TYPES[kind]}" for number, kind in enumerate(columns.values(), 1))
        values = [[_text(row.get(column), kind) for row in rows] for column, kind in columns.items()]
        self._connection.execute(f"INSERT INTO {schema}.{table} SELECT {casts} FROM (SELECT {unnested})", values)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for all workspaces: to open one takes 30 ms."""
    connection = duckdb_kql.connect(config={"threads": 1, "enable_external_access": False})
    connection.execute(f"CREATE SCHEMA {_EMPTY}")
    for name in _COLUMNS:
        connection.execute(_table(_EMPTY, name))
    return connection


def _table(schema: str, name: str) -> str:
    types = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in _COLUMNS[name].items())
    return f"CREATE TABLE {schema}.{name} ({types})"


@lru_cache(maxsize=256)
def _translated(query: str) -> str:
    schema = {name: list(columns) for name, columns in _COLUMNS.items()}
    return str(duckdb_kql.to_sql(query, schema=schema, allow_write=False))


def _rows(answer: duckdb.DuckDBPyConnection) -> list[Row]:
    names = [str(column[0]) for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _text(value: Json, kind: str) -> str | None:
    """A value as DuckDB casts it. A string is never null in Kusto, only empty; times are UTC."""
    if kind == "string":
        return "" if value is None else str(value)
    if value is None:
        return None
    if kind == "datetime":
        return datetime.fromisoformat(str(value)).astimezone(UTC).replace(tzinfo=None).isoformat()
    return json.dumps(value)
