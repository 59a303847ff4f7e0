"""Consistent images: per family, what every region with such a pool offers."""

from __future__ import annotations

from datetime import timedelta

from shared.core.model.catalog import RegionCatalog
from shared.core.model.fleet import Cluster
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.reasons import Reason, Verdict
from shared.core.targets.node_image_choice import NodeImageChoice, choose_node_images
from tests.app.builders import NOW, UBUNTU, WINDOWS, a_catalog, a_cluster, a_pool, a_region, a_soak, seen

OLD = "A"


def two_regions(one: str, other: str, family: str = UBUNTU) -> tuple[list[Cluster], list[RegionCatalog]]:
    pools = [a_pool(f"{family}-{one}")]
    clusters = [a_cluster(pools=pools), a_cluster(name="two", region="eastus", pools=pools)]
    regions = [a_region(images={family: one}), a_region(name="eastus", images={family: other})]
    return clusters, regions


def choice(clusters: list[Cluster], regions: list[RegionCatalog], days_later: int = 0) -> NodeImageChoice:
    soak = a_soak(now=NOW + timedelta(days=days_later))
    chosen = choose_node_images(clusters, a_catalog(*regions), soak)
    assert isinstance(chosen, NodeImageChoice)
    return chosen


def test_the_lowest_of_the_regions_newest_is_chosen() -> None:
    chosen = choice(*two_regions("2021.10.12", "2021.10.17", family=OLD), days_later=-1750)

    assert [str(image) for image in chosen.images] == ["A-2021.10.12"]


def test_families_are_chosen_by_themselves() -> None:
    clusters = [
        a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1")]),
        a_cluster(name="two", region="eastus", pools=[a_pool(f"{WINDOWS}-26100.7462.251212")]),
    ]
    regions = [
        a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.1.260101"}),
        a_region(name="eastus", images={WINDOWS: "26100.33158.260715", UBUNTU: "202601.01.0"}),
    ]

    assert [str(image) for image in choice(clusters, regions).images] == [
        f"{UBUNTU}-202607.09.0",
        f"{WINDOWS}-26100.33158.260715",
    ]


def test_an_image_of_90_days_is_a_target_and_one_of_91_is_not() -> None:
    clusters, regions = two_regions("202607.09.0", "202607.09.0")
    age = (NOW.date() - choice(clusters, regions).images[0].version.released).days

    assert choice(clusters, regions, 90 - age).images
    assert not choice(clusters, regions, 91 - age).images
    assert [str(image) for image in choice(clusters, regions, 91 - age).too_old] == [f"{UBUNTU}-202607.09.0"]


def test_a_region_that_could_not_say_blocks_and_is_named() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")
    regions = [a_region(), a_region(name="eastus", images={UBUNTU: Unknown("it did not answer")})]

    refused = choose_node_images(clusters, a_catalog(*regions), a_soak())

    assert isinstance(refused, Verdict)
    assert refused.reason is Reason.CATALOG_UNKNOWN
    assert "eastus" in refused.sentence


def test_a_family_that_was_not_asked_for_blocks() -> None:
    clusters, _ = two_regions("202607.09.0", "202607.09.0")

    catalog = a_catalog(a_region(), a_region(name="eastus", images={}))

    assert isinstance(choose_node_images(clusters, catalog, a_soak()), Verdict)


def test_a_pool_whose_image_cannot_be_parsed_asks_for_no_family() -> None:
    assert choice([a_cluster(pools=[a_pool(Unparsed("odd"))])], [a_region()]).images == ()


def test_a_family_of_which_nothing_has_soaked_holds_back_no_other() -> None:
    newest = {UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}
    cluster = a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1"), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")])
    soak = a_soak(7, seen({f"{WINDOWS}-26100.33158.260715": 30}))

    chosen = choose_node_images([cluster], a_catalog(a_region("1.35.5", images=newest)), soak)

    assert isinstance(chosen, NodeImageChoice)
    assert [str(image) for image in chosen.images] == [f"{WINDOWS}-26100.33158.260715"]
    assert [str(image) for image in chosen.soaking] == [f"{UBUNTU}-202607.09.0"]


def test_an_image_that_has_soaked_but_is_too_old_by_now_is_no_target() -> None:
    cluster = a_cluster(pools=[a_pool(f"{UBUNTU}-202602.13.0")])
    soak = a_soak(7, seen({f"{UBUNTU}-202603.18.0": 100, f"{UBUNTU}-202607.09.0": 1}))

    chosen = choose_node_images([cluster], a_catalog(a_region("1.35.5", images={UBUNTU: "202607.09.0"})), soak)

    assert isinstance(chosen, NodeImageChoice)
    assert chosen.images == ()
    assert [str(image) for image in chosen.too_old] == [f"{UBUNTU}-202603.18.0"]
    assert [str(image) for image in chosen.soaking] == [f"{UBUNTU}-202607.09.0"]
