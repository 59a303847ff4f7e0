"""Checkov over what every way of deploying makes. It pins much, so its environment is separate.

It reads the evaluated resources of the snapshots, as one ARM template for each way: in a compiled template it takes an
expression for a value that is missing, and does not see resources that have symbolic names.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.json_value import mappings_in
from tools.paths import ROOT
from tools.tool_environment import ToolEnvironment

CHECKOV = ToolEnvironment("checkov", ROOT / "tools" / "checks" / "infra" / "checkov.txt", "190 MB")

SKIPS = ROOT / "infra" / "checkov-skips.toml"
"""What Checkov finds and does not matter here, each with the reason."""

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_SCAN = """
import json, sys
from checkov.arm.runner import Runner
from checkov.runner_filter import RunnerFilter
reports = Runner().run(sys.argv[1], runner_filter=RunnerFilter(framework=["arm"]))
print(json.dumps([each.get_dict() for each in (reports if isinstance(reports, list) else [reports])]))
"""
"""Run by Checkov's own Python. Its command does the same, but loads what it has for thirty other languages first."""
_TYPE = re.compile(r"[\w.]+/[\w/]+")


class ScanError(Exception):
    """Checkov did not run; the message says why."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A check that resources of one type need not pass."""

    check: str
    type: str
    reason: str


def read_skips(path: Path = SKIPS) -> list[Skip]:
    """The skips of a file."""
    return [Skip(one["check"], one["type"], one["reason"]) for one in tomllib.loads(path.read_text())["skip"]]


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A check that a resource fails."""

    way: str
    """The way of deploying."""
    check: str
    type: str
    """Of the resource."""
    title: str


def scan(snapshots: Mapping[str, Mapping[str, object]]) -> list[Failure]:
    """What Checkov finds in snapshots, which are given by the name of their way of deploying.

    It must be installed. Nothing is downloaded.

    Raises:
        ScanError: it did not run, or could not read a snapshot.
    """
    return sorted({failure for report in _reports(snapshots) for failure in _failures(report)})


def find_checkov_problems(failures: Sequence[Failure], skips: Sequence[Skip]) -> Iterator[str]:
    """What no skip allows; skips without a reason, or that nothing needs."""
    allowed = {(skip.check, skip.type) for skip in skips}
    for failure in failures:
        if (failure.check, failure.type) not in allowed:
            yield f"{failure.way}: {failure.type}: {failure.check} {failure.title}"
    needed = {(failure.check, failure.type) for failure in failures}
    for skip in skips:
        if not skip.reason.strip():
            yield f"checkov-skips.toml gives no reason for {skip.check} of {skip.type}"
        if (skip.check, skip.type) not in needed:
            yield f"checkov-skips.toml skips {skip.check} of {skip.type}, which nothing fails"


def _failures(report: Mapping[str, object]) -> Iterator[Failure]:
    for entry in mappings_in(report.get("results", {})):
        result = entry.get("check_result")
        if isinstance(result, Mapping) and result.get("result") == "FAILED":
            kind = _TYPE.match(str(entry["resource"]))
            yield Failure(
                way=Path(str(entry["file_path"])).stem,
                check=str(entry["check_id"]),
                type=kind[0] if kind else str(entry["resource"]),
                title=str(entry["check_name"]),
            )


def _reports(snapshots: Mapping[str, Mapping[str, object]]) -> list[Mapping[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        for way, snapshot in snapshots.items():
            template = {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": snapshot["predictedResources"]}
            (Path(folder) / f"{way}.json").write_text(json.dumps(template, indent=2))
        done = subprocess.run([str(CHECKOV.python), "-c", _SCAN, folder], capture_output=True, text=True, check=False)
    try:
        report: object = json.loads(done.stdout)
    except ValueError as error:
        raise ScanError(f"Checkov gave no report: {done.stderr.strip()[-2000:]}") from error
    reports = [one for one in (report if isinstance(report, list) else [report]) if isinstance(one, Mapping)]
    if not reports or any(_unread(one) for one in reports):
        raise ScanError(f"Checkov could not read the snapshots: {done.stdout[:2000]}")
    return reports


def _unread(report: Mapping[str, object]) -> bool:
    results, summary = report.get("results"), report.get("summary")
    counted = isinstance(summary, Mapping) and summary.get("resource_count")
    return not counted or not isinstance(results, Mapping) or bool(results.get("parsing_errors"))
