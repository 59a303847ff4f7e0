"""Why node images newer than the chosen ones were passed over."""

from __future__ import annotations

from datetime import timedelta

from shared.core.model.catalog import Catalog
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.core.planner import decide
from shared.core.reasons import CandidateReason
from shared.core.releases.soak import Soak
from shared.core.targets.considered_images import consider_images
from shared.core.targets.node_image_choice import NodeImageChoice, choose_node_images
from shared.core.targets.target import PassedOver
from tests.app.builders import (
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

JULY_2, JULY_9 = f"{UBUNTU}-202607.02.0", f"{UBUNTU}-202607.09.0"
CLUSTERS = [a_cluster(), a_cluster(name="two", region="eastus"), a_cluster(name="three", region="uksouth")]


def passed_over(catalog: Catalog, soak: Soak | None = None) -> tuple[PassedOver, ...]:
    clusters = [cluster for cluster in CLUSTERS if cluster.region in catalog.regions]
    choice = choose_node_images(clusters, catalog, soak or a_soak())
    assert isinstance(choice, NodeImageChoice)
    return consider_images(clusters, list(catalog.regions), catalog, choice).passed_over


def regions(west: str, east: str) -> Catalog:
    return a_catalog(a_region(images={UBUNTU: west}), a_region(name="eastus", images={UBUNTU: east}))


def test_nothing_is_passed_over_where_every_region_offers_the_same() -> None:
    assert passed_over(regions("202607.09.0", "202607.09.0")) == ()


def test_an_image_that_some_regions_lack_is_passed_over_and_they_are_named() -> None:
    catalog = a_catalog(
        a_region(images={UBUNTU: "202607.09.0"}),
        a_region(name="eastus", images={UBUNTU: "202607.02.0"}),
        a_region(name="uksouth", images={UBUNTU: "202607.02.0"}),
    )

    assert passed_over(catalog) == (
        PassedOver(JULY_9, CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus, uksouth."),
    )


def test_an_image_that_has_not_soaked_is_passed_over_as_such() -> None:
    soak = a_soak(7, seen({JULY_2: 14, JULY_9: 3}))

    assert passed_over(a_catalog(a_region(images={UBUNTU: "202607.09.0"})), soak) == (
        PassedOver(JULY_9, CandidateReason.STILL_SOAKING, "It has not soaked yet in every region."),
    )


def test_where_nothing_has_soaked_every_image_was_passed_over_the_highest_first() -> None:
    assert [(found.name, found.reason) for found in passed_over(regions("202607.09.0", "202607.02.0"), a_soak(7))] == [
        (JULY_9, CandidateReason.NOT_IN_EVERY_REGION),
        (JULY_2, CandidateReason.STILL_SOAKING),
    ]


def test_an_image_older_than_90_days_is_passed_over_as_such() -> None:
    catalog = a_catalog(a_region(images={UBUNTU: "202607.09.0"}))

    assert passed_over(catalog, a_soak(now=NOW + timedelta(days=90))) == (
        PassedOver(JULY_9, CandidateReason.TOO_OLD, "Older than 90 days."),
    )


def test_families_are_considered_by_themselves() -> None:
    pools = [a_pool(), a_pool(f"{WINDOWS}-26100.7462.251212", name="windows")]
    clusters = [a_cluster(pools=pools), a_cluster(name="two", region="eastus", pools=pools)]
    catalog = a_catalog(
        a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.7462.260701"}),
        a_region(name="eastus", images={UBUNTU: "202607.02.0", WINDOWS: "26100.33158.260715"}),
    )

    choice = choose_node_images(clusters, catalog, a_soak())
    assert isinstance(choice, NodeImageChoice)
    found = consider_images(clusters, ["eastus", "westus2"], catalog, choice)

    assert found.passed_over == (
        PassedOver(JULY_9, CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus."),
        PassedOver(f"{WINDOWS}-26100.33158.260715", CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in westus2."),
    )


def test_where_no_choice_could_be_made_the_regions_are_shown_all_the_same() -> None:
    region = a_region(images={UBUNTU: Unknown("it did not answer")})

    decision = decide(facts(a_profile(Channel.NODE_IMAGE), [a_member()], a_catalog(region)))

    assert decision.considered.regions == (region,)
    assert decision.considered.passed_over == ()


def test_a_decision_tells_which_images_were_passed_over() -> None:
    members = [a_member(a_cluster()), a_member(a_cluster(name="two", region="eastus"), name="two")]

    decision = decide(facts(a_profile(Channel.NODE_IMAGE), members, regions("202607.10.0", "202607.09.0")))

    assert [found.name for found in decision.considered.passed_over] == [f"{UBUNTU}-202607.10.0"]
