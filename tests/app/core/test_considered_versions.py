"""Why the versions above a target were passed over: each reason, and which one goes first."""

from __future__ import annotations

import pytest

from shared.core.model.catalog import RegionCatalog
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.core.planner import decide
from shared.core.policies.policy import Regions
from shared.core.reasons import CandidateReason
from shared.core.releases.soak import Soak
from shared.core.targets.considered_versions import consider_versions
from shared.core.targets.target import Considered, PassedOver, Target
from tests.app.builders import LTS_ONLY, a_catalog, a_cluster, a_member, a_profile, a_region, a_soak, facts, seen


def target(version: str, *, lts: bool = False, towards: str | None = None) -> Target:
    return Target(
        KubernetesVersion.parse(version),
        needs_long_term_support=lts,
        towards=KubernetesVersion.parse(towards) if towards else None,
    )


def considered(
    *regions: RegionCatalog, chosen: Target | None, rule: Regions = Regions.COMMON, soak: Soak | None = None
) -> Considered:
    names = [region.region for region in regions]
    return consider_versions(a_catalog(*regions), names, rule, soak or a_soak(), chosen)


def reasons(found: Considered) -> dict[str, CandidateReason]:
    return {passed_over.name: passed_over.reason for passed_over in found.passed_over}


def test_only_versions_above_the_target_are_passed_over_the_highest_first() -> None:
    found = considered(a_region("1.34.2", "1.35.9", "1.35.10", "1.36.2"), chosen=target("1.35.9"))

    assert [passed_over.name for passed_over in found.passed_over] == ["1.36.2", "1.35.10"]


def test_without_a_target_every_version_was_passed_over() -> None:
    assert reasons(considered(a_region("1.34.2", "1.36.2"), chosen=None)) == {
        "1.34.2": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.36.2": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


@pytest.mark.parametrize(
    ("rule", "reason"),
    [(Regions.COMMON, CandidateReason.NOT_IN_EVERY_REGION), (Regions.ANY, CandidateReason.NOT_THE_CHANNELS_MINOR)],
)
def test_a_version_that_some_regions_lack_is_passed_over_under_common(rule: Regions, reason: CandidateReason) -> None:
    regions = a_region("1.35.6", "1.36.2"), a_region("1.35.6", name="eastus"), a_region("1.35.6", name="uksouth")

    assert reasons(considered(*regions, chosen=target("1.35.6"), rule=rule)) == {"1.36.2": reason}


def test_the_regions_that_lack_it_are_named() -> None:
    regions = a_region("1.35.6", "1.36.2"), a_region("1.35.6", name="eastus"), a_region("1.35.6", name="uksouth")

    found = considered(*regions, chosen=target("1.35.6"))

    assert found.passed_over == (
        PassedOver("1.36.2", CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus, uksouth."),
    )


def test_a_preview_is_passed_over_as_such() -> None:
    found = considered(a_region("1.35.6", "1.36.0", previews=["1.36"]), chosen=target("1.35.6"))

    assert found.passed_over == (PassedOver("1.36.0", CandidateReason.PREVIEW, "1.36 is a preview."),)


def test_a_preview_in_one_region_that_is_released_in_another_is_not_in_every_region() -> None:
    regions = a_region("1.35.6", "1.36.0"), a_region("1.35.6", "1.36.0", name="eastus", previews=["1.36"])

    assert reasons(considered(*regions, chosen=target("1.35.6"))) == {"1.36.0": CandidateReason.NOT_IN_EVERY_REGION}


def test_a_preview_in_one_region_that_another_has_on_the_lts_plan_alone_is_a_preview() -> None:
    regions = (
        a_region("1.35.6", "1.36.0", previews=["1.36"]),
        a_region("1.35.6", "1.36.0", name="eastus", plans={"1.36": LTS_ONLY}),
    )

    assert reasons(considered(*regions, chosen=target("1.35.6"))) == {"1.36.0": CandidateReason.PREVIEW}


def test_an_lts_build_is_passed_over_as_such() -> None:
    found = considered(a_region("1.34.9", "1.34.100", "1.35.6"), chosen=target("1.34.9"))

    assert reasons(found)["1.34.100"] is CandidateReason.LONG_TERM_SUPPORT_BUILD


def test_a_minor_on_the_lts_plan_alone_is_passed_over_as_such() -> None:
    found = considered(a_region("1.34.9", "1.35.6", plans={"1.35": LTS_ONLY}), chosen=target("1.34.9"))

    assert found.passed_over == (
        PassedOver("1.35.6", CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY, "1.35 is offered on the LTS plan only."),
    )


@pytest.mark.parametrize(
    ("rule", "east_days", "reason"),
    [
        (Regions.COMMON, 3, CandidateReason.STILL_SOAKING),
        (Regions.COMMON, 7, CandidateReason.NOT_THE_CHANNELS_MINOR),
        (Regions.ANY, 3, CandidateReason.NOT_THE_CHANNELS_MINOR),
        (Regions.COMMON, 9, CandidateReason.NOT_THE_CHANNELS_MINOR),
    ],
)
def test_a_version_that_soaks_in_one_of_two_regions_is_passed_over_under_common(
    rule: Regions, east_days: float, reason: CandidateReason
) -> None:
    regions = a_region("1.36.2"), a_region("1.36.2", name="eastus")
    soak = a_soak(7, seen({"1.36.2": 9}) | seen({"1.36.2": east_days}, region="eastus"))

    assert reasons(considered(*regions, chosen=target("1.35.6"), rule=rule, soak=soak)) == {"1.36.2": reason}


@pytest.mark.parametrize("rule", list(Regions))
def test_a_version_that_soaks_in_every_region_is_passed_over_until_the_last_of_them(rule: Regions) -> None:
    regions = a_region("1.36.2"), a_region("1.36.2", name="eastus")
    soak = a_soak(7, seen({"1.36.2": 2}) | seen({"1.36.2": 3}, region="eastus"))

    found = considered(*regions, chosen=target("1.35.6"), rule=rule, soak=soak)

    assert found.passed_over == (
        PassedOver("1.36.2", CandidateReason.STILL_SOAKING, "Soaks in westus2, eastus, until 2026-08-08 06:00 UTC."),
    )


def test_a_version_of_another_minor_than_the_channels_is_passed_over_as_such() -> None:
    found = considered(a_region("1.34.9", "1.35.6"), chosen=target("1.34.9"))

    assert found.passed_over == (
        PassedOver("1.35.6", CandidateReason.NOT_THE_CHANNELS_MINOR, "The channel does not ask for 1.35."),
    )


def test_a_version_after_a_step_is_passed_over_for_now_and_one_beyond_the_channels_target_for_good() -> None:
    region = a_region("1.32.11", "1.33.12", "1.34.9", "1.35.6")

    found = considered(region, chosen=target("1.32.11", towards="1.34.9"))

    assert reasons(found) == {
        "1.33.12": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.34.9": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_above_an_lts_target_a_version_on_the_standard_plan_is_not_said_to_be_on_the_lts_plan_only() -> None:
    region = a_region("1.32.101", "1.33.100", "1.35.6", plans={"1.32": LTS_ONLY, "1.33": LTS_ONLY})

    assert reasons(considered(region, chosen=target("1.32.101", lts=True))) == {
        "1.33.100": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_above_an_lts_target_one_region_with_the_version_on_the_standard_plan_is_enough_to_say_so() -> None:
    regions = (
        a_region("1.32.101", "1.33.12", plans={"1.32": LTS_ONLY}),
        a_region("1.32.101", "1.33.11", name="eastus", plans={"1.32": LTS_ONLY}),
    )

    assert set(reasons(considered(*regions, chosen=target("1.32.101", lts=True))).values()) == {
        CandidateReason.NOT_THE_CHANNELS_MINOR
    }


def test_after_an_lts_step_the_versions_on_the_standard_plan_come_later() -> None:
    region = a_region("1.30.101", "1.31.10", "1.32.11", "1.33.12", plans={"1.30": LTS_ONLY})

    assert reasons(considered(region, chosen=target("1.30.101", lts=True, towards="1.32.11"))) == {
        "1.31.10": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.32.11": CandidateReason.ONE_STEP_AT_A_TIME,
        "1.33.12": CandidateReason.NOT_THE_CHANNELS_MINOR,
    }


def test_a_region_that_could_not_be_read_is_shown_and_offers_nothing_to_pass_over() -> None:
    unread = RegionCatalog("eastus", Unknown("it did not answer"))

    found = considered(a_region("1.36.2"), unread, chosen=None)

    assert found.regions == (a_region("1.36.2"), unread)
    assert list(reasons(found)) == ["1.36.2"]


def test_a_decision_tells_what_it_was_chosen_from() -> None:
    region = a_region("1.34.9", "1.35.6", "1.36.0", previews=["1.36"])

    decision = decide(facts(a_profile(Channel.STABLE), [a_member(a_cluster("1.34.8"))], a_catalog(region)))

    assert decision.considered.regions == (region,)
    assert reasons(decision.considered) == {
        "1.35.6": CandidateReason.NOT_THE_CHANNELS_MINOR,
        "1.36.0": CandidateReason.PREVIEW,
    }


def test_a_blocked_decision_tells_what_there_was() -> None:
    decision = decide(facts(a_profile(Channel.STABLE), catalog=a_catalog(a_region("1.32.7", "1.34.9"))))

    assert list(reasons(decision.considered)) == ["1.34.9", "1.32.7"]
