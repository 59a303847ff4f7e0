"""From KQL to DuckDB's SQL."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import duckdb_kql

from emulator.resource_graph.errors import invalid_query
from emulator.resource_graph.tables import COLUMNS, TABLE_NAMES, Value

_TRANSLATING: Final = threading.Lock()

_CONTROL_COMMAND: Final = re.compile(r"(?:\s|//[^\n]*\n)*\.")

_KIND: Final = re.compile(
    r"""
    (?P<untouched>
        //[^\n]*                                              # comment
      | @'(?:[^']|'')*' | @"(?:[^"]|"")*"                     # verbatim string
      | '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*"             # string
    )
    | \.?\bkind\b (?!\s*=(?![=~]))                            # the column or a key, not `join kind=inner`
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Translation:
    """A SELECT for DuckDB, and the values of its placeholders by name."""

    sql: str
    parameters: Mapping[str, Value]


@lru_cache(maxsize=256)
def translate(query: str) -> Translation:
    """Translate a query; the same text is translated once.

    Raises:
        RefusedError: 400: not KQL, not a query, or beyond what duckdb-kql can do.
    """
    if _CONTROL_COMMAND.match(query):
        raise invalid_query("ParserFailure", "Control commands are not part of the query language of Resource Graph.")
    try:
        with _TRANSLATING:
            result = duckdb_kql.to_sql(_quote_kind(query), schema=_schema(query), allow_write=False)
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


def _quote_kind(query: str) -> str:
    """Write the column `kind` as `['kind']`: Resource Graph takes it bare, the parser used here a keyword in it."""
    return _KIND.sub(lambda match: match["untouched"] or "['kind']", query)


def _schema(query: str) -> dict[str, list[str]]:
    """The tables' columns under every spelling of the tables' names in the query: Resource Graph ignores their case."""
    words = {*TABLE_NAMES, *re.findall(r"\w+", query)}
    return {word: list(COLUMNS) for word in words if word.lower() in TABLE_NAMES}
