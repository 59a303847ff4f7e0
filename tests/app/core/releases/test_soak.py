"""Soak: a release is used once it has been available for some time, in every region that counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.planner import decide
from shared.core.policies.policy import Regions
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import FirstSeen
from shared.core.releases.soak import Soak
from shared.core.targets.candidates import find_candidates
from tests.app.builders import (
    BOTH_PLANS,
    LTS_ONLY,
    NOW,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    a_soak,
    facts,
    seen,
)
from tests.app.core.reading import specification_of, target_of, verdict

OFFICIAL, LTS = SupportPlan.KUBERNETES_OFFICIAL, SupportPlan.AKS_LONG_TERM_SUPPORT
JULY_2, JULY_9 = f"{UBUNTU}-202607.02.0", f"{UBUNTU}-202607.09.0"
WEEK = {"soak": "P7D"}


def version(text: str) -> KubernetesVersion:
    return KubernetesVersion.parse(text)


def usable(soak: Soak, *regions: RegionCatalog) -> set[str]:
    """The versions that the soak lets through for clusters on the standard plan."""
    return {str(version) for version in find_candidates(regions, Regions.COMMON, soak).official.accepted}


@pytest.mark.parametrize(
    ("days_ago", "is_usable"), [(8.0, True), (7.0, True), (6.99, False), (0.0, False), (None, False)]
)
def test_a_version_is_usable_once_it_was_first_seen_as_long_ago_as_the_soak(
    days_ago: float | None, *, is_usable: bool
) -> None:
    soak = a_soak(7, seen({"1.35.6": days_ago}) if days_ago is not None else {})

    assert usable(soak, a_region("1.35.6")) == ({"1.35.6"} if is_usable else set())


def test_what_was_never_recorded_has_only_just_been_seen() -> None:
    assert a_soak(7).version_ready_at("westus2", version("1.35.6"), OFFICIAL) == NOW + timedelta(days=7)
    newest = NodeImage.parse(JULY_9)
    assert a_soak(7).image_ready_at("westus2", newest.version, newest) == NOW + timedelta(days=7)


def test_without_a_soak_everything_is_usable_though_nothing_is_recorded() -> None:
    assert usable(a_soak(), a_region("1.35.5", "1.35.6")) == {"1.35.5", "1.35.6"}
    assert a_soak().newest_soaked_image("westus2", NodeImage.parse(JULY_9)) == NodeImage.parse(JULY_9).version


@pytest.mark.parametrize(("days", "is_in_force"), [(0, False), (-1, False), (1 / 86400, True), (0.5, True), (7, True)])
def test_a_soak_is_in_force_as_soon_as_there_is_anything_to_wait_for(days: float, *, is_in_force: bool) -> None:
    assert a_soak(days).is_in_force is is_in_force


def test_what_one_region_or_plan_has_seen_says_nothing_about_another() -> None:
    soak = a_soak(7, seen({"1.35.6": 30, JULY_9: 30}))
    on_both_plans = a_region("1.35.6", plans={"1.35": BOTH_PLANS})

    assert usable(soak, on_both_plans) == {"1.35.6"}
    assert find_candidates([on_both_plans], Regions.COMMON, soak).long_term_support.accepted == frozenset()
    assert usable(soak, a_region("1.35.6", name="eastus")) == set()
    assert soak.newest_soaked_image("eastus", NodeImage.parse(JULY_9)) is None


@pytest.mark.parametrize(
    ("days_ago", "newest", "usable"),
    [
        ({JULY_2: 14, JULY_9: 7}, JULY_9, "202607.09.0"),
        ({JULY_2: 14, JULY_9: 3}, JULY_9, "202607.02.0"),
        ({JULY_2: 6, JULY_9: 3}, JULY_9, None),
        ({JULY_2: 14}, JULY_9, "202607.02.0"),
        ({}, JULY_9, None),
        ({f"{UBUNTU}-202606.08.1": 20, JULY_2: 14}, JULY_9, "202607.02.0"),
    ],
)
def test_the_newest_image_that_has_soaked_is_used(days_ago: dict[str, float], newest: str, usable: str | None) -> None:
    found = a_soak(7, seen(days_ago)).newest_soaked_image("westus2", NodeImage.parse(newest))

    assert (str(found) if found else None) == usable


def test_an_image_newer_than_the_regions_newest_was_withdrawn_and_does_not_count() -> None:
    withdrawn = a_soak(7, seen({JULY_2: 3, JULY_9: 30, f"{UBUNTU}-202606.08.1": 40}))

    assert str(withdrawn.newest_soaked_image("westus2", NodeImage.parse(JULY_2))) == "202606.08.1"


def test_images_of_other_families_do_not_count_even_if_their_names_begin_alike() -> None:
    others = {f"{UBUNTU}-fips-202607.02.0": 30, f"{WINDOWS}-26100.33158.260715": 30}

    assert a_soak(7, seen(others)).newest_soaked_image("westus2", NodeImage.parse(JULY_9)) is None


@pytest.mark.parametrize(
    ("days_ago", "days_to_wait"),
    [({JULY_9: 3}, 4), ({JULY_2: 5, JULY_9: 3}, 2), ({JULY_2: 3, JULY_9: 5}, 2), ({f"{UBUNTU}-202606.08.1": 20}, 7)],
)
def test_a_region_is_ready_for_an_image_once_that_or_a_newer_one_has_soaked(
    days_ago: dict[str, float], days_to_wait: int
) -> None:
    lowest, newest = NodeImage.parse(JULY_2), NodeImage.parse(JULY_9)

    ready_at = a_soak(7, seen(days_ago)).image_ready_at("westus2", lowest.version, newest)

    assert ready_at == NOW + timedelta(days=days_to_wait)


def test_a_withdrawn_image_makes_no_region_ready() -> None:
    soak = a_soak(7, seen({JULY_2: 3, JULY_9: 30}))
    newest = NodeImage.parse(JULY_2)

    assert soak.image_ready_at("westus2", newest.version, newest) == NOW + timedelta(days=4)


def soaked(first_seen: FirstSeen, *, cluster: str = "1.35.4", channel: Channel = Channel.RAPID) -> Decision:
    """The decision on a cluster in a region that offers 1.34.8, 1.34.9, 1.35.5 and 1.35.6."""
    catalog = a_catalog(a_region("1.34.8", "1.34.9", "1.35.5", "1.35.6"))
    return decide(
        facts(a_profile(channel), [a_member(a_cluster(cluster))], catalog, policy=WEEK, first_seen=first_seen)
    )


def test_the_newest_version_that_has_soaked_is_the_target() -> None:
    decision = soaked(seen({"1.35.5": 8, "1.35.6": 3}))

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert target_of(decision) == "1.35.5"


def test_a_cluster_at_the_newest_soaked_version_waits_and_the_sentence_says_until_when() -> None:
    decision = soaked(seen({"1.35.5": 8, "1.35.6": 3}), cluster="1.35.5")

    assert verdict(decision) == (Outcome.WAITING, Reason.SOAKING)
    assert decision.sentence == "1.35.6 would be next; by the soak it is used from 2026-08-07 06:00 UTC on."
    assert decision.until == NOW + timedelta(days=4)
    assert target_of(decision) == "1.35.5"


def test_where_nothing_has_soaked_yet_everything_waits() -> None:
    decision = soaked({})

    assert verdict(decision) == (Outcome.WAITING, Reason.SOAKING)
    assert decision.sentence == "1.35.6 would be next; by the soak it is used from 2026-08-10 06:00 UTC on."
    assert decision.until == NOW + timedelta(days=7)
    assert decision.target is None


def test_a_cluster_that_has_the_newest_version_already_waits_for_nothing() -> None:
    decision = soaked(seen({"1.35.6": 8}), cluster="1.35.6")

    assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)


def test_a_new_minor_becomes_n_once_it_has_soaked() -> None:
    """Until then Stable stays where it is, and says when it moves, which is not when its own version has soaked."""
    first_seen = seen({"1.33.12": 90, "1.34.8": 60, "1.34.9": 60, "1.35.5": 2, "1.35.6": 1})
    catalog = a_catalog(a_region("1.33.12", "1.34.8", "1.34.9", "1.35.5", "1.35.6"))

    decision = decide(
        facts(
            a_profile(Channel.STABLE),
            [a_member(a_cluster("1.33.12"))],
            catalog,
            policy=WEEK,
            first_seen=first_seen,
        )
    )

    assert verdict(decision) == (Outcome.WAITING, Reason.SOAKING)
    assert target_of(decision) == "1.33.12"
    assert decision.sentence == "1.34.9 would be next; by the soak it is used from 2026-08-08 06:00 UTC on."


def test_a_channel_that_is_blocked_with_and_without_the_soak_says_why_and_not_that_it_soaks() -> None:
    profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.37")

    decision = decide(facts(profile, policy=WEEK, first_seen=seen({"1.35.5": 8, "1.35.6": 8})))

    assert decision.reason is Reason.TARGET_MINOR_NOT_RELEASED


def two_regions(rule: str, west: dict[str, float], east: dict[str, float]) -> Decision:
    members = [a_member(), a_member(a_cluster(name="two", region="eastus"), name="two")]
    catalog = a_catalog(a_region("1.35.5", "1.35.6"), a_region("1.35.5", "1.35.6", name="eastus"))
    first_seen = seen(west) | seen(east, region="eastus")
    return decide(
        facts(members=members, catalog=catalog, policy={**WEEK, "regions": rule}, first_seen=first_seen),
    )


def test_under_common_a_version_has_to_soak_in_every_region() -> None:
    decision = two_regions("common", {"1.35.5": 30, "1.35.6": 9}, {"1.35.5": 30, "1.35.6": 2})

    assert verdict(decision) == (Outcome.WAITING, Reason.SOAKING)
    assert "2026-08-08" in decision.sentence


def test_under_any_it_has_to_soak_in_one() -> None:
    soaked_in_one = two_regions("any", {"1.35.5": 30, "1.35.6": 9}, {"1.35.5": 30, "1.35.6": 2})
    soaked_in_none = two_regions("any", {"1.35.5": 30, "1.35.6": 4}, {"1.35.5": 30, "1.35.6": 2})

    assert verdict(soaked_in_one) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert soaked_in_none.reason is Reason.SOAKING
    assert "2026-08-06" in soaked_in_none.sentence


def test_a_region_that_has_lost_the_version_does_not_decide_when_it_has_soaked() -> None:
    members = [a_member(), a_member(a_cluster(name="two", region="eastus"), name="two")]
    catalog = a_catalog(a_region("1.35.5"), a_region("1.35.5", "1.35.6", name="eastus"))
    first_seen = seen({"1.35.5": 30, "1.35.6": 30}) | seen({"1.35.5": 30, "1.35.6": 2}, region="eastus")

    decision = decide(facts(members=members, catalog=catalog, policy={**WEEK, "regions": "any"}, first_seen=first_seen))

    assert "2026-08-08" in decision.sentence


def test_an_lts_target_soaks_on_the_lts_plan() -> None:
    profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.30", long_term_support=True)
    catalog = a_catalog(a_region("1.30.100", "1.30.101", "1.35.6", plans={"1.30": LTS_ONLY}))
    member = a_member(a_cluster("1.30.14", plan=LTS))
    official = seen({"1.35.6": 30})["westus2"]
    on_plan = {**official, **seen({"1.30.100": 9, "1.30.101": 1}, plan=LTS)["westus2"]}
    on_the_other = {**official, **seen({"1.30.100": 9})["westus2"]}

    soaked_there = decide(facts(profile, [member], catalog, policy=WEEK, first_seen={"westus2": on_plan}))
    soaked_elsewhere = decide(facts(profile, [member], catalog, policy=WEEK, first_seen={"westus2": on_the_other}))

    assert target_of(soaked_there) == "1.30.100"
    assert soaked_elsewhere.reason is Reason.SOAKING


def test_a_patch_on_both_plans_soaks_on_each_by_itself() -> None:
    catalog = a_catalog(a_region("1.35.6", plans={"1.35": BOTH_PLANS}))

    decision = decide(facts(catalog=catalog, policy=WEEK, first_seen=seen({"1.35.6": 9}, plan=LTS)))

    assert decision.reason is Reason.SOAKING


class TestImages:
    """The NodeImage channel under a soak."""

    profile = a_profile(Channel.NODE_IMAGE)
    old = a_member(a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1")]))

    def decided(self, days_ago: dict[str, float]) -> Decision:
        return decide(facts(self.profile, [self.old], policy=WEEK, first_seen=seen(days_ago)))

    def test_an_older_image_that_has_soaked_is_named_by_the_run_since_fleet_would_pick_the_newest(self) -> None:
        decision = self.decided({JULY_2: 14, JULY_9: 3})

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == JULY_2
        assert specification_of(decision).node_image_selection is NodeImageSelection.CUSTOM
        assert [str(image) for image in specification_of(decision).node_images] == [JULY_2]

    def test_the_newest_image_is_left_to_fleet_once_it_has_soaked(self) -> None:
        decision = self.decided({JULY_2: 14, JULY_9: 7})

        assert target_of(decision) == JULY_9
        assert specification_of(decision).node_image_selection is NodeImageSelection.CONSISTENT

    def test_an_image_of_a_longer_family_that_begins_alike_counts_for_neither(self) -> None:
        assert target_of(self.decided({f"{UBUNTU}-fips-202607.02.0": 30, JULY_2: 14, JULY_9: 3})) == JULY_2

    def test_where_no_image_has_soaked_everything_waits_and_the_sentence_says_until_when(self) -> None:
        decision = self.decided({JULY_9: 3})

        assert verdict(decision) == (Outcome.WAITING, Reason.SOAKING)
        assert decision.sentence == f"{JULY_9} would be next; by the soak it is used from 2026-08-07 06:00 UTC on."

    def test_a_region_that_never_listed_the_common_image_soaks_by_its_newer_one(self) -> None:
        """West jumped to 9 July at once, so 2 July was never seen there; what it offers now has to soak."""
        members = [
            self.old,
            a_member(a_cluster(name="two", region="eastus", pools=[a_pool(f"{UBUNTU}-202606.08.1")]), name="two"),
        ]
        catalog = a_catalog(
            a_region(images={UBUNTU: "202607.09.0"}), a_region(name="eastus", images={UBUNTU: "202607.02.0"})
        )
        first_seen = seen({JULY_9: 5}) | seen({JULY_2: 9}, region="eastus")

        decision = decide(facts(self.profile, members, catalog, policy=WEEK, first_seen=first_seen))

        assert decision.sentence == f"{JULY_2} would be next; by the soak it is used from 2026-08-05 06:00 UTC on."

    def test_a_family_is_not_held_up_by_the_soak_of_another(self) -> None:
        windows = a_cluster(name="two", pools=[a_pool(f"{WINDOWS}-26100.7462.251212")])
        members = [self.old, a_member(windows, name="two")]
        catalog = a_catalog(a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}))
        first_seen = seen({JULY_9: 9, f"{WINDOWS}-26100.33158.260715": 1})

        decision = decide(facts(self.profile, members, catalog, policy=WEEK, first_seen=first_seen))

        assert target_of(decision) == JULY_9
        assert specification_of(decision).node_image_selection is NodeImageSelection.CUSTOM
