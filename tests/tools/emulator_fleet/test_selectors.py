"""Stages and groups select members by labels, in the preview, as Fleet's specification describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, PREVIEW, FleetLab, JsonObject, a_run
from tools.emulator.label_selector import parse_selector
from tools.json_value import Json

LABELS: Mapping[str, JsonObject] = {
    "one": {"env": "dev"},
    "two": {"env": "prod", "canary": "true"},
    "three": {"env": "prod"},
}


@pytest.fixture
def lab() -> FleetLab:
    lab = FleetLab(*LABELS, groups={"one": "a", "two": "a", "three": "b"})
    for name, labels in LABELS.items():
        response = lab.send("PATCH", f"/members/{name}", {"properties": {"labels": labels}})
        assert response.status_code == 200, response.text
    return lab


def selector(text: str) -> JsonObject:
    return {"memberSelector": {"byLabel": text}}


def group(name: str, by_label: str = "") -> Json:
    return {"name": name, **(selector(by_label) if by_label else {})}


def stages_of(lab: FleetLab) -> list[dict[str, list[str]]]:
    """The names of the members in each group of each stage."""
    stages = cast("list[JsonObject]", cast("JsonObject", lab.run()["status"])["stages"])
    return [
        {
            str(one["name"]): [str(member["name"]) for member in cast("list[JsonObject]", one.get("members", []))]
            for one in cast("list[JsonObject]", stage["groups"])
        }
        for stage in stages
    ]


@pytest.mark.parametrize(
    ("stages", "members"),
    [
        ([selector("env=dev"), selector("env=prod")], [{"default": ["one"]}, {"default": ["two", "three"]}]),
        ([{"groups": [group("a")], **selector("env=prod")}], [{"a": ["two"]}]),
        ([{"groups": [group("any", "!canary,env=dev"), group("b")]}], [{"any": ["one"], "b": ["three"]}]),
        ([{"groups": [group("any", "fleet.azure.com/member-name in (one,two)")]}], [{"any": ["one", "two"]}]),
        ([selector("env=test")], [{"default": []}]),
    ],
    ids=["implicit groups", "filtered groups", "labels or names", "labels of the service", "no member"],
)
def test_a_run_has_the_members_that_its_stages_and_groups_select(
    lab: FleetLab, stages: list[JsonObject], members: list[dict[str, list[str]]]
) -> None:
    strategy: JsonObject = {"stages": [{"name": f"s{number}", **stage} for number, stage in enumerate(stages)]}
    lab.put("/updateStrategies/labels", {"strategy": strategy}, api=PREVIEW)
    lab.put("/updateRuns/run", a_run(updateStrategyId=f"{FLEET}/updateStrategies/labels"), api=PREVIEW)

    assert stages_of(lab) == members
    lab.start()
    lab.pass_minutes(600)
    assert lab.state() == ("Completed" if any(any(stage.values()) for stage in members) else "Skipped")


def test_a_strategy_with_selectors_is_shown_without_them_in_the_stable_version(lab: FleetLab) -> None:
    strategy: JsonObject = {"stages": [{"name": "s", **selector("env=prod")}]}
    lab.put("/updateStrategies/labels", {"strategy": strategy}, api=PREVIEW)

    shown = lab.send("GET", "/updateStrategies/labels").json()["properties"]["strategy"]
    assert shown == {"stages": [{"name": "s"}]}
    assert lab.send("GET", "/updateStrategies/labels", api=PREVIEW).json()["properties"]["strategy"] == strategy


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("a=1", True),
        ("a == 1,b", True),
        ("a!=1", False),
        ("c!=1", True),
        ("a in (2, 1)", True),
        ("a notin (1)", False),
        ("!c", True),
        ("! a", False),
        ("a=", False),
    ],
)
def test_selectors_select_as_in_kubernetes(text: str, selected: bool) -> None:
    parsed = parse_selector(text)
    assert parsed is not None
    assert parsed({"a": "1", "b": ""}) is selected


@pytest.mark.parametrize("text", ["", "a,", "a b", "a in ()", "a in 1", "=1", "!a=1", "-a", "A/b", "a=(1)"])
def test_what_is_no_selector_is_none(text: str) -> None:
    assert parse_selector(text) is None
