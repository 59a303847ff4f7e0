"""Whether `infra/modules/app.bicep` sets what the app reads, and nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.checks.infra.template import INFRA, mappings_in, read_template
from tools.paths import ROOT

_ROW = re.compile(r"^\| `([A-Za-z_]+)` \|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SettingSources:
    """Where the settings are told of."""

    documentation: Path = ROOT / "docs" / "configuration.md"
    """What the app reads; a test of the app holds it to its code."""
    template: Path = INFRA / "modules" / "app.bicep"
    """What is set."""
    explanations: Path = INFRA / "settings.toml"
    """Where the two differ, and why."""


def find_setting_problems(sources: SettingSources | None = None) -> Iterator[str]:
    """Settings that are read and not set, set and not read, or explained without need."""
    where = sources or SettingSources()
    read = set(_ROW.findall(where.documentation.read_text().partition("\n# ")[0]))
    put = set(_settings_of(where.template))
    explained = tomllib.loads(where.explanations.read_text())
    left, by_host = set(explained["left_to_default"]), set(explained["read_by_the_host"])
    for name in sorted(read - put - left):
        yield f"the app reads {name}; {where.template.name} does not set it, nor {where.explanations.name} say why"
    for name in sorted(put - read - by_host):
        yield f"{where.template.name} sets {name}, which nobody reads"
    for name in sorted(left - (read - put)):
        yield f"{where.explanations.name} leaves {name} to its default, but it is set, or nobody reads it"
    for name in sorted(by_host - put):
        yield f"{where.explanations.name} explains {name}, which {where.template.name} does not set"
    for name, reason in {**explained["left_to_default"], **explained["read_by_the_host"]}.items():
        if not str(reason).strip():
            yield f"{where.explanations.name} gives no reason for {name}"


def _settings_of(template: Path) -> Iterator[str]:
    variables = read_template(template).section("variables")
    for entry in mappings_in(list(variables.values())):
        if set(entry) == {"name", "value"}:
            yield str(entry["name"])
