"""Laws that hold for any fleet and any catalog."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.catalog import OfferedMinor, RegionCatalog, SupportPlan
from shared.core.facts import Facts
from shared.core.fleet import Cluster, NodePool
from shared.core.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.planner import decide
from shared.core.profile import Channel
from shared.core.reason import MemberAction, Outcome
from tests.builders import FLEET, a_catalog, a_cluster, a_member, a_profile, facts

REGIONS = ("westus2", "eastus", "westeurope")
KUBERNETES_CHANNELS = (Channel.RAPID, Channel.STABLE, Channel.TARGET_KUBERNETES_VERSION)

minors = st.integers(29, 34)
patches = st.sampled_from([0, 1, 2, 5, 9, 10, 100, 101])


@st.composite
def offered_minors(draw: st.DrawFn, minor: int) -> OfferedMinor:
    plans = draw(st.sets(st.sampled_from(list(SupportPlan)), min_size=1))
    chosen = draw(st.sets(patches, min_size=1))
    versions = frozenset(KubernetesVersion(1, minor, patch) for patch in chosen)
    return OfferedMinor(MinorVersion(1, minor), frozenset(plans), draw(st.booleans()), versions)


@st.composite
def regions(draw: st.DrawFn, name: str) -> RegionCatalog:
    listed = draw(st.sets(minors, min_size=1))
    return RegionCatalog(name, {MinorVersion(1, minor): draw(offered_minors(minor)) for minor in listed})


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    channel = draw(st.sampled_from(KUBERNETES_CHANNELS))
    target = f"1.{draw(minors)}" if channel is Channel.TARGET_KUBERNETES_VERSION else None
    lts = channel is Channel.TARGET_KUBERNETES_VERSION and draw(st.booleans())
    members = []
    for number in range(draw(st.integers(1, 5))):
        name = f"m{number}"
        cluster = a_cluster(
            f"1.{draw(minors)}.{draw(patches)}",
            name=name,
            region=draw(st.sampled_from(REGIONS)),
            plan=draw(st.sampled_from(list(SupportPlan))),
            stopped=draw(st.booleans()),
        )
        members.append(a_member(cluster, name=name))
    catalog = a_catalog(*[draw(regions(region)) for region in REGIONS])
    return facts(a_profile(channel, target=target, long_term_support=lts), members, catalog)


def clusters_of(given_facts: Facts) -> dict[str, Cluster]:
    return {member.name: member.cluster for member in given_facts.fleet.members if isinstance(member.cluster, Cluster)}


@settings(derandomize=True, max_examples=300)
@given(situations())
def test_nobody_is_downgraded_or_taken_over_two_minors(situation: Facts) -> None:
    decision = decide(situation)
    for member in decision.members:
        if member.action is not MemberAction.UPGRADE:
            continue
        current = clusters_of(situation)[member.member].kubernetes_version
        assert decision.target is not None
        target = decision.target.kubernetes_version
        assert target is not None
        assert isinstance(current, KubernetesVersion)
        assert current < target
        assert target.minor - current.minor <= 1


@settings(derandomize=True, max_examples=300)
@given(situations())
def test_a_target_is_offered_in_every_region_of_the_scope_and_never_as_a_preview(situation: Facts) -> None:
    decision = decide(situation)
    if decision.target is None or decision.target.kubernetes_version is None:
        return
    target = decision.target.kubernetes_version
    for cluster in clusters_of(situation).values():
        kubernetes = situation.catalog.of(cluster.region).kubernetes
        assert not hasattr(kubernetes, "why")
        minor = kubernetes[target.minor_version]
        assert target in minor.patches
        assert not minor.is_preview


@settings(derandomize=True, max_examples=300)
@given(situations())
def test_an_lts_build_is_only_for_clusters_on_the_plan(situation: Facts) -> None:
    decision = decide(situation)
    target = decision.target.kubernetes_version if decision.target else None
    if target is None or not target.is_long_term_support_build:
        return
    for member in decision.members:
        if member.action is MemberAction.UPGRADE:
            assert clusters_of(situation)[member.member].support_plan is SupportPlan.AKS_LONG_TERM_SUPPORT


@settings(derandomize=True, max_examples=200)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_makes_no_difference(situation: Facts, shuffler: random.Random) -> None:
    members = list(situation.fleet.members)
    shuffler.shuffle(members)
    offered = list(situation.catalog.regions.values())
    shuffler.shuffle(offered)
    shuffled = replace(situation, fleet=replace(situation.fleet, members=tuple(members)), catalog=a_catalog(*offered))

    first, second = decide(situation), decide(shuffled)

    assert (first.outcome, first.reason, first.target, first.specification) == (
        second.outcome,
        second.reason,
        second.target,
        second.specification,
    )
    assert set(first.members) == set(second.members)


@settings(derandomize=True, max_examples=300)
@given(situations())
def test_what_has_been_applied_is_not_asked_for_again(situation: Facts) -> None:
    decision = decide(situation)
    if decision.outcome is not Outcome.GENERATE or decision.target is None:
        return
    target = decision.target.kubernetes_version
    assert target is not None
    upgraded = {member.member for member in decision.members if member.action is MemberAction.UPGRADE}
    members = []
    for member in situation.fleet.members:
        cluster = member.cluster
        if member.name in upgraded and isinstance(cluster, Cluster):
            pools = tuple(NodePool(pool.name, target, pool.image) for pool in cluster.node_pools)
            members.append(replace(member, cluster=replace(cluster, kubernetes_version=target, node_pools=pools)))
        else:
            members.append(member)

    again = decide(replace(situation, fleet=replace(situation.fleet, members=tuple(members))))

    assert again.outcome is not Outcome.GENERATE


@settings(derandomize=True, max_examples=100)
@given(situations(), st.integers(29, 34))
def test_a_cluster_outside_the_scope_changes_nothing(situation: Facts, minor: int) -> None:
    profile = replace(situation.profile, update_strategy_id=FLEET.child("updateStrategies", "strategy"))
    from tests.builders import a_strategy

    strategy = a_strategy("all")
    fleet = replace(situation.fleet, strategies={strategy.id: strategy})
    outsider = a_member(a_cluster(f"1.{minor}.0", name="new", region="mars"), name="new", group="other")

    before = decide(replace(situation, profile=profile, fleet=fleet))
    after = decide(replace(situation, profile=profile, fleet=replace(fleet, members=(*fleet.members, outsider))))

    assert before == after
