"""The recipes of docs/contributing.md name the files that every existing policy, channel, alert or rule is named in.

An item of a recipe begins with a path. A path with a `<placeholder>` stands for one file an example, or for a choice of
files; a path in `tests/` has to mention some example. All other paths together are exactly the files that mention every
example.
"""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from dataclasses import dataclass
from functools import cache

import pytest

from shared.core.model.profile import Channel
from shared.core.policies.rules import POLICY_RULES
from shared.core.reasons import MemberReason
from tools.paths import ROOT

PAGE = ROOT / "docs/contributing.md"
WRITTEN = (
    ".py",
    ".js",
    ".html",
    ".md",
    ".bicep",
    ".bicepparam",
    ".json",
    ".kql",
    ".toml",
    ".yaml",
    ".yml",
    ".sh",
    ".ps1",
)
NEVER_TOUCHED = (
    "tools/emulator/specification/*.json",  # Azure writes these
    "tests/*",
    "CHANGELOG.md",  # has a line for every change
    "docs/contributing.md",
    "docs/emulator.md",  # names the first and the newest api-version, which another test compares
    "tools/demo/*",
    "tools/benchmarks/*",
    "tools/replay/*",
    "*/worlds/*.yaml",
)
"""Files that use every example, and need not use one more."""

_ITEM = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class Recipe:
    """A heading of the page, and what exists of its kind."""

    heading: str
    examples: tuple[str, ...]

    @property
    def items(self) -> list[str]:
        """The paths, in the page's order."""
        _, _, rest = PAGE.read_text().partition(f"\n### {self.heading}\n")
        return _ITEM.findall(re.split(r"^##", rest, flags=re.MULTILINE)[0])


def alerts() -> tuple[str, ...]:
    return tuple(rule["name"] for rule in json.loads((ROOT / "infra/alerts/alerts.json").read_text()))


def fleet_api_version() -> str:
    [version] = re.findall(r"fleets/updateStrategies@([\w-]+)'", (ROOT / "infra/fleet-profiles.bicep").read_text())
    return str(version)


RECIPES = (
    Recipe("A policy", tuple(POLICY_RULES)),
    Recipe("A channel", tuple(Channel)),
    Recipe("An alert", alerts()),
    Recipe("An API version", (fleet_api_version(),)),
    Recipe("A member rule", tuple(MemberReason)),
)


@cache
def texts() -> dict[str, str]:
    """The text of each tracked file that a person writes."""
    made = (":!tests/data", ":!tools/data")
    command = ["git", "ls-files", "-z", *(f"*{suffix}" for suffix in WRITTEN), *made]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    files = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in files}


def naming(example: str) -> re.Pattern[str]:
    """Finds an example in every style of names: `catch-up`, `catch_up`, `catchUp`, `CatchUp`, `CATCH_UP`."""
    words = [word.lower() for word in _WORD.findall(example)]
    pascal = "".join(word.title() for word in words)
    styles = {"-".join(words), "_".join(words), "_".join(words).upper(), pascal, pascal[0].lower() + pascal[1:]}
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(sorted(styles))})(?![A-Za-z])")


@cache
def _joined(text: str) -> str:
    """For a quick look before the pattern."""
    return text.lower().replace("-", "").replace("_", "")


@cache
def mentioning(example: str) -> frozenset[str]:
    pattern, rough = naming(example), _joined(example)
    return frozenset(name for name, text in texts().items() if rough in _joined(text) and pattern.search(text))


def mentioning_every(examples: tuple[str, ...]) -> set[str]:
    common = frozenset.intersection(*(mentioning(example) for example in examples))
    return {name for name in common if not any(fnmatch.fnmatch(name, pattern) for pattern in NEVER_TOUCHED)}


def is_shared(path: str) -> bool:
    return not path.startswith("tests/") and "<" not in path


def files_of(path: str) -> set[str]:
    return set(fnmatch.filter(texts(), re.sub(r"<[^>]+>", "*", path)))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.heading)
def test_a_recipe_lists_exactly_the_files_that_mention_every_example(recipe: Recipe) -> None:
    listed = [path for path in recipe.items if is_shared(path)]

    assert sorted(listed) == sorted(mentioning_every(recipe.examples))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.heading)
def test_every_other_file_of_a_recipe_exists_and_mentions_an_example(recipe: Recipe) -> None:
    some = frozenset().union(*(mentioning(example) for example in recipe.examples))

    assert recipe.items
    for path in recipe.items:
        assert files_of(path), path
        assert files_of(path) & some, path


def test_every_alert_has_the_query_that_the_recipe_names() -> None:
    [pattern] = [path for path in RECIPES[2].items if path.endswith(".kql")]

    assert {re.sub(r"<[^>]+>", name, pattern) for name in alerts()} == files_of(pattern)


@pytest.mark.parametrize("text", ["catch_up", "CATCH_UP", "catchUp", "CatchUp", "auto-upgrade.catch-up", "_catch_up()"])
def test_an_example_is_found_in_every_style_of_names(text: str) -> None:
    assert naming("catch-up").search(text)


@pytest.mark.parametrize("text", ["catchup", "catch-ups", "recatch-up", "catch up"])
def test_other_words_are_no_example(text: str) -> None:
    assert not naming("catch-up").search(text)
