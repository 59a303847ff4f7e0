"""The files of `infra/` and `azure.yaml` that are not Bicep: whether they are JSON or YAML, and fit the templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tools.checks.infra.template import INFRA, Template, read_template
from tools.paths import ROOT

AZURE_YAML = ROOT / "azure.yaml"
PARAMETER_FILES = {
    INFRA / "main.parameters.json": INFRA / "main.bicep",
    INFRA / "examples" / "profiles.parameters.json": INFRA / "fleet-profiles.bicep",
}
"""Each with the template it is for."""


def find_document_problems() -> Iterator[str]:
    """What is malformed, missing, or given to a template that does not take it."""
    for path in sorted(INFRA.rglob("*.json")):
        yield from _json_problems(path)
    for path, template in PARAMETER_FILES.items():
        yield from find_parameter_problems(path, read_template(template))
    yield from find_azure_yaml_problems(AZURE_YAML)


def find_parameter_problems(path: Path, template: Template) -> Iterator[str]:
    """Parameters that the template does not take or that it lacks."""
    content: object = json.loads(path.read_text())
    parameters = content.get("parameters") if isinstance(content, Mapping) else None
    if not isinstance(parameters, Mapping):
        yield f"{path.name} has no parameters"
        return
    given = set(parameters)
    for name in sorted(given - set(template.section("parameters"))):
        yield f"{path.name} gives {name}, which {template.path.name} does not take"
    for name in sorted(template.required_parameters() - given):
        yield f"{path.name} does not give {name}, which {template.path.name} needs"


def find_azure_yaml_problems(path: Path) -> Iterator[str]:
    """Paths in `azure.yaml` that lead nowhere."""
    try:
        content: object = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        yield f"{path.name} is no YAML: {' '.join(str(error).split())}"
        return
    for where in _paths_in(content):
        if not (path.parent / where).exists():
            yield f"{path.name} names {where}, which is not there"


def _paths_in(content: object) -> Iterator[str]:
    document = content if isinstance(content, Mapping) else {}
    infra = document.get("infra", {})
    yield f"{infra.get('path', 'infra')}/{infra.get('module', 'main')}.bicep"
    for service in document.get("services", {}).values():
        yield f"{service['project']}/host.json"
    for hook in document.get("hooks", {}).values():
        yield str(hook["run"])


def _json_problems(path: Path) -> Iterator[str]:
    try:
        json.loads(path.read_text())
    except ValueError as error:
        yield f"{path.name} is no JSON: {error}"
