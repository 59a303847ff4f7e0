"""Consistent images: per family, what every region with such a pool offers."""

from __future__ import annotations

from datetime import timedelta

from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.fleet import Cluster
from shared.core.model.profile import Channel
from shared.core.model.unknown import Absent, Unknown, Unparsed
from shared.core.planner import decide
from shared.core.reasons import CandidateReason
from shared.core.releases.soak import Soak
from shared.core.targets.node_images import NodeImageCandidates, find_node_images
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

OLD = "A"
JULY_2, JULY_9 = f"{UBUNTU}-202607.02.0", f"{UBUNTU}-202607.09.0"
SPREAD = [a_cluster(), a_cluster(name="two", region="eastus"), a_cluster(name="three", region="uksouth")]


def two_regions(one: str, other: str, family: str = UBUNTU) -> tuple[list[Cluster], list[RegionCatalog]]:
    pools = [a_pool(f"{family}-{one}")]
    clusters = [a_cluster(pools=pools), a_cluster(name="two", region="eastus", pools=pools)]
    regions = [a_region(images={family: one}), a_region(name="eastus", images={family: other})]
    return clusters, regions


def found(clusters: list[Cluster], regions: list[RegionCatalog], days_later: int = 0) -> NodeImageCandidates:
    soak = a_soak(now=NOW + timedelta(days=days_later))
    return find_node_images(clusters, a_catalog(*regions), soak)


def test_the_lowest_of_the_regions_newest_is_chosen() -> None:
    chosen = found(*two_regions("2021.10.12", "2021.10.17", family=OLD), days_later=-1750)

    assert [str(image) for image in chosen.accepted] == ["A-2021.10.12"]


def test_families_are_chosen_by_themselves() -> None:
    clusters = [
        a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1")]),
        a_cluster(name="two", region="eastus", pools=[a_pool(f"{WINDOWS}-26100.7462.251212")]),
    ]
    regions = [
        a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.1.260101"}),
        a_region(name="eastus", images={WINDOWS: "26100.33158.260715", UBUNTU: "202601.01.0"}),
    ]

    assert [str(image) for image in found(clusters, regions).accepted] == [
        f"{UBUNTU}-202607.09.0",
        f"{WINDOWS}-26100.33158.260715",
    ]


def test_an_image_of_90_days_is_a_target_and_one_of_91_is_not() -> None:
    clusters, regions = two_regions("202607.09.0", "202607.09.0")
    age = (NOW.date() - found(clusters, regions).accepted[0].version.released).days

    assert found(clusters, regions, 90 - age).accepted
    assert not found(clusters, regions, 91 - age).accepted
    assert [str(image) for image in found(clusters, regions, 91 - age).too_old] == [f"{UBUNTU}-202607.09.0"]


def test_a_family_that_could_not_be_read_has_no_candidate_and_the_region_is_named() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")
    regions = [a_region(), a_region(name="eastus", images={UBUNTU: Unknown("it did not answer")})]

    assert found(clusters, regions) == NodeImageCandidates(
        accepted=(), unread={UBUNTU: f"The newest {UBUNTU} image in eastus could not be read: it did not answer."}
    )


def test_a_family_that_was_not_asked_for_could_not_be_read() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")

    assert UBUNTU in found(clusters, [a_region(), a_region(name="eastus", images={})]).unread


def test_a_family_that_could_not_be_read_spoils_no_other() -> None:
    pools = [a_pool(), a_pool(f"{WINDOWS}-26100.7462.251212", name="windows")]
    offered: dict[str, str | Unknown] = {UBUNTU: "202607.09.0", WINDOWS: Unknown("it did not answer")}

    chosen = found([a_cluster(pools=pools)], [a_region(images=offered)])

    assert [str(image) for image in chosen.accepted] == [JULY_9]
    assert set(chosen.unread) == {WINDOWS}
    offered = {UBUNTU: Unknown("it did not answer"), WINDOWS: "26100.33158.260715"}
    assert [image.family for image in found([a_cluster(pools=pools)], [a_region(images=offered)]).accepted] == [WINDOWS]


def test_a_region_without_an_image_of_the_family_does_not_count() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")

    chosen = found(clusters, [a_region(), a_region(name="eastus", images={UBUNTU: Absent()})])

    assert [str(image) for image in chosen.accepted] == [JULY_9]
    assert chosen.unread == {}


def test_a_family_without_an_image_in_any_region_has_no_candidate() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")
    regions = [a_region(images={UBUNTU: Absent()}), a_region(name="eastus", images={UBUNTU: Absent()})]

    assert found(clusters, regions) == NodeImageCandidates(accepted=())


def test_a_pool_whose_image_cannot_be_parsed_asks_for_no_family() -> None:
    assert found([a_cluster(pools=[a_pool(Unparsed("odd"))])], [a_region()]).accepted == ()


def test_a_family_of_which_nothing_has_soaked_holds_back_no_other() -> None:
    newest = {UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}
    cluster = a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1"), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")])
    soak = a_soak(7, seen({f"{WINDOWS}-26100.33158.260715": 30}))

    chosen = find_node_images([cluster], a_catalog(a_region("1.35.5", images=newest)), soak)

    assert [str(image) for image in chosen.accepted] == [f"{WINDOWS}-26100.33158.260715"]
    assert [rejection.name for rejection in chosen.soaking] == [f"{UBUNTU}-202607.09.0"]


def test_an_image_that_has_soaked_but_is_too_old_by_now_is_no_target() -> None:
    cluster = a_cluster(pools=[a_pool(f"{UBUNTU}-202602.13.0")])
    soak = a_soak(7, seen({f"{UBUNTU}-202603.18.0": 100, f"{UBUNTU}-202607.09.0": 1}))

    chosen = find_node_images([cluster], a_catalog(a_region("1.35.5", images={UBUNTU: "202607.09.0"})), soak)

    assert chosen.accepted == ()
    assert [str(image) for image in chosen.too_old] == [f"{UBUNTU}-202603.18.0"]
    assert [rejection.name for rejection in chosen.soaking] == [f"{UBUNTU}-202607.09.0"]


def rejected(catalog: Catalog, soak: Soak | None = None) -> list[tuple[str, CandidateReason, str]]:
    clusters = [cluster for cluster in SPREAD if cluster.region in catalog.regions]
    return shown(find_node_images(clusters, catalog, soak or a_soak()))


def shown(found: NodeImageCandidates) -> list[tuple[str, CandidateReason, str]]:
    return [(rejection.name, rejection.reason, rejection.sentence) for rejection in found.rejected]


def regions(west: str, east: str) -> Catalog:
    return a_catalog(a_region(images={UBUNTU: west}), a_region(name="eastus", images={UBUNTU: east}))


def test_nothing_is_rejected_where_every_region_offers_the_same() -> None:
    assert rejected(regions("202607.09.0", "202607.09.0")) == []


def test_an_image_that_some_regions_lack_is_rejected_and_they_are_named() -> None:
    catalog = a_catalog(
        a_region(images={UBUNTU: "202607.09.0"}),
        a_region(name="eastus", images={UBUNTU: "202607.02.0"}),
        a_region(name="uksouth", images={UBUNTU: "202607.02.0"}),
    )

    assert rejected(catalog) == [
        (JULY_9, CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus, uksouth."),
    ]


def test_an_image_that_has_not_soaked_is_rejected_as_such() -> None:
    soak = a_soak(7, seen({JULY_2: 14, JULY_9: 3}))

    assert rejected(a_catalog(a_region(images={UBUNTU: "202607.09.0"})), soak) == [
        (JULY_9, CandidateReason.STILL_SOAKING, "It has not soaked yet in every region."),
    ]


def test_where_nothing_has_soaked_every_image_is_rejected_the_highest_first() -> None:
    assert [found[:2] for found in rejected(regions("202607.09.0", "202607.02.0"), a_soak(7))] == [
        (JULY_9, CandidateReason.NOT_IN_EVERY_REGION),
        (JULY_2, CandidateReason.STILL_SOAKING),
    ]


def test_an_image_older_than_90_days_is_rejected_as_such() -> None:
    catalog = a_catalog(a_region(images={UBUNTU: "202607.09.0"}))

    assert rejected(catalog, a_soak(now=NOW + timedelta(days=90))) == [
        (JULY_9, CandidateReason.TOO_OLD, "Older than 90 days."),
    ]


def test_each_family_has_its_own_rejections() -> None:
    pools = [a_pool(), a_pool(f"{WINDOWS}-26100.7462.251212", name="windows")]
    clusters = [a_cluster(pools=pools), a_cluster(name="two", region="eastus", pools=pools)]
    catalog = a_catalog(
        a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.7462.260701"}),
        a_region(name="eastus", images={UBUNTU: "202607.02.0", WINDOWS: "26100.33158.260715"}),
    )

    assert shown(find_node_images(clusters, catalog, a_soak())) == [
        (JULY_9, CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in eastus."),
        (f"{WINDOWS}-26100.33158.260715", CandidateReason.NOT_IN_EVERY_REGION, "Not offered yet in westus2."),
    ]


def test_where_no_choice_could_be_made_the_regions_are_shown_all_the_same() -> None:
    region = a_region(images={UBUNTU: Unknown("it did not answer")})

    decision = decide(facts(a_profile(Channel.NODE_IMAGE), [a_member()], a_catalog(region)))

    assert decision.considered.regions == (region,)
    assert decision.considered.rejected == ()


def test_a_decision_names_the_images_that_were_rejected() -> None:
    members = [a_member(a_cluster()), a_member(a_cluster(name="two", region="eastus"), name="two")]
    west, east = a_region(images={UBUNTU: "202607.10.0"}), a_region(name="eastus", images={UBUNTU: "202607.09.0"})

    considered = decide(facts(a_profile(Channel.NODE_IMAGE), members, a_catalog(west, east))).considered

    assert considered.regions == (east, west)
    assert [found.name for found in considered.rejected] == [f"{UBUNTU}-202607.10.0"]


def test_of_images_that_some_regions_lack_the_highest_comes_first() -> None:
    catalog = a_catalog(
        a_region(images={UBUNTU: "202607.09.0"}),
        a_region(name="eastus", images={UBUNTU: "202606.08.1"}),
        a_region(name="uksouth", images={UBUNTU: "202607.02.0"}),
    )

    assert [sentence for _, _, sentence in rejected(catalog)] == [
        "Not offered yet in eastus, uksouth.",
        "Not offered yet in eastus.",
    ]


def test_an_image_soaks_until_every_region_has_it_or_a_newer_one() -> None:
    """West never listed 2 July, so its 9 July has to soak; in east 2 July is the newest."""
    soak = a_soak(7, seen({JULY_9: 5}) | seen({JULY_2: 4}, region="eastus"))
    clusters = [cluster for cluster in SPREAD if cluster.region != "uksouth"]

    found = find_node_images(clusters, regions("202607.09.0", "202607.02.0"), soak)

    assert [(rejection.name, rejection.until) for rejection in found.soaking] == [(JULY_2, NOW + timedelta(days=3))]
