"""`./dev infra-check`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping

from tools.checks.infra.checkov import CHECKOV, ScanError, find_checkov_problems, read_skips, scan
from tools.checks.infra.compiler import HOW_TO_GET, Compiler, CompilerError, find_installed
from tools.checks.infra.documents import find_document_problems
from tools.checks.infra.laws.all import LAWS, find_broken_laws
from tools.checks.infra.laws.deployments import find_deployment_problems
from tools.checks.infra.laws.roles import documented_grants, find_role_problems
from tools.checks.infra.laws.settings import Expected, find_setting_problems
from tools.checks.infra.prediction import read_prediction, snapshot_path, ways
from tools.checks.infra.reduction import PUBLIC_CLOUD, US_GOVERNMENT_CLOUD
from tools.checks.infra.sources import (
    bicep_files,
    compile_templates,
    example_environment,
    find_source_problems,
    find_stale_snapshots,
    find_unused_files,
    renew_snapshots,
)
from tools.paths import ROOT
from tools.tool_environment import InstallationError

SOUND, PROBLEMS, NOT_CHECKED = 0, 1, 3

_BY_COMPILER = (
    "whether the templates compile, their lint and format, whether the snapshots are still theirs, and the names of "
    "deployments"
)
_BY_CHECKOV = "what Checkov finds"


def run_infra_check(*, renew: bool = False, environment: Mapping[str, str] = os.environ) -> int:
    """Run every check that can be run here, and print each problem.

    Args:
        renew: write the snapshots anew first.
        environment: where the compiler is found.

    Returns:
        0 if all is sound, 1 if there are problems, 3 if there are none and not everything could be checked.
    """
    problems: list[str] = []
    unchecked: list[str] = []
    try:
        with _start_compiler(environment) as compiler:
            problems += _compiled(compiler, renew=renew)
    except CompilerError as error:
        unchecked.append(f"{_BY_COMPILER}: {error}")
    problems += _read()
    try:
        problems += _scanned()
    except (InstallationError, ScanError) as error:
        unchecked.append(f"{_BY_CHECKOV}: {error}")
    for problem in problems:
        print(problem)
    counted = f"{len(bicep_files())} Bicep files, {len(ways())} ways of deploying, {len(LAWS)} laws"
    print(f"infra-check: {counted}; {len(problems)} problems")
    for reason in unchecked:
        _say(f"infra-check: not checked: {reason}")
    return PROBLEMS if problems else NOT_CHECKED if unchecked else SOUND


def _start_compiler(environment: Mapping[str, str]) -> Compiler:
    installed = find_installed(environment)
    if installed is None:
        raise CompilerError(f"there is no Bicep compiler. {HOW_TO_GET}")
    compiler = Compiler(installed, example_environment(environment))
    _say(f"infra-check: Bicep {compiler.version}, found by {installed.found_by}: {installed.path}")
    return compiler


def _compiled(compiler: Compiler, *, renew: bool) -> Iterator[str]:
    """What the compiler is needed for."""
    yield from find_source_problems(compiler, bicep_files())
    yield from find_unused_files(compiler)
    for name, template in compile_templates(compiler).items():
        yield from (f"{name}: {problem}" for problem in find_deployment_problems(template))
    if renew:
        for path in renew_snapshots(compiler):
            _say(f"infra-check: renewed {path.relative_to(ROOT)}")
    yield from find_stale_snapshots(compiler)


def _read() -> Iterator[str]:
    """What is checked on the files as they are kept in the repository."""
    yield from find_document_problems()
    kept = [way for way in ways() if snapshot_path(way).is_file()]
    found: list[str] = []
    for cloud in (PUBLIC_CLOUD, US_GOVERNMENT_CLOUD):
        predictions = [read_prediction(way, cloud) for way in kept]
        found += [problem for prediction in predictions for problem in find_broken_laws(prediction)]
        found += find_setting_problems(predictions, Expected.read())
        found += find_role_problems(predictions, documented_grants())
    yield from dict.fromkeys(found)


def _scanned() -> list[str]:
    CHECKOV.install(_say)
    kept = [snapshot_path(way) for way in ways()]
    snapshots = {path.stem: json.loads(path.read_text()) for path in kept if path.is_file()}
    return list(find_checkov_problems(scan(snapshots), read_skips()))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
