"""The files that Microsoft's compiler reads: what it says of each, and whether each is as it would write it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.checks.infra.compiler import Compiler, CompilerError, Diagnostic
from tools.checks.infra.prediction import WAYS, snapshot_path, snapshot_text, ways
from tools.paths import ROOT

INFRA = ROOT / "infra"

SET_BY_AZD: Mapping[str, str] = {"AZURE_ENV_NAME": "prod", "AZURE_LOCATION": "westeurope"}
"""What azd asks a person for."""

_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-prod/providers"

SET_BY_OUTPUTS: Mapping[str, str] = {
    "AZURE_RESOURCE_GROUP": "rg-prod",
    "DEAD_LETTER_CONTAINER": "deadletters",
    "FUNCTION_APP_HOST_NAME": "func-abcdefghijklm.azurewebsites.net",
    "FUNCTION_APP_NAME": "func-abcdefghijklm",
    "INSTALLATION": "abcdefghijklm",
    "LOG_ANALYTICS_WORKSPACE_ID": f"{_GROUP}/Microsoft.OperationalInsights/workspaces/log-abcdefghijklm",
    "STORAGE_ACCOUNT_NAME": "stabcdefghijklm",
    "TOPIC_NAME": "evgt-abcdefghijklm",
}
"""Outputs of main.bicep that other parameter files cannot do without; a test holds the names to the outputs."""

SCRIPTS = INFRA / "scripts"
_LOADED = (".bicep", ".json", ".kql")


def example_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment with what parameter files need, and none of the choices of the person who runs the check."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("AZURE_", "AUTO_UPGRADE_"))}
    return {**kept, **SET_BY_AZD, **SET_BY_OUTPUTS}


def bicep_files(*folders: Path) -> list[Path]:
    """Every `.bicep` and `.bicepparam` file below the folders: those of the project unless others are named."""
    return sorted(
        path
        for folder in folders or (INFRA, WAYS)
        for path in folder.rglob("*.bicep*")
        if path.suffix in (".bicep", ".bicepparam")
    )


def deployed_templates() -> list[Path]:
    """The templates that a person or azd deploys; the others are modules and types of these."""
    return sorted(INFRA.glob("*.bicep"))


def find_source_problems(compiler: Compiler, files: list[Path]) -> Iterator[str]:
    """Every diagnostic, each once, however many files lead to it; files that `bicep format` would change."""
    found: set[Diagnostic] = set()
    for path in files:
        found |= set(compiler.compile(path).diagnostics)
    yield from map(str, sorted(found))
    for path in files:
        if compiler.format(path) != path.read_text():
            yield f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: bicep format changes it"


def find_unused_files(compiler: Compiler) -> Iterator[str]:
    """Modules, types, queries and lists of `infra/` that nothing that is deployed loads."""
    deployed = [*deployed_templates(), *INFRA.rglob("*.bicepparam")]
    used = {path for template in deployed for path in compiler.references(template)}
    for path in sorted(INFRA.rglob("*")):
        if path.suffix in _LOADED and path.parent != SCRIPTS and path not in used:
            yield f"{path.relative_to(ROOT)}: no template that is deployed loads it"


def compile_templates(compiler: Compiler) -> Mapping[str, Mapping[str, object]]:
    """The templates that are deployed, compiled, by name; those with errors are missing."""
    compiled = {path.stem: compiler.compile(path).template for path in deployed_templates()}
    return {name: template for name, template in compiled.items() if template}


def find_stale_snapshots(compiler: Compiler) -> Iterator[str]:
    """Ways whose snapshot is not what the templates give; snapshots without a way."""
    for way in ways():
        kept = snapshot_path(way)
        try:
            text = snapshot_text(compiler, way)
        except CompilerError as error:
            yield f"{way.relative_to(ROOT)} does not evaluate: {error}"
            continue
        if not kept.is_file() or kept.read_text() != text:
            yield f"{kept.relative_to(ROOT)} is not what the templates give: ./dev infra-check --renew-snapshots"
    expected = {snapshot_path(way) for way in ways()}
    for path in sorted(set(WAYS.glob("*.snapshot.json")) - expected):
        yield f"{path.relative_to(ROOT)} is the snapshot of no way"


def renew_snapshots(compiler: Compiler) -> Iterator[Path]:
    """Write the snapshots that have changed, and return which; those of ways that do not evaluate stay."""
    for way in ways():
        kept = snapshot_path(way)
        try:
            text = snapshot_text(compiler, way)
        except CompilerError:
            continue
        if not kept.is_file() or kept.read_text() != text:
            kept.write_text(text)
            yield kept
