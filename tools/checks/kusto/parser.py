"""Checks queries with Microsoft's own parser: the language, and the names of tables and columns."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.checks.kusto.queries import TABLES, Query
from tools.node_packages import NodePackage, NodePackageError
from tools.paths import ROOT

PARSER = NodePackage(ROOT / "tools" / "checks" / "kusto", "Microsoft's parser of the Kusto query language, 30 MB")

_SCRIPT = ROOT / "tools" / "checks" / "kusto" / "check.js"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the parser has to say: `line` and `column` count from 1."""

    query: str
    line: int
    column: int
    severity: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.query}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message}"


def check(queries: Iterable[Query], say: Callable[[str], None]) -> list[Finding]:
    """What the parser finds in the queries; nothing if all are sound. It is installed first if need be.

    Raises:
        NodePackageError: the parser could not be installed, or did not run.
    """
    node = PARSER.install(say)
    package = PARSER.modules / "@kusto" / "language-service-next"
    given = [{"name": query.name, "source": query.source, "text": query.runnable} for query in queries]
    done = subprocess.run(
        [str(node), str(_SCRIPT), str(package), str(TABLES)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NodePackageError(f"the parser did not run: {done.stderr.strip()[-2000:]}")
    return [
        Finding(one["name"], one["line"], one["column"], one["severity"], one["code"], one["message"])
        for one in json.loads(done.stdout)
    ]
