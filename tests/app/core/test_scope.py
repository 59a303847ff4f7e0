"""The scope is the members that the real run has, by update groups and by labels."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from shared.core.model.fleet import Fleet, Member, UpdateGroup, UpdateStage, UpdateStrategy
from shared.core.model.label_selector import LabelSelector
from shared.core.planner import decide
from shared.core.reasons import PREVIEW_SETTING, Outcome, Reason
from shared.core.scope import Scope, find_scope
from tests.app.builders import FLEET, a_catalog, a_cluster, a_member, a_profile, a_region, a_strategy, facts
from tests.app.core.reading import verdict

STRATEGY_ID = FLEET.child("updateStrategies", "strategy")
PROFILE = a_profile(strategy="strategy")


def stage(*groups: UpdateGroup, selector: str | None = None) -> UpdateStage:
    return UpdateStage(groups, LabelSelector.parse(selector) if selector is not None else None)


def group(name: str, selector: str | None = None) -> UpdateGroup:
    return UpdateGroup(name, LabelSelector.parse(selector) if selector is not None else None)


def labelled(name: str, *, in_group: str | None = None, region: str = "westus2", **labels: str) -> Member:
    return a_member(a_cluster(name=name, region=region), name=name, group=in_group, labels=labels)


MEMBERS = (
    labelled("canary", in_group="first", env="prod", canary="true"),
    labelled("dev", in_group="first", region="eastus", env="dev"),
    labelled("prod", in_group="second", env="prod"),
    labelled("bare", in_group="second"),
)


def members_of(*stages: UpdateStage) -> list[str]:
    fleet = Fleet(FLEET, members=MEMBERS, strategies={STRATEGY_ID: UpdateStrategy(STRATEGY_ID, stages)})
    scope = find_scope(PROFILE, fleet)
    assert isinstance(scope, Scope)
    return [member.name for member in scope.members]


@pytest.mark.parametrize(
    ("stages", "selected"),
    [
        ([stage(selector="env=prod")], ["canary", "prod"]),
        ([stage(selector="canary"), stage(selector="env=dev")], ["canary", "dev"]),
        ([stage(group("first"), selector="env=prod")], ["canary"]),
        ([stage(group("second", "env=dev"))], ["dev"]),
        ([stage(group("any", "canary"), group("second"))], ["bare", "canary", "prod"]),
        ([stage(group("any", "env"), group("second"), selector="!canary")], ["bare", "dev", "prod"]),
        ([stage(group("first"))], ["canary", "dev"]),
    ],
    ids=[
        "a stage without groups is one group of its members",
        "stages add up",
        "a stage with groups filters first",
        "labels replace the name of a group",
        "groups by labels and by name in one stage",
        "a filtered stage with both",
        "a group without a selector is an update group",
    ],
)
def test_a_stage_filters_and_its_groups_select(stages: list[UpdateStage], selected: list[str]) -> None:
    assert members_of(*stages) == selected


def test_only_the_regions_of_members_selected_by_labels_count() -> None:
    strategy = UpdateStrategy(STRATEGY_ID, (stage(selector="env=prod"),))
    catalog = a_catalog(a_region("1.35.5", "1.35.6"))  # nothing is known of eastus
    given = facts(PROFILE, MEMBERS, catalog, strategies=[strategy])

    assert decide(given).outcome is Outcome.GENERATE


@pytest.mark.parametrize(
    ("is_preview", "members", "expected"),
    [
        (False, MEMBERS, (Outcome.BLOCKED, Reason.SELECTORS_NOT_VISIBLE)),
        (True, MEMBERS, (Outcome.UP_TO_DATE, Reason.NO_MEMBERS)),
        (False, (), (Outcome.UP_TO_DATE, Reason.NO_MEMBERS)),
        (False, (a_member(state="Joining", group="first"),), (Outcome.UP_TO_DATE, Reason.NO_MEMBERS)),
    ],
    ids=["stable", "preview", "no member at all", "none joined"],
)
def test_groups_without_members_may_be_selectors_that_the_stable_version_does_not_show(
    is_preview: bool, members: tuple[Member, ...], expected: tuple[Outcome, Reason]
) -> None:
    decision = decide(facts(PROFILE, members, strategies=[a_strategy("third")], is_preview=is_preview))

    assert verdict(decision) == expected
    assert (PREVIEW_SETTING in decision.sentence) == (expected[1] is Reason.SELECTORS_NOT_VISIBLE)


@pytest.mark.parametrize(("labels", "is_selected"), [({"a": "1"}, True), ({"a": "2"}, False), ({}, False)])
def test_a_group_with_a_selector_ignores_the_update_group(labels: Mapping[str, str], is_selected: bool) -> None:
    assert group("all", "a=1").selects(a_member(group="all", labels=labels)) is is_selected
