"""Whether the app's settings in Azure are those that it reads: every one is set or explained, and no other is set."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checks.infra.expression import Value
from tools.checks.infra.prediction import Prediction, Resource, values_at
from tools.paths import ROOT

_ROW = re.compile(r"^\| `([A-Za-z_]+)` \|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Expected:
    """Which settings there are."""

    read_by_the_app: frozenset[str]
    left_to_default: Mapping[str, str]
    """Read by the app and deliberately not set in Azure; each with its reason."""
    read_by_the_host: Mapping[str, str]
    """Set in Azure and not read by the app's own code; each with its reason."""

    @classmethod
    def read(
        cls,
        documentation: Path = ROOT / "docs" / "configuration.md",
        explanations: Path = ROOT / "infra" / "settings.toml",
    ) -> Expected:
        """As the documentation lists them, which a test of the app holds to its code, and as the file explains them."""
        read = frozenset(_ROW.findall(documentation.read_text().partition("\n# ")[0]))
        explained = tomllib.loads(explanations.read_text())
        return cls(read, explained["left_to_default"], explained["read_by_the_host"])


def app_settings(site: Resource) -> Mapping[str, Value]:
    """The settings of a Function app, by name; values that only Azure knows are expressions."""
    entries = values_at(site.body.get("properties"), "siteConfig", "appSettings")
    return {str(entry["name"]): entry["value"] for entry in entries if isinstance(entry, dict)}


def find_setting_problems(predictions: Sequence[Prediction], expected: Expected) -> Iterator[str]:
    """Settings that are read and not set, set and not read, or explained without need."""
    ever_set: set[str] = set()
    for prediction in predictions:
        for site in prediction.of_type("Microsoft.Web/sites"):
            names = set(app_settings(site))
            ever_set |= names
            yield from (f"{prediction.way}: {problem}" for problem in _problems_of(site, names, expected))
    for name in sorted(expected.left_to_default):
        if name in ever_set or name not in expected.read_by_the_app:
            yield f"settings.toml leaves {name} to its default, but it is set, or the app does not read it"
    for name in sorted(set(expected.read_by_the_host) - ever_set):
        yield f"settings.toml explains {name}, which no way of deploying sets"
    for name, reason in {**expected.left_to_default, **expected.read_by_the_host}.items():
        if not reason.strip():
            yield f"settings.toml gives no reason for {name}"


def _problems_of(site: Resource, names: set[str], expected: Expected) -> Iterator[str]:
    if not names:
        yield f"{site}: its settings depend on what only Azure knows and cannot be read"
        return
    for name in sorted(expected.read_by_the_app - names - set(expected.left_to_default)):
        yield f"{site}: the app reads {name}, which is not set, nor does settings.toml say why"
    for name in sorted(names - expected.read_by_the_app - set(expected.read_by_the_host)):
        yield f"{site}: {name} is set, and neither the app nor, as settings.toml says, the host reads it"
