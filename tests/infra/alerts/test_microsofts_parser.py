"""Microsoft's own parser takes every query, and would not take a wrong one."""

from __future__ import annotations

import pytest

from tools.checks.kusto.parser import PARSER, Finding, check
from tools.checks.kusto.queries import Query, Source, all_queries

needs_parser = pytest.mark.skipif(
    not PARSER.is_installed, reason="Microsoft's parser is not installed: ./dev kql-check installs it"
)


@needs_parser
def test_microsofts_parser_takes_every_query() -> None:
    assert check(all_queries(), print) == []


@needs_parser
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "AppEvents\n| where Nam == 'decision'",
            Finding(
                "query",
                2,
                9,
                "Error",
                "KS142",
                "The name 'Nam' does not refer to any known column, table, variable or function.",
            ),
        ),
        ("AppEvents\n| summarise count()", Finding("query", 2, 3, "Error", "KS176", "Query operator expected.")),
    ],
)
def test_microsofts_parser_finds_names_and_operators_that_do_not_exist(text: str, expected: Finding) -> None:
    [found, *_] = check([Query("query", Source.WORKSPACE, text)], print)

    assert found == expected
