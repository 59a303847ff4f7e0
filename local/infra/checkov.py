"""Checkov over what every way of deploying makes. It pins much, so it has an environment of its own.

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

from local.infra.json_value import mappings_in
from local.paths import ROOT
from local.tool_environment import ToolEnvironment

CHECKOV = ToolEnvironment("checkov", ROOT / "local" / "infra" / "checkov.txt", "190 MB")

SKIPS = ROOT / "infra" / "checkov-skips.toml"
"""What Checkov finds and does not matter here, each with the reason."""

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
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


def find_checkov_problems(snapshots: Mapping[str, Mapping[str, object]], skips: Sequence[Skip]) -> Iterator[str]:
    """What Checkov finds and no skip allows; skips without a reason, or that nothing needs.

    It must be installed. What it downloads by default, descriptions of its checks, is not downloaded.

    Args:
        snapshots: what `bicep snapshot` wrote, by the name of the way of deploying.
        skips: what need not pass.

    Raises:
        ScanError: it did not run, or could not read a snapshot.
    """
    failed = sorted({entry for report in _scan(snapshots) for entry in _failures(report)})
    allowed = {(skip.check, skip.type) for skip in skips}
    for way, check, kind, title in failed:
        if (check, kind) not in allowed:
            yield f"{way}: {kind}: {check} {title}"
    found = {(check, kind) for _, check, kind, _ in failed}
    for skip in skips:
        if not skip.reason.strip():
            yield f"checkov-skips.toml gives no reason for {skip.check} of {skip.type}"
        if (skip.check, skip.type) not in found:
            yield f"checkov-skips.toml skips {skip.check} of {skip.type}, which nothing fails"


def _failures(report: Mapping[str, object]) -> Iterator[tuple[str, str, str, str]]:
    """The way, the check, the type of the resource and the check's title."""
    for entry in mappings_in(report.get("results", {})):
        result = entry.get("check_result")
        if isinstance(result, Mapping) and result.get("result") == "FAILED":
            kind = _TYPE.match(str(entry["resource"]))
            yield (
                Path(str(entry["file_path"])).stem,
                str(entry["check_id"]),
                kind[0] if kind else str(entry["resource"]),
                str(entry["check_name"]),
            )


def _scan(snapshots: Mapping[str, Mapping[str, object]]) -> list[Mapping[str, object]]:
    command = [str(CHECKOV.python), "-m", "checkov.main", "--framework", "arm", "--compact", "--skip-download"]
    with tempfile.TemporaryDirectory() as folder:
        for way, snapshot in snapshots.items():
            template = {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": snapshot["predictedResources"]}
            (Path(folder) / f"{way}.json").write_text(json.dumps(template, indent=2))
        done = subprocess.run(
            [*command, "--directory", folder, "--output", "json"], capture_output=True, text=True, check=False
        )
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
