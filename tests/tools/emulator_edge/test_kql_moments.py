"""Queries that differ in moments alone are translated once, and mean what each of them says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import duckdb_kql
import pytest

from shared.azure.resource_graph.queries import children_of_fleets, runs_to_watch
from tools.emulator.resource_graph.errors import RefusedError
from tools.emulator.resource_graph.kql import translate

FIRST = datetime(2026, 1, 5, 6, 30, 0, 250_000, tzinfo=UTC)
LATER = FIRST + timedelta(days=3, milliseconds=1)


def alone(query: str) -> str:
    """The query translated by itself."""
    return str(duckdb_kql.to_sql(query, schema={"aksresources": ["id", "name", "type", "properties"]}))


@pytest.mark.parametrize("moments", [(FIRST, LATER), (LATER, FIRST), (FIRST, FIRST)])
def test_each_moment_keeps_its_place(moments: tuple[datetime, datetime]) -> None:
    one, two = (f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" for moment in moments)
    query = f"aksresources | where todatetime(name) > datetime({one}) and todatetime(id) < datetime({two}) | project id"

    assert translate(query).sql == alone(query)


def test_what_looks_like_a_moment_in_a_text_stays_what_it_is() -> None:
    text = "datetime(2026-01-05T06:30:00.000Z)"
    query = f"aksresources | where name == '{text}' or todatetime(name) > {text} | project id"

    assert translate(query).sql == alone(query)


@pytest.mark.parametrize("query_of", [children_of_fleets, lambda moment: runs_to_watch(moment, moment)])
def test_the_queries_of_another_day_are_not_translated_again(
    monkeypatch: pytest.MonkeyPatch, query_of: Callable[[datetime], str]
) -> None:
    translate(query_of(FIRST))
    monkeypatch.setattr(duckdb_kql, "to_sql", None)

    assert "2026-01-08T06:30:00.251Z" in translate(query_of(LATER)).sql
    assert "2026-01-05" not in translate(query_of(LATER)).sql


def test_an_error_shows_the_text_as_it_was_written() -> None:
    with pytest.raises(RefusedError) as refused:
        translate("aksresources | where name == 'x' datetime(2026-01-05T06:30:00.000Z)")

    assert "'datetime(2026-01-05T06:30:00.000Z)'" in str(refused.value)
