"""`./dev infra-check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from tools.checks.infra.checkov import CHECKOV, ScanError, find_checkov_problems
from tools.checks.infra.documents import find_document_problems
from tools.checks.infra.settings import find_setting_problems
from tools.checks.infra.template import TemplateError, read_template, template_paths
from tools.checks.infra.wiring import find_wiring_problems
from tools.tool_environment import InstallationError


def run_infra_check() -> int:
    """Run every check and tell of each problem; 1 if there is one."""
    try:
        CHECKOV.install(lambda line: print(line, file=sys.stderr, flush=True))
        problems = [problem for check in (_parsed(), _read(), find_checkov_problems()) for problem in check]
    except (TemplateError, InstallationError, ScanError) as error:
        print(f"infra-check: {error}", file=sys.stderr)
        return 1
    return _tell(problems)


def _parsed() -> Iterator[str]:
    for path in template_paths():
        yield from find_wiring_problems(read_template(path))


def _read() -> Iterator[str]:
    yield from find_document_problems()
    yield from find_setting_problems()


def _tell(problems: Iterable[str]) -> int:
    found = list(problems)
    for problem in found:
        print(problem)
    files = len(template_paths())
    print(f"infra-check: {files} templates parsed and wired, settings compared, Checkov run; {len(found)} problems")
    return 1 if found else 0
