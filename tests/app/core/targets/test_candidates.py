"""Which versions are rejected as a target: each reason, and which one goes first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from shared.core.model.catalog import RegionCatalog
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.core.planner import decide
from shared.core.policies.policy import Regions
from shared.core.reasons import CandidateReason, Outcome, Reason, Verdict
from shared.core.releases.soak import Soak
from shared.core.targets.candidates import Candidates, find_candidates, unread_regions
from shared.core.targets.target import RejectedCandidate, Target
from tests.app.builders import (
    BOTH_PLANS,
    LTS_ONLY,
    NOW,
    a_catalog,
    a_cluster,
    a_member,
    a_profile,
    a_region,
    a_soak,
    facts,
    seen,
)


def target(version: str, *, lts: bool = False, towards: str | None = None) -> Target:
    return Target(
        KubernetesVersion.parse(version),
        needs_long_term_support=lts,
        towards=KubernetesVersion.parse(towards) if towards else None,
    )


def rejected(
    *regions: RegionCatalog, chosen: Target | None, rule: Regions = Regions.COMMON, soak: Soak | None = None
) -> tuple[RejectedCandidate, ...]:
    return find_candidates(regions, rule, soak or a_soak()).rejected_above(chosen)


def reasons(found: Iterable[RejectedCandidate]) -> dict[str, CandidateReason]:
    return {rejection.name: rejection.reason for rejection in found}


def shown(found: Iterable[RejectedCandidate]) -> list[tuple[str, CandidateReason, str]]:
    return [(rejection.name, rejection.reason, rejection.sentence) for rejection in found]


def sentences(found: Iterable[RejectedCandidate]) -> dict[str, str]:
    return {rejection.name: rejection.sentence for rejection in found}


def test_only_versions_above_the_target_are_rejected_the_highest_first() -> None:
    found = rejected(a_region("1.34.2", "1.35.9", "1.35.10", "1.36.2"), chosen=target("1.35.9"))

    assert [rejection.name for rejection in found] == ["1.36.2", "1.35.10"]


def test_without_a_target_every_version_is_rejected() -> None:
    assert reasons(rejected(a_region("1.34.2", "1.36.2"), chosen=None)) == {
        "1.34.2": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.36.2": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


@pytest.mark.parametrize(
    ("rule", "reason"),
    [(Regions.COMMON, CandidateReason.NOT_IN_EVERY_REGION), (Regions.ANY, CandidateReason.NOT_THE_CHANNELS_MINOR)],
)
def test_a_version_that_some_regions_lack_is_rejected_under_common(rule: Regions, reason: CandidateReason) -> None:
    regions = a_region("1.35.6", "1.36.2"), a_region("1.35.6", name="eastus"), a_region("1.35.6", name="uksouth")

    assert reasons(rejected(*regions, chosen=target("1.35.6"), rule=rule)) == {"1.36.2": reason}


def test_the_regions_that_lack_it_are_named() -> None:
    regions = a_region("1.35.6", "1.36.2"), a_region("1.35.6", name="eastus"), a_region("1.35.6", name="uksouth")

    found = rejected(*regions, chosen=target("1.35.6"))

    assert shown(found) == [("1.36.2", CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus, uksouth.")]


def test_a_preview_is_rejected_as_such() -> None:
    found = rejected(a_region("1.35.6", "1.36.0", previews=["1.36"]), chosen=target("1.35.6"))

    assert shown(found) == [("1.36.0", CandidateReason.PREVIEW, "1.36 is a preview.")]


def test_a_preview_in_one_region_that_is_released_in_another_is_not_in_every_region() -> None:
    regions = a_region("1.35.6", "1.36.0"), a_region("1.35.6", "1.36.0", name="eastus", previews=["1.36"])

    assert reasons(rejected(*regions, chosen=target("1.35.6"))) == {"1.36.0": CandidateReason.NOT_IN_EVERY_REGION}


def test_a_preview_in_one_region_that_another_has_on_the_lts_plan_alone_is_a_preview() -> None:
    regions = (
        a_region("1.35.6", "1.36.0", previews=["1.36"]),
        a_region("1.35.6", "1.36.0", name="eastus", plans={"1.36": LTS_ONLY}),
    )

    assert reasons(rejected(*regions, chosen=target("1.35.6"))) == {"1.36.0": CandidateReason.PREVIEW}


def test_an_lts_build_is_rejected_as_such() -> None:
    found = rejected(a_region("1.34.9", "1.34.100", "1.35.6"), chosen=target("1.34.9"))

    assert reasons(found)["1.34.100"] is CandidateReason.LONG_TERM_SUPPORT_BUILD


def test_a_minor_on_the_lts_plan_alone_is_rejected_as_such() -> None:
    found = rejected(a_region("1.34.9", "1.35.6", plans={"1.35": LTS_ONLY}), chosen=target("1.34.9"))

    assert shown(found) == [
        ("1.35.6", CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY, "1.35 is offered on the LTS plan only.")
    ]


@pytest.mark.parametrize(
    ("rule", "east_days", "reason"),
    [
        (Regions.COMMON, 3, CandidateReason.STILL_SOAKING),
        (Regions.COMMON, 7, CandidateReason.NOT_THE_CHANNELS_MINOR),
        (Regions.ANY, 3, CandidateReason.NOT_THE_CHANNELS_MINOR),
        (Regions.COMMON, 9, CandidateReason.NOT_THE_CHANNELS_MINOR),
    ],
)
def test_a_version_that_soaks_in_one_of_two_regions_is_rejected_under_common(
    rule: Regions, east_days: float, reason: CandidateReason
) -> None:
    regions = a_region("1.36.2"), a_region("1.36.2", name="eastus")
    soak = a_soak(7, seen({"1.36.2": 9}) | seen({"1.36.2": east_days}, region="eastus"))

    assert reasons(rejected(*regions, chosen=target("1.35.6"), rule=rule, soak=soak)) == {"1.36.2": reason}


@pytest.mark.parametrize(("rule", "until"), [(Regions.COMMON, "2026-08-08"), (Regions.ANY, "2026-08-07")])
def test_a_version_that_soaks_in_every_region_is_rejected_until_it_may_be_used(rule: Regions, until: str) -> None:
    """Under `common` until the last of them has it soaked, under `any` until the first."""
    regions = a_region("1.36.2"), a_region("1.36.2", name="eastus")
    soak = a_soak(7, seen({"1.36.2": 2}) | seen({"1.36.2": 3}, region="eastus"))

    found = rejected(*regions, chosen=target("1.35.6"), rule=rule, soak=soak)

    assert shown(found) == [
        ("1.36.2", CandidateReason.STILL_SOAKING, f"Soaks in westus2, eastus, until {until} 06:00 UTC.")
    ]


def test_a_region_in_which_the_version_has_just_soaked_is_not_named() -> None:
    regions = a_region("1.36.2"), a_region("1.36.2", name="eastus")
    soak = a_soak(7, seen({"1.36.2": 7}) | seen({"1.36.2": 3}, region="eastus"))

    found = rejected(*regions, chosen=target("1.35.6"), soak=soak)

    assert sentences(found) == {"1.36.2": "Soaks in eastus, until 2026-08-07 06:00 UTC."}


def test_a_version_of_another_minor_than_the_channels_is_rejected_as_such() -> None:
    found = rejected(a_region("1.34.9", "1.35.6"), chosen=target("1.34.9"))

    assert shown(found) == [("1.35.6", CandidateReason.NOT_THE_CHANNELS_MINOR, "The channel does not ask for 1.35.")]


def test_a_version_after_a_step_is_rejected_for_now_and_one_beyond_the_channels_target_for_good() -> None:
    region = a_region("1.32.11", "1.33.12", "1.34.9", "1.35.6")

    found = rejected(region, chosen=target("1.32.11", towards="1.34.9"))

    assert reasons(found) == {
        "1.33.12": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.34.9": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_above_an_lts_target_a_version_on_the_standard_plan_is_not_said_to_be_on_the_lts_plan_only() -> None:
    region = a_region("1.32.101", "1.33.100", "1.35.6", plans={"1.32": LTS_ONLY, "1.33": LTS_ONLY})

    assert reasons(rejected(region, chosen=target("1.32.101", lts=True))) == {
        "1.33.100": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_above_an_lts_target_one_region_with_the_version_on_the_standard_plan_is_enough_to_say_so() -> None:
    regions = (
        a_region("1.32.101", "1.33.12", plans={"1.32": LTS_ONLY}),
        a_region("1.32.101", "1.33.11", name="eastus", plans={"1.32": LTS_ONLY}),
    )

    assert set(reasons(rejected(*regions, chosen=target("1.32.101", lts=True))).values()) == {
        CandidateReason.NOT_THE_CHANNELS_MINOR
    }


def test_after_an_lts_step_the_versions_on_the_standard_plan_come_later() -> None:
    region = a_region("1.30.101", "1.31.10", "1.32.11", "1.33.12", plans={"1.30": LTS_ONLY})

    assert reasons(rejected(region, chosen=target("1.30.101", lts=True, towards="1.32.11"))) == {
        "1.31.10": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.32.11": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.33.12": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_while_a_region_is_unread_no_version_is_accepted_and_the_region_is_named() -> None:
    unread = RegionCatalog("eastus", Unknown("it did not answer"))

    found = find_candidates([a_region("1.36.2"), unread], Regions.COMMON, a_soak())

    assert found.official.accepted == frozenset()
    assert sentences(found.rejected_above(None)) == {"1.36.2": "Could not be asked of eastus."}


def accepted(found: Candidates) -> set[str]:
    return {str(version) for version in found.official.accepted}


def test_what_soaks_is_accepted_from_the_moment_that_its_rejection_names() -> None:
    soak = a_soak(7, seen({"1.35.5": 9, "1.35.6": 3, "1.36.0": 1}))
    found = find_candidates([a_region("1.35.5", "1.35.6", "1.36.0")], Regions.COMMON, soak)
    first, second = NOW + timedelta(days=4), NOW + timedelta(days=6)

    assert found.soak_ends == [first, second]
    assert accepted(found) == {"1.35.5"}
    assert accepted(found.at(first - timedelta(seconds=1))) == {"1.35.5"}
    assert accepted(found.at(first)) == {"1.35.5", "1.35.6"}
    assert found.at(first).soak_ends == [second]
    assert accepted(found.at(second)) == accepted(found.without_soak()) == {"1.35.5", "1.35.6", "1.36.0"}
    assert reasons(found.at(first).rejected_above(None))["1.36.0"] is CandidateReason.STILL_SOAKING


def test_nothing_but_a_soak_ends_by_waiting() -> None:
    regions = a_region("1.35.5", "1.36.0"), a_region("1.35.5", "1.37.0", name="eastus", previews=["1.37"])
    found = find_candidates(regions, Regions.COMMON, a_soak())

    assert found.soak_ends == []
    assert found.without_soak() == found


def test_each_plan_has_its_own_soak() -> None:
    soak = a_soak(7, seen({"1.34.2": 9}))
    found = find_candidates([a_region("1.34.2", plans={"1.34": BOTH_PLANS})], Regions.COMMON, soak)

    assert accepted(found) == {"1.34.2"}
    assert found.long_term_support.accepted == frozenset()
    assert found.soak_ends == [NOW + timedelta(days=7)]
    assert {str(version) for version in found.without_soak().long_term_support.accepted} == {"1.34.2"}


def test_a_region_that_could_not_be_read_blocks_and_is_named() -> None:
    unread = RegionCatalog("eastus", Unknown("it did not answer"))

    refused = unread_regions([a_region("1.34.1"), unread])

    assert refused == Verdict(
        Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, "What eastus offers could not be read: it did not answer."
    )
    assert unread_regions([a_region("1.34.1")]) is None


def test_a_decision_names_what_its_target_was_chosen_from() -> None:
    region = a_region("1.34.9", "1.35.6", "1.36.0", previews=["1.36"])

    decision = decide(facts(a_profile(Channel.STABLE), [a_member(a_cluster("1.34.8"))], a_catalog(region)))

    assert decision.considered.regions == (region,)
    assert reasons(decision.considered.rejected) == {
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.36.0": CandidateReason.PREVIEW,
    }


def test_a_blocked_decision_names_what_there_was() -> None:
    decision = decide(facts(a_profile(Channel.STABLE), catalog=a_catalog(a_region("1.32.7", "1.34.9"))))

    assert list(reasons(decision.considered.rejected)) == ["1.34.9", "1.32.7"]
