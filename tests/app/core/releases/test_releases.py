"""What is new in a region, and whom to ask what it offers."""

from __future__ import annotations

from dataclasses import replace

from shared.core.model.catalog_needs import POOLS_IN_RESERVE, find_needs
from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Absent, Unknown, Unparsed
from shared.core.releases.releases import Release, find_new_releases, releases_of
from tests.app.builders import BOTH_PLANS, LTS_ONLY, UBUNTU, a_cluster, a_pool, a_region


def test_a_patch_is_a_release_on_each_plan_that_offers_it() -> None:
    region = a_region("1.33.5", "1.33.100", plans={"1.33": BOTH_PLANS}, images={})

    assert {release.key for release in releases_of(region)} == {
        "KubernetesVersion 1.33.5 KubernetesOfficial",
        "KubernetesVersion 1.33.5 AKSLongTermSupport",
        "KubernetesVersion 1.33.100 AKSLongTermSupport",
    }


def test_a_preview_is_no_release_and_leaving_it_is_one() -> None:
    preview, released = (a_region("1.36.0", previews=previews, images={}) for previews in (["1.36"], []))
    known = {release.key for release in releases_of(preview)}

    assert known == set()
    assert [release.name for release in find_new_releases(released, known).releases] == ["1.36.0"]


def test_a_version_that_moves_to_another_plan_is_new_there() -> None:
    before, after = a_region("1.33.5", images={}), a_region("1.33.5", plans={"1.33": LTS_ONLY}, images={})
    known = {release.key for release in releases_of(before)}

    assert [release.plan for release in find_new_releases(after, known).releases] == ["AKSLongTermSupport"]


def test_an_image_is_a_release_and_one_that_is_known_is_not_new() -> None:
    region = a_region("1.35.5")
    image = Release("NodeImage", f"{UBUNTU}-202607.09.0")

    assert image in releases_of(region)
    assert find_new_releases(region, {release.key for release in releases_of(region)}).releases == ()


def test_what_could_not_be_read_is_neither_new_nor_withdrawn() -> None:
    region = replace(a_region("1.35.5", images={UBUNTU: Unknown("no answer")}), kubernetes=Unknown("no answer"))

    assert releases_of(region) == frozenset()


def test_new_releases_name_each_version_once_for_people() -> None:
    region = a_region("1.33.5", plans={"1.33": BOTH_PLANS}, images={})

    assert find_new_releases(region, set()).names("KubernetesVersion") == ["1.33.5"]


def test_one_pool_a_region_and_family_is_asked_and_few_are_kept_in_reserve() -> None:
    clusters = [a_cluster(name=f"c{number}") for number in range(POOLS_IN_RESERVE + 2)]
    [needs] = find_needs(clusters).values()

    assert needs.subscription == "s"
    assert [reference.cluster_id.name for reference in needs.families[UBUNTU]] == ["c0", "c1", "c2"]


def test_running_clusters_are_asked_before_stopped_ones() -> None:
    clusters = [a_cluster(name="a", stopped=True), a_cluster(name="b")]

    [needs] = find_needs(clusters).values()

    assert [reference.cluster_id.name for reference in needs.families[UBUNTU]] == ["b", "a"]


def test_every_region_is_asked_and_a_pool_of_unknown_family_is_not() -> None:
    clusters = [a_cluster(), a_cluster(name="two", region="eastus", pools=[a_pool(Unparsed("odd"))])]

    needs = find_needs(clusters)

    assert sorted(needs) == ["eastus", "westus2"]
    assert needs["eastus"].families == {}


def test_other_subscriptions_of_a_region_are_kept_in_reserve() -> None:
    def cluster(subscription: str) -> Cluster:
        text = a_cluster().id.text.replace("/subscriptions/s/", f"/subscriptions/{subscription}/")
        return replace(a_cluster(), id=ResourceId.parse(text))

    [needs] = find_needs(map(cluster, ("d", "b", "B", "a", "c"))).values()

    assert (needs.subscription, needs.other_subscriptions) == ("a", ("b", "c"))


def test_a_family_without_an_image_is_no_release() -> None:
    assert releases_of(a_region(images={UBUNTU: Absent()})) == frozenset()
