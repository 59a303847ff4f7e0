"""From KQL to DuckDB's SQL."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import duckdb_kql

from tools.emulator.resource_graph.errors import RefusedError, invalid_query
from tools.emulator.resource_graph.tables import COLUMNS, TABLE_NAMES, Value

_TRANSLATING: Final = threading.Lock()

_CONTROL_COMMAND: Final = re.compile(r"(?:\s|//[^\n]*\n)*\.")

_WORDS_OF_OPERATORS: Final = (
    "between|by|consume|count|datatable|date|datetime|decimal|dynamic|filter|find|getschema|has|in|int|invoke|join|kind"
    "|limit|long|of|order|parse|print|project|real|sample|search|serialize|set|sort|string|table|take|time|timespan|title"
    "|to|top|union|where"
)
"""Names that Resource Graph takes as a key after a dot, and the parser used here does not."""

_BARE_NAME: Final = re.compile(
    rf"""
    (?P<untouched>
        //[^\n]*                                              # comment
      | @'(?:[^']|'')*' | @"(?:[^"]|"")*"                     # verbatim string
      | '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*"             # string
    )
    | \.(?P<key>{_WORDS_OF_OPERATORS})\b
    | \bkind\b (?!\s*=(?![=~]))                              # the column, not `join kind=inner`
    """,
    re.VERBOSE,
)


_MOMENT: Final = re.compile(r"(?<=\bdatetime\()\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?=\))")
"""A moment, which clients write anew in each of their queries; it is the same text in KQL and in SQL."""
_STAND_IN: Final = "9999-12-31T23:59:59"
"""How a text begins that stands in for a moment while a query is translated."""


@dataclass(frozen=True)
class Translation:
    """A SELECT for DuckDB, and the values of its placeholders by name."""

    sql: str
    parameters: Mapping[str, Value]


def translate(query: str) -> Translation:
    """Translate a query; texts that differ in moments alone are translated once.

    Raises:
        RefusedError: 400: not KQL, not a query, or beyond what duckdb-kql can do.
    """
    if _STAND_IN in query:
        return _translate(query)
    moments = dict.fromkeys(_MOMENT.findall(query))
    stand_ins = {moment: f"{_STAND_IN}.{number:03d}Z" for number, moment in enumerate(moments)}
    try:
        translation = _translate(_MOMENT.sub(lambda match: stand_ins[match.group()], query))
    except RefusedError:
        return _translate(query)  # which says what is wrong with the text as it is
    sql = translation.sql
    if any(stand_in not in sql for stand_in in stand_ins.values()):
        return _translate(query)
    for moment, stand_in in stand_ins.items():
        sql = sql.replace(stand_in, moment)
    return Translation(sql, translation.parameters)


@lru_cache(maxsize=256)
def _translate(query: str) -> Translation:
    if _CONTROL_COMMAND.match(query):
        raise invalid_query("ParserFailure", "Control commands are not part of the query language of Resource Graph.")
    try:
        with _TRANSLATING:
            result = duckdb_kql.to_sql(_quote_names(query), schema=_schema(query), allow_write=False)
    except duckdb_kql.KqlSyntaxError as error:
        place = error.diagnostics[0].span if error.diagnostics else None
        at = {} if place is None else {"line": place.line, "characterPositionInLine": place.column}
        raise invalid_query("ParserFailure", str(error), **at) from error
    except duckdb_kql.KqlUnsupportedError as error:
        raise invalid_query("NotSupportedByEmulator", f"{error}: this emulator cannot run it.") from error
    except duckdb_kql.KqlError as error:
        raise invalid_query("SemanticError", str(error)) from error
    if result.unbound:
        raise invalid_query("SemanticError", f"No value is given for the parameter {result.unbound[0]}.")
    return Translation(str(result), dict(result.parameters))


def _quote_names(query: str) -> str:
    """Quote the column `kind` and keys like `.count`: Resource Graph takes them bare, the parser used here does not."""
    return _BARE_NAME.sub(lambda match: match["untouched"] or f"['{match['key'] or 'kind'}']", query)


def _schema(query: str) -> dict[str, list[str]]:
    """The tables' columns under every spelling of the tables' names in the query: Resource Graph ignores their case."""
    words = {*TABLE_NAMES, *re.findall(r"\w+", query)}
    return {word: list(COLUMNS) for word in words if word.lower() in TABLE_NAMES}
