"""`./dev kql-check`."""

from __future__ import annotations

import sys

from tools.checks.kusto.parser import check
from tools.checks.kusto.queries import all_queries
from tools.node_packages import NodePackageError


def run_kql_check() -> int:
    """Check every query of the alerts and the workbook; the exit code."""
    queries = all_queries()
    try:
        findings = check(queries, lambda line: print(line, file=sys.stderr))
    except NodePackageError as error:
        print(f"kql-check: {error}", file=sys.stderr)
        return 1
    for finding in findings:
        print(finding)
    print(f"{len(queries)} queries checked, {len(findings)} findings")
    return 1 if findings else 0
