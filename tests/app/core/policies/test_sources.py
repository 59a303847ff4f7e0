"""Where a profile's policies come from, which source goes first, and what is said of tags that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import Channel
from shared.core.planner import decide
from shared.core.policies.policy import DEFAULT_POLICY, Generator, Regions, Split
from shared.core.policies.rules import POLICY_RULES
from shared.core.policies.sources import (
    NO_SOURCES,
    Policies,
    PolicyInForce,
    PolicySources,
    mentions,
    read_policies,
    setting_name,
)
from shared.core.reasons import DecisionWarning, Outcome, Reason, Verdict
from tests.app.builders import a_cluster, a_member, a_profile, facts
from tests.app.core.reading import verdict, warnings_of

SOURCES = ("override", "profile tag", "fleet tag", "app setting")
RETRIES = {"override": "4", "profile tag": "3", "fleet tag": "2", "app setting": "1"}
NAMES = {
    "override": "policy.retry",
    "profile tag": "tag auto-upgrade.profile.retry",
    "fleet tag": "tag auto-upgrade.retry",
    "app setting": "app setting AUTO_UPGRADE_POLICY_RETRY",
}


def policies(tags: Mapping[str, str], sources: PolicySources = NO_SOURCES, profile: str = "profile") -> Policies:
    read = read_policies(tags, profile, sources)
    assert isinstance(read, Policies), read
    return read


def in_force(read: Policies, key: str) -> PolicyInForce:
    [found] = [policy for policy in read.in_force if policy.key == key]
    return found


@pytest.mark.parametrize("position", range(len(SOURCES)))
def test_the_first_source_that_has_a_value_decides_and_is_named(position: int) -> None:
    """An override before the profile's tag before the fleet's tag before the app setting before the default."""
    given = SOURCES[position:]
    tags = {NAMES[source].removeprefix("tag "): RETRIES[source] for source in given if source.endswith("tag")}
    sources = PolicySources(
        settings={"retry": RETRIES["app setting"]},
        overrides={"retry": RETRIES["override"]} if "override" in given else {},
    )

    read = policies(tags, sources)

    assert read.policy.retry == int(RETRIES[given[0]])
    assert in_force(read, "retry") == PolicyInForce("retry", RETRIES[given[0]], NAMES[given[0]])


def test_without_any_source_every_policy_has_its_default() -> None:
    read = policies({})

    assert read.policy == DEFAULT_POLICY
    assert [policy.key for policy in read.in_force] == list(POLICY_RULES)
    assert {policy.source for policy in read.in_force} == {"default"}


def test_each_policy_is_looked_up_by_itself() -> None:
    read = policies({"auto-upgrade.regions": "any", "auto-upgrade.profile.retry": "2"})

    assert (read.policy.regions, read.policy.retry) == (Regions.ANY, 2)
    assert in_force(read, "soak").source == "default"


def test_the_case_of_tags_makes_no_difference_and_they_are_named_as_they_are_spelled() -> None:
    read = policies({"Auto-Upgrade.Profile.RETRY": "2"}, profile="PROFILE")

    assert in_force(read, "retry") == PolicyInForce("retry", "2", "tag Auto-Upgrade.Profile.RETRY")


def test_an_app_setting_is_named_in_upper_case_with_underscores() -> None:
    assert setting_name("stopped-clusters") == "AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS"


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"tags": {"auto-upgrade.soak": "a week"}}, "tag auto-upgrade.soak"),
        ({"tags": {"Auto-Upgrade.profile.Soak": "a week"}}, "tag Auto-Upgrade.profile.Soak"),
        ({"settings": {"soak": "a week"}}, "app setting AUTO_UPGRADE_POLICY_SOAK"),
        ({"overrides": {"soak": "a week"}}, "policy.soak"),
    ],
)
def test_a_value_that_does_not_parse_blocks_with_its_source_the_value_and_what_is_valid(
    changes: Mapping[str, Mapping[str, str]], source: str
) -> None:
    decision = decide(facts(**changes))  # type: ignore[arg-type] # a table's column

    assert verdict(decision) == (Outcome.BLOCKED, Reason.POLICY_MALFORMED)
    assert decision.sentence == f'{source} is "a week"; valid for soak is {POLICY_RULES["soak"].expected}.'


def test_of_a_long_value_that_does_not_parse_a_short_printable_part_is_quoted() -> None:
    decision = decide(facts(tags={"auto-upgrade.soak": "a\nweek" * 10_000}))

    assert decision.sentence.startswith('tag auto-upgrade.soak is "a\\nweeka\\nweek')
    assert len(decision.sentence) < 500


def test_a_value_that_does_not_parse_never_falls_back_to_the_next_source() -> None:
    tags = {"auto-upgrade.profile.retry": "often", "auto-upgrade.retry": "2"}

    assert decide(facts(tags=tags)).reason is Reason.POLICY_MALFORMED


def test_a_value_that_does_not_parse_does_not_matter_where_another_source_goes_first() -> None:
    tags = {"auto-upgrade.profile.retry": "2", "auto-upgrade.retry": "often"}

    assert decide(facts(tags=tags)).outcome is Outcome.GENERATE


def test_a_malformed_tag_of_one_profile_leaves_the_other_profiles_of_the_fleet_alone() -> None:
    one, other = a_profile(name="one"), a_profile(Channel.STABLE, name="other")
    tags = {"auto-upgrade.one.retry": "often"}

    blocked = decide(facts(one, other_profiles=[other], tags=tags))
    unaffected = decide(facts(other, other_profiles=[one], tags=tags))
    without_tag = decide(facts(other, other_profiles=[one]))

    assert blocked.reason is Reason.POLICY_MALFORMED
    assert unaffected == without_tag


def test_fleets_own_generation_and_split_runs_exclude_each_other() -> None:
    refused = read_policies(
        {"auto-upgrade.generator": "native", "auto-upgrade.split": "control-plane-first"}, "profile", NO_SOURCES
    )

    assert isinstance(refused, Verdict)
    assert (refused.outcome, refused.reason) == (Outcome.BLOCKED, Reason.POLICY_CONFLICT)
    assert "generator=native" in refused.sentence
    assert "split=control-plane-first" in refused.sentence


@pytest.mark.parametrize(
    ("tags", "generator", "split"),
    [
        ({"auto-upgrade.generator": "native"}, Generator.NATIVE, Split.OFF),
        ({"auto-upgrade.split": "control-plane-first"}, Generator.COMPOSE, Split.CONTROL_PLANE_FIRST),
    ],
)
def test_either_of_them_alone_is_fine(tags: Mapping[str, str], generator: Generator, split: Split) -> None:
    read = policies(tags)

    assert (read.policy.generator, read.policy.split) == (generator, split)


def warned(tags: Mapping[str, str], *others: str) -> list[str]:
    decision = decide(facts(tags=tags, other_profiles=[a_profile(name=name) for name in others]))
    assert set(warnings_of(decision)) <= {DecisionWarning.POLICY_TAG_UNKNOWN}
    return [notice.sentence for notice in decision.warnings]


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        (
            "auto-upgrade.sok",
            "Tag auto-upgrade.sok has no effect: no policy is named sok; the nearest is soak.",
        ),
        (
            "Auto-Upgrade.Retries",
            "Tag Auto-Upgrade.Retries has no effect: no policy is named retries; the nearest is retry.",
        ),
        (
            "auto-upgrade.profile.split-run",
            "Tag auto-upgrade.profile.split-run has no effect: no policy is named split-run; the nearest is split.",
        ),
        (
            "auto-upgrade.profil.soak",
            "Tag auto-upgrade.profil.soak has no effect: no profile is named profil; the nearest is profile.",
        ),
        (
            "auto-upgrade.nightly.soak",
            "Tag auto-upgrade.nightly.soak has no effect: no profile is named nightly; the nearest is night.",
        ),
    ],
)
def test_a_tag_that_means_nothing_is_a_warning_with_the_nearest_known_name(tag: str, sentence: str) -> None:
    assert warned({tag: "P7D"}, "night") == [sentence]


@pytest.mark.parametrize("tag", ["auto-upgrade.", "auto-upgrade..", "auto-upgrade.12345.soak", "auto-upgrade.~"])
def test_a_tag_that_is_near_to_nothing_is_a_warning_too(tag: str) -> None:
    [sentence] = warned({tag: "P7D"})

    assert sentence.startswith(f"Tag {tag} has no effect")


@pytest.mark.parametrize(
    "tag",
    [
        "auto-upgrade.soak",
        "AUTO-UPGRADE.PROFILE.SOAK",
        "auto-upgrade.night.soak",
        "auto-upgrade.Night.sok",
        "environment",
        "auto-upgraded",
    ],
)
def test_tags_of_the_fleet_of_other_profiles_and_of_others_give_no_warning(tag: str) -> None:
    assert warned({tag: "PT1S"}, "night") == []


def test_warnings_come_in_the_order_of_the_tags_names() -> None:
    given = {"auto-upgrade.zero": "1", "auto-upgrade.alpha": "1"}

    assert [sentence.split()[1] for sentence in warned(given)] == ["auto-upgrade.alpha", "auto-upgrade.zero"]


@pytest.mark.parametrize(
    "given",
    [
        facts(a_profile(disabled=True), policy={"sok": "P7D"}),
        facts(members=[], policy={"sok": "P7D"}),
        facts(members=[a_member(a_cluster("1.35.6"))], policy={"sok": "P7D"}),
    ],
)
def test_tags_without_effect_are_reported_even_where_nothing_is_done(given: Facts) -> None:
    assert warnings_of(decide(given)) == [DecisionWarning.POLICY_TAG_UNKNOWN]


def keys_shown(decision: Decision) -> list[str]:
    return [policy.key for policy in decision.policies]


def test_policies_are_shown_with_a_decision_once_they_mattered() -> None:
    assert keys_shown(decide(facts())) == list(POLICY_RULES)
    assert keys_shown(decide(facts(members=[]))) == list(POLICY_RULES)
    assert keys_shown(decide(facts(a_profile(disabled=True)))) == []


@pytest.mark.parametrize(
    ("tags", "sources", "is_mentioned"),
    [
        ({}, NO_SOURCES, False),
        ({"auto-upgrade.soak": "P7D"}, NO_SOURCES, True),
        ({"Auto-Upgrade.Night.Soak": "P7D"}, NO_SOURCES, True),
        ({"auto-upgrade.retry": "1", "soak": "P7D"}, NO_SOURCES, False),
        ({}, PolicySources(settings={"soak": "P7D"}), True),
        ({}, PolicySources(overrides={"soak": "P7D"}), True),
    ],
)
def test_a_key_is_mentioned_if_anything_speaks_of_it(
    tags: Mapping[str, str], sources: PolicySources, *, is_mentioned: bool
) -> None:
    assert mentions("soak", tags, sources) is is_mentioned
