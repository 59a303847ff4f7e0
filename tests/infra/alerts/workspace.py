"""The Log Analytics workspace of the tests: captured telemetry in DuckDB, asked in Kusto's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
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
_STORED = "stored"
"""The schema of the rows; a query sees them through its time range only."""


class Workspace:
    """Rows as they are captured: a JSON object each, with the table's name under `Table` and its columns."""

    def __init__(self, rows: Iterable[Mapping[str, Json]] = ()) -> None:
        self._connection = duckdb_kql.connect(config={"threads": 1, "enable_external_access": False})
        self._connection.execute(f"CREATE SCHEMA {_STORED}")
        by_table: dict[str, list[Mapping[str, Json]]] = {name: [] for name in _COLUMNS}
        for row in rows:
            by_table[str(row["Table"])].append(row)
        for name, content in by_table.items():
            types = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in _COLUMNS[name].items())
            self._connection.execute(f"CREATE TABLE {_STORED}.{name} ({types})")
            if content:
                self._insert(name, content)

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
            f"{name} AS (SELECT * FROM {_STORED}.{name}"
            f" WHERE TimeGenerated > TIMESTAMP '{start}' AND TimeGenerated <= TIMESTAMP '{end}')"
            for name in _COLUMNS
        )
        return _rows(self._connection.execute(f"WITH {visible} SELECT * FROM ({_translated(query.runnable)})"))

    def _insert(self, table: str, rows: list[Mapping[str, Json]]) -> None:
        """Column by column: that is how DuckDB takes them fast."""
        columns = _COLUMNS[table]
        unnested = ", ".join(f"unnest(${number}::VARCHAR[]) AS c{number}" for number in range(1, len(columns) + 1))
        casts = ", ".join(f"c{number}::{_TYPES[kind]}" for number, kind in enumerate(columns.values(), 1))
        values = [[_text(row.get(column), kind) for row in rows] for column, kind in columns.items()]
        self._connection.execute(f"INSERT INTO {_STORED}.{table} SELECT {casts} FROM (SELECT {unnested})", values)


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
