"""Checkov over the templates. It pins an older pycep and much else, so it has an environment of its own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.checks.infra.template import INFRA, mappings_in, template_paths
from tools.paths import ROOT
from tools.tool_environment import ToolEnvironment

CHECKOV = ToolEnvironment("checkov", ROOT / "tools" / "checks" / "infra" / "checkov.txt", "190 MB")

_SKIP = re.compile(r"checkov:skip=(\w+)(.*)$", re.MULTILINE)


class ScanError(Exception):
    """Checkov did not run; the message says why."""


def find_checkov_problems(folder: Path = INFRA) -> Iterator[str]:
    """What Checkov finds; files it could not read; skips without a reason, or for nothing.

    It must be installed. What it downloads by default, descriptions of its checks, is left out.

    Raises:
        ScanError: it did not run.
    """
    report = _scan(folder)
    for entry in mappings_in(report.get("results", {})):
        if _outcome(entry) == "FAILED":
            yield f"{entry['file_path']}: {entry['resource']}: {entry['check_id']} {entry['check_name']}"
    for unread in _texts_in(report.get("results", {}), "parsing_errors"):
        yield f"{Path(unread).name}: Checkov cannot read it: it has an older parser than ours"
    yield from _skip_problems(folder, report)


def _skip_problems(folder: Path, report: Mapping[str, object]) -> Iterator[str]:
    used = {
        (str(entry["file_path"]).lstrip("/"), entry["check_id"])
        for entry in mappings_in(report.get("results", {}))
        if _outcome(entry) == "SKIPPED"
    }
    for path in template_paths(folder):
        name = path.relative_to(folder).as_posix()
        for check, reason in _SKIP.findall(path.read_text()):
            if not reason.lstrip(":").strip():
                yield f"{name}: {check} is skipped without a reason"
            if (name, check) not in used:
                yield f"{name}: {check} is skipped, but does not fail or is not checked there"


def _texts_in(results: object, name: str) -> list[str]:
    listed = results.get(name) if isinstance(results, Mapping) else None
    return [str(text) for text in listed] if isinstance(listed, list) else []


def _outcome(entry: Mapping[str, object]) -> str | None:
    result = entry.get("check_result")
    return str(result.get("result")) if isinstance(result, Mapping) else None


def _scan(folder: Path) -> Mapping[str, object]:
    command = [str(CHECKOV.python), "-m", "checkov.main", "--directory", str(folder), "--framework", "bicep"]
    done = subprocess.run(
        [*command, "--compact", "--skip-download", "--output", "json"], capture_output=True, text=True, check=False
    )
    try:
        report: object = json.loads(done.stdout)
    except ValueError as error:
        raise ScanError(f"Checkov gave no report: {done.stderr.strip()[-2000:]}") from error
    if not isinstance(report, Mapping):
        raise ScanError("Checkov gave a report in no known form")
    return report
