"""How far a profile's clusters are behind: who counts, how many versions, and since when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.core.facts import Facts
from shared.core.lag import Lag, lag_of
from shared.core.model.catalog import Catalog, SupportPlan
from shared.core.model.fleet import Cluster, Member
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.planner import decide
from shared.core.releases.releases import FirstSeen
from tests.app.builders import (
    BOTH_PLANS,
    LTS_ONLY,
    NOW,
    OFFICIAL,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    a_strategy,
    facts,
    seen,
)
from tests.app.core.reading import target_of

LTS = SupportPlan.AKS_LONG_TERM_SUPPORT
NODE_IMAGES = a_profile(Channel.NODE_IMAGE)
JUNE = f"{UBUNTU}-202606.08.1"
STEPWISE = {"catch-up": "stepwise"}


def lag(given: Facts) -> Lag:
    return lag_of(decide(given), given.fleet, given.catalog, given.first_seen)


def a_named(cluster: Cluster) -> Member:
    return a_member(cluster, name=cluster.id.name)


def test_a_profile_without_a_target_has_no_lag() -> None:
    assert lag(facts(catalog=a_catalog(a_region(name="eastus")))) == Lag()


def test_a_cluster_at_the_target_or_beyond_it_is_not_behind() -> None:
    there, ahead = a_cluster("1.35.6", name="there"), a_cluster("1.35.7", name="ahead")

    given = facts(members=[a_named(there), a_named(ahead)], first_seen=seen({"1.35.6": 9}))

    assert lag(given) == Lag(clusters=2)


@pytest.mark.parametrize(
    ("cluster", "is_behind"),
    [
        (a_cluster("1.35.5"), True),
        (a_cluster("1.35.5", stopped=True), True),
        (a_cluster("1.35.5", provisioning_state="Failed"), True),
        (a_cluster("1.35.6", provisioning_state="Failed"), False),
        (a_cluster("1.33.1"), True),
        (a_cluster("1.35.5", auto_provisioning=True), True),
        (a_cluster("1.35.6", pools=[a_pool(version="1.35.5")]), True),
        (a_cluster("1.35.6", stopped=True), False),
        (a_cluster(Unparsed("odd")), False),
        (a_cluster("1.35.5", pools=[a_pool(version=Unparsed("odd"))]), False),
    ],
)
def test_a_cluster_known_to_be_below_the_target_is_behind_even_if_it_is_blocked(
    cluster: Cluster, *, is_behind: bool
) -> None:
    assert lag(facts(members=[a_member(cluster)])).clusters_behind == (1 if is_behind else 0)


@pytest.mark.parametrize("member", [a_member(Unknown("no answer")), a_member(a_cluster("1.20.1"), state="Joining")])
def test_a_cluster_that_cannot_be_read_or_has_not_joined_is_in_the_scope_and_not_behind(member: Member) -> None:
    """Nor is it out of support: it is not known on which version it is, or not yet the fleet's to upgrade."""
    given = facts(members=[member, a_member(a_cluster("1.35.6", name="two"), name="two")])

    assert lag(given) == Lag(clusters=2)


def test_clusters_outside_the_strategys_groups_do_not_count() -> None:
    old = a_member(a_cluster("1.20.1", name="two"), name="two", group="others")
    given = facts(a_profile(strategy="strategy"), [a_member(), old], strategies=[a_strategy("all")])

    assert lag(given) == Lag(clusters=1, clusters_behind=1, versions_behind=1)


@pytest.mark.parametrize(
    ("cluster", "versions"),
    [
        (a_cluster("1.35.5"), 1),
        (a_cluster("1.34.9"), 2),
        (a_cluster("1.34.8"), 3),
        (a_cluster("1.35.6", pools=[a_pool(version="1.34.8")]), 1),
    ],
)
def test_patches_and_minors_that_the_clusters_region_offers_up_to_the_target_are_counted(
    cluster: Cluster, versions: int
) -> None:
    """A preview, a patch on the other plan and what only this region has beyond the target are none it has missed."""
    west = a_region(
        *("1.34.8", "1.34.9", "1.34.100", "1.35.5", "1.35.6", "1.35.7", "1.36.0"),
        previews=["1.36"],
        plans={"1.34": BOTH_PLANS},
    )
    east = a_region("1.34.8", "1.35.6", name="eastus")
    there = a_member(a_cluster("1.35.6", name="two", region="eastus"), name="two")

    given = facts(members=[a_member(cluster), there], catalog=a_catalog(west, east))

    assert target_of(decide(given)) == "1.35.6"
    assert lag(given).versions_behind == versions


def test_the_cluster_that_is_furthest_behind_says_how_many_versions() -> None:
    catalog = a_catalog(a_region("1.34.9", "1.35.5", "1.35.6"))
    members = [a_named(a_cluster("1.35.5", name="one")), a_named(a_cluster("1.34.9", name="two"))]

    assert lag(facts(members=members, catalog=catalog)) == Lag(clusters=2, clusters_behind=2, versions_behind=2)


def test_in_a_region_that_could_not_be_read_one_version_is_missing_at_least_and_nothing_is_out_of_support() -> None:
    given = facts(members=[a_member(a_cluster("1.32.1"))])

    assert lag_of(decide(given), given.fleet, Catalog({}), {}) == Lag(1, 1, versions_behind=1)


def test_an_lts_target_is_counted_on_its_plan() -> None:
    profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.30", long_term_support=True)
    catalog = a_catalog(a_region("1.30.99", "1.30.100", "1.30.101", "1.35.6", plans={"1.30": LTS_ONLY}))
    member = a_member(a_cluster("1.30.14", plan=LTS))

    given = facts(profile, [member], catalog, first_seen=seen({"1.30.101": 3}, plan=LTS))

    assert lag(given) == Lag(1, 1, versions_behind=3, since=NOW - timedelta(days=3))


class TestSteps:
    """Under stepwise catching up, clusters are held against what the steps lead to."""

    def given(self, *members: Member, plans: frozenset[SupportPlan]) -> Facts:
        """In a region whose oldest minor, 1.33, is on the plans."""
        return facts(
            members=members,
            catalog=a_catalog(a_region("1.33.1", "1.34.8", "1.35.5", "1.35.6", plans={"1.33": plans})),
            policy=STEPWISE,
            first_seen=seen({"1.34.8": 60, "1.35.6": 7}),
        )

    def test_a_cluster_that_waits_at_the_step_for_the_others_is_behind_too(self) -> None:
        versions = ("1.33.1", "1.34.8", "1.35.6")
        given = self.given(*(a_named(a_cluster(one, name=f"on-{one}")) for one in versions), plans=OFFICIAL)

        assert target_of(decide(given)) == "1.34.8"
        assert lag(given) == Lag(3, 2, versions_behind=3, since=NOW - timedelta(days=7))

    def test_a_step_on_the_lts_plan_leads_to_a_version_on_the_other_one(self) -> None:
        given = self.given(a_member(a_cluster("1.32.1", plan=LTS)), plans=LTS_ONLY)

        assert target_of(decide(given)) == "1.33.1"
        assert lag(given) == Lag(1, 1, versions_behind=4, since=NOW - timedelta(days=7), out_of_support=1)


class TestNodeImages:
    """A node image has no versions in between."""

    def test_a_cluster_below_the_newest_image_is_one_version_behind(self) -> None:
        given = facts(
            NODE_IMAGES,
            [a_member(a_cluster(pools=[a_pool(JUNE)]))],
            first_seen=seen({JUNE: 50, f"{UBUNTU}-202607.09.0": 6, "1.35.6": 1}),
        )

        assert lag(given) == Lag(1, 1, 1, NOW - timedelta(days=6))

    def test_all_families_have_to_be_there(self) -> None:
        windows = f"{WINDOWS}-26100.33158.260715"
        catalog = a_catalog(a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}))
        cluster = a_cluster(pools=[a_pool(JUNE), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")])
        first_seen = seen({f"{UBUNTU}-202607.09.0": 6, windows: 2})

        assert lag(facts(NODE_IMAGES, [a_member(cluster)], catalog, first_seen=first_seen)).days(NOW) == 2.0

    def test_nodes_that_auto_provisioning_manages_are_no_lag(self) -> None:
        cluster = a_cluster(auto_provisioning=True, pools=[a_pool(JUNE)])

        assert lag(facts(NODE_IMAGES, [a_member(cluster)])) == Lag(clusters=1)

    def test_a_pool_whose_image_is_not_known_is_not_behind(self) -> None:
        assert lag(facts(NODE_IMAGES, [a_member(a_cluster(pools=[a_pool(None)]))])) == Lag(clusters=1)


class TestSince:
    """Since when the target could be used, as far as is remembered."""

    members = (a_member(), a_member(a_cluster(name="two", region="eastus"), name="two"))
    catalog = a_catalog(a_region("1.35.5", "1.35.6"), a_region("1.35.5", "1.35.6", name="eastus"))

    @pytest.mark.parametrize(
        ("first_seen", "days"),
        [
            (seen({"1.35.6": 9}) | seen({"1.35.6": 4}, region="eastus"), 4.0),
            (seen({"1.35.6": 9}) | seen({"1.35.5": 4}, region="eastus"), 9.0),
            (seen({"1.35.6": 9}) | seen({"1.35.6": 0.5}, region="westeurope"), 9.0),
            (seen({"1.35.6": 9}, plan=LTS), 0.0),
            ({}, 0.0),
            (seen({"1.35.6": -1}), 0.0),
        ],
    )
    def test_it_is_when_the_last_region_of_the_scope_offered_it(self, first_seen: FirstSeen, days: float) -> None:
        assert lag(facts(members=self.members, catalog=self.catalog, first_seen=first_seen)).days(NOW) == days

    def test_without_anything_behind_there_is_none(self) -> None:
        given = facts(members=[a_member(a_cluster("1.35.6"))], first_seen=seen({"1.35.6": 9}))

        assert lag(given).since is None


@pytest.mark.parametrize(
    ("cluster", "out_of_support"),
    [
        (a_cluster("1.34.8"), 0),
        (a_cluster("1.33.1"), 1),
        (a_cluster("1.33.1", plan=LTS), 0),
        (a_cluster("1.32.1"), 1),
        (a_cluster("1.32.1", stopped=True), 1),
        (a_cluster("1.32.1", auto_provisioning=True), 1),
        (a_cluster(Unparsed("odd")), 0),
    ],
)
def test_a_cluster_is_out_of_support_if_its_region_does_not_list_its_minor_for_its_plan(
    cluster: Cluster, out_of_support: int
) -> None:
    """Also if another reason is shown."""
    catalog = a_catalog(a_region("1.33.1", "1.34.8", "1.35.6", plans={"1.33": LTS_ONLY, "1.34": BOTH_PLANS}))

    assert lag(facts(members=[a_member(cluster)], catalog=catalog)).out_of_support == out_of_support
