"""The files of `infra/` and `azure.yaml` that are not Bicep: they parse, and `azure.yaml` leads to files that exist."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from tools.json_value import mapping_of, sequence_of
from tools.paths import ROOT

AZURE_YAML = ROOT / "azure.yaml"

_READERS: Mapping[str, Callable[[str], object]] = {".json": json.loads, ".toml": tomllib.loads, ".yaml": yaml.safe_load}

_WITH_COMMENTS = "bicepconfig.json"
"""JSON with comments; a malformed one is a diagnostic of the compiler."""


def find_document_problems(folder: Path = ROOT / "infra") -> Iterator[str]:
    """What is malformed or missing."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _READERS and path.name != _WITH_COMMENTS:
            yield from find_malformed(path)
    yield from find_azure_yaml_problems(AZURE_YAML)


def find_malformed(path: Path) -> Iterator[str]:
    """Whether a file is what its suffix says."""
    try:
        _READERS[path.suffix](path.read_text())
    except (ValueError, yaml.YAMLError) as error:
        yield f"{path.name} is no {path.suffix[1:].upper()}: {' '.join(str(error).split())}"


def find_azure_yaml_problems(path: Path) -> Iterator[str]:
    """Paths in `azure.yaml` that lead nowhere."""
    malformed = list(find_malformed(path))
    yield from malformed
    content: object = None if malformed else yaml.safe_load(path.read_text())
    for where in _paths_in(content if isinstance(content, Mapping) else {}):
        if not (path.parent / where).exists():
            yield f"{path.name} names {where}, which is not there"


def _paths_in(document: Mapping[str, object]) -> Iterator[str]:
    infra = mapping_of(document, "infra")
    yield f"{infra.get('path', 'infra')}/{infra.get('module', 'main')}.bicep"
    services = mapping_of(document, "services")
    for name in services:
        yield f"{mapping_of(services, name)['project']}/host.json"
    hooks = mapping_of(document, "hooks")
    for name in hooks:
        yield from _scripts_of(hooks[name])


def _scripts_of(hook: object) -> Iterator[str]:
    """The scripts of a hook: one, one for each kind of system, or a list of such."""
    if isinstance(hook, Mapping):
        if isinstance(hook.get("run"), str):
            yield hook["run"]
        for system in ("posix", "windows"):
            yield from _scripts_of(hook.get(system))
    for one in sequence_of(hook):
        yield from _scripts_of(one)
