"""What the profile module refuses is what the app calls invalid: the seed's rules, written twice, agree."""

import itertools
import json

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.profile_rules import broken_rule
from tests.infra.bicep_values import Values
from tools.checks.infra.template import INFRA, Template, object_in, read_template

PROFILE = read_template(INFRA / "modules" / "auto-upgrade-profile.bicep")
STRATEGY = read_template(INFRA / "modules" / "update-strategy.bicep")
TARGETS = ["", "1.33", "1.33.2", "latest"]
SELECTIONS = ["", "Latest", "Consistent"]
CASES = list(itertools.product(Channel, TARGETS, SELECTIONS, [False, True]))


def problem_of_profile(channel: Channel, target: str, selection: str, *, support: bool) -> object:
    given = {
        "channel": channel.value,
        "targetKubernetesVersion": target,
        "nodeImageSelection": selection,
        "longTermSupport": support,
    }
    parameters = object_in(object_in(PROFILE.section("modules")["rules"], "config"), "params")
    return Values(PROFILE, given).value(parameters["problem"])


def problem_of_strategy(*stages: dict[str, object]) -> object:
    parameters = object_in(object_in(STRATEGY.section("modules")["rules"], "config"), "params")
    return Values(STRATEGY, {"name": "canary-first", "stages": list(stages)}).value(parameters["problem"])


def stage(name: str, *groups: str) -> dict[str, object]:
    return {"name": name, "groups": [{"name": group} for group in groups]}


def minor(text: str) -> MinorVersion | Unparsed | None:
    if not text:
        return None
    return MinorVersion.parse(text) if text == "1.33" else Unparsed(text)


def allowed(parameter: str) -> object:
    decorators = PROFILE.section("parameters")[parameter]["decorators"]
    assert isinstance(decorators, list)
    return next(one["argument"] for one in decorators if one["type"] == "allowed")


@pytest.mark.parametrize(("channel", "target", "selection", "support"), CASES)
def test_the_template_refuses_what_the_app_calls_invalid(
    channel: Channel, target: str, selection: str, *, support: bool
) -> None:
    profile = Profile(
        id=ResourceId.parse(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/f/autoUpgradeProfiles/p"
        ),
        channel=channel,
        node_image_selection=NodeImageSelection(selection) if selection else None,
        target_kubernetes_version=minor(target),
        long_term_support=support,
    )
    refused_by_the_app = broken_rule(profile) is not None
    surplus_selection = channel is Channel.NODE_IMAGE and selection != ""

    problem = problem_of_profile(channel, target, selection, support=support)

    if not surplus_selection:
        assert (problem != "") == refused_by_the_app
    else:
        assert "The channel NodeImage takes no nodeImageSelection." in str(problem)


def test_the_template_allows_the_channels_and_selections_of_the_app() -> None:
    assert allowed("channel") == [channel.value for channel in Channel]
    assert allowed("nodeImageSelection") == ["", *(one.value for one in NodeImageSelection if one.value != "Custom")]


def test_a_refusal_says_everything_that_is_wrong() -> None:
    assert problem_of_profile(Channel.STABLE, "1.33", "", support=True) == (
        "Only the channel TargetKubernetesVersion takes a targetKubernetesVersion."
        " Only the channel TargetKubernetesVersion takes longTermSupport."
    )


def test_nothing_but_an_empty_problem_is_allowed() -> None:
    decorators = read_template(INFRA / "modules" / "rules.bicep").section("parameters")["problem"]["decorators"]

    assert isinstance(decorators, list)
    assert {"type": "allowed", "argument": [""]} in decorators


@pytest.mark.parametrize(("template", "resource"), [(PROFILE, "profile"), (STRATEGY, "strategy")])
def test_nothing_is_written_before_the_rules_are_kept(template: Template, resource: str) -> None:
    config = object_in(template.section("resources")[resource], "config")

    assert config["dependsOn"] == ["rules"]


def test_a_strategy_with_a_group_in_two_stages_is_refused() -> None:
    assert problem_of_strategy(stage("first", "canary", "blue"), stage("second", "blue")) == (
        "A group is in the strategy canary-first twice."
    )


def test_a_strategy_with_two_stages_of_one_name_is_refused() -> None:
    assert problem_of_strategy(stage("first", "canary"), stage("first", "blue")) == (
        "Two stages of the strategy canary-first have the same name."
    )


def test_a_sound_strategy_is_let_through() -> None:
    assert problem_of_strategy(stage("first", "canary"), stage("second", "blue", "green")) == ""


def test_the_example_keeps_the_rules() -> None:
    given = json.loads((INFRA / "examples" / "profiles.parameters.json").read_text())["parameters"]

    assert [problem_of_strategy(*strategy["stages"]) for strategy in given["strategies"]["value"]] == [""]
    for profile in given["profiles"]["value"]:
        assert (
            problem_of_profile(
                Channel(profile["channel"]),
                profile.get("targetKubernetesVersion", ""),
                profile.get("nodeImageSelection", ""),
                support=profile.get("longTermSupport", False),
            )
            == ""
        )
