"""docs/emulator.md lists exactly what the emulator serves."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab
from tools.emulator.arm import ArmRouter
from tools.emulator.specification import definitions_of
from tools.emulator.specification.schemas import PREVIEW, STABLE

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
VERBS = {"HEAD": "exists", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}
ORDER = ("list", "get", "exists", "put", "patch", "delete")
FLEET_OPERATIONS = 36
"""Of Azure's specification of fleets, stable, without the list of the provider's operations."""


def served(router: ArmRouter) -> list[str]:
    """A row for each resource type: what can be done with it, and in which api-versions."""
    verbs: defaultdict[str, set[str]] = defaultdict(set)
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for method, template, known in router.registered():
        kind, verb = described(method, template)
        verbs[kind].add(verb)
        versions[kind] |= known
    return [f"| `{kind}` | {ordered(verbs[kind])} | {span(versions[kind])} |" for kind in sorted(verbs)]


def described(method: str, template: str) -> tuple[str, str]:
    """The resource type of a route, and what it does with it."""
    below = template.rpartition("providers/")[2]
    path = template if below.startswith("{") else below
    parts = path.split("/")
    names = [part for part in parts if not part.startswith("{")]
    if method == "POST":
        return "/".join(names[:-1]), f"`{names[-1]}`"
    is_item = parts[-1].startswith("{") or parts[-1] == "default"
    kind = "/".join(name for name in names if name != "default")
    return kind, VERBS.get(method) or ("get" if is_item else "list")


def ordered(verbs: set[str]) -> str:
    return ", ".join(sorted(verbs, key=lambda verb: (ORDER.index(verb) if verb in ORDER else len(ORDER), verb)))


def span(versions: set[str]) -> str:
    first, last = min(versions), max(versions)
    return first if first == last else f"{first} to {last}"


@pytest.fixture(scope="module")
def router() -> ArmRouter:
    return FleetLab().router


def test_the_page_lists_every_resource_type_with_what_can_be_done_and_no_other(router: ArmRouter) -> None:
    section = PAGE.partition("## Azure Resource Manager")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == served(router)


def test_the_page_counts_the_operations_of_fleets(router: ArmRouter) -> None:
    stable = [
        template
        for _, template, versions in router.registered()
        if "/fleets" in template and STABLE.removeprefix("fleet-") in versions
    ]
    assert len(stable) == FLEET_OPERATIONS
    assert f"all {FLEET_OPERATIONS} operations" in PAGE


def test_what_the_page_says_is_not_there_is_not(router: ArmRouter) -> None:
    section = PAGE.partition("## Not in this emulator")[2]
    absent = re.findall(r"`managedClusters/([\w/]+)`", section)
    assert absent
    templates = "\n".join(template for _, template, _ in router.registered())
    for path in absent:
        pattern = "/".join(["managedClusters", r"\{\w+\}", *path.split("/")])
        assert re.search(pattern + r"(/|$)", templates, re.MULTILINE) is None, path


def test_every_body_of_the_specification_is_served(router: ArmRouter) -> None:
    types = {described(method, template)[0] for method, template, _ in router.registered()}
    for file in (STABLE, PREVIEW):
        wanted = {re.sub("[:].*", "", name) for name in definitions_of(file) if name.startswith("Microsoft.")}
        actions = {name.rpartition("/")[0] for name in wanted if name not in types}
        assert actions <= types
