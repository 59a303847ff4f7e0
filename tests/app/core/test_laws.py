"""Laws that hold for any fleet, any catalog, any policies and any earlier runs."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.policies.policy import BusyClusters, Regions
from shared.core.policies.sources import PolicySources
from shared.core.reasons import ACTING, MemberAction, MemberReason, Outcome, Reason
from shared.core.releases.releases import image_key, releases_of, version_key
from shared.core.runs.specification import RunSpecification
from shared.core.scope import Scope, find_scope
from shared.core.targets.target import Target
from tests.app.builders import NOW, a_cluster, a_member, a_profile, a_region, a_strategy, run_of, seen, with_runs
from tests.app.core.laws import drawn_situations, law, law_with_chance
from tests.app.core.reading import specification_of
from tests.app.core.situations import GROUP

MAXIMUM_ROUNDS = 15
"""Five minors in two halves each, and some follow-ups."""

WITHOUT_VERSIONS = frozenset({Channel.NODE_IMAGE, Channel.SECURITY_PATCH})
"""Channels whose runs bring no Kubernetes version."""

SOAKS = re.compile(r"(?P<what>.+) would be next; by the soak it is used from (?P<until>[-0-9]+ [:0-9]+) UTC on\.")

Key = TypeVar("Key")
Value = TypeVar("Value")


def scope_of(situation: Facts) -> Scope:
    scope = find_scope(situation.profile, situation.fleet)
    assert isinstance(scope, Scope)
    return scope


def upgraded_clusters(situation: Facts, decision: Decision) -> list[Cluster]:
    """The clusters of the members that the decision upgrades."""
    by_name = {member.name: member.cluster for member in situation.fleet.members}
    upgraded = [by_name[member.member] for member in decision.members if member.action is MemberAction.UPGRADE]
    clusters = [cluster for cluster in upgraded if isinstance(cluster, Cluster)]
    assert len(clusters) == len(upgraded)
    return clusters


def is_offered(region: RegionCatalog, target: Target) -> bool:
    """Whether the region lists the target's version on the target's plan, and not as a preview."""
    version = target.kubernetes_version
    assert version is not None
    assert not isinstance(region.kubernetes, Unknown)
    minor = region.kubernetes.get(version.minor_version)
    return (
        minor is not None and version in minor.patches and not minor.is_preview and target.plan in minor.support_plans
    )


ACTED_ON = {Outcome.GENERATE, Outcome.START, Outcome.RETRY, Outcome.REPLACE, Outcome.WAITING, Outcome.GENERATED}


@pytest.mark.law
def test_the_situations_reach_everything_that_is_acted_on() -> None:
    """The laws below would hold for no reason if nothing were ever generated, started, restarted or replaced."""
    missing: set[Outcome | UpgradeType | str] = {*ACTED_ON, *UpgradeType, "step", "follow-up"}

    for situation in drawn_situations():
        decision = decide(situation)
        missing.discard(decision.outcome)
        if decision.outcome is Outcome.GENERATE and decision.target is not None:
            specification = specification_of(decision)
            missing.discard(specification.upgrade_type)
            missing.discard("step" if decision.target.towards is not None else "")
            missing.discard("follow-up" if specification.follows is not None else "")

    assert not missing


@law
def test_a_record_that_cannot_be_read_is_never_acted_on(situation: Facts) -> None:
    unknown = {name: Unknown("row 'a' is not readable") for name in situation.run_records}
    decision = decide(replace(situation, run_records=unknown))

    if unknown and decision.reason is not Reason.PROFILE_DISABLED:
        assert decision.outcome not in ACTING
        assert decision.reason is Reason.LEDGER_UNREADABLE or decision.outcome is Outcome.INVALID
        assert "row 'a' is not readable" in decision.sentence or decision.outcome is Outcome.INVALID


@law
def test_every_situation_is_decided_and_everything_decided_is_said_in_sentences(situation: Facts) -> None:
    decision = decide(situation)

    sentences = [
        decision.sentence,
        *(member.sentence for member in decision.members),
        *(notice.sentence for notice in decision.warnings),
        *(rejection.sentence for rejection in decision.considered.rejected),
    ]
    assert all(sentence.endswith(".") and sentence.strip(". ") for sentence in sentences)


@law
def test_no_cluster_is_downgraded_or_taken_over_two_minors(situation: Facts) -> None:
    decision = decide(situation)
    for cluster in upgraded_clusters(situation, decision):
        assert decision.target is not None
        if decision.target.patch_week is not None:
            continue  # patches have no version that this app could compare; Fleet finds the nodes that lack them
        target, current = decision.target.kubernetes_version, cluster.kubernetes_version
        if target is None:
            wanted = {image.family: image.version for image in decision.target.node_images}
            pools = [pool.image for pool in cluster.node_pools if isinstance(pool.image, NodeImage)]
            assert any(image.family in wanted and image.version < wanted[image.family] for image in pools)
            continue
        assert isinstance(current, KubernetesVersion)
        assert current <= target
        assert target.minor - current.minor <= 1
        assert current < target or any(pool.kubernetes_version != target for pool in cluster.node_pools)


@law
def test_a_target_is_offered_where_it_must_be_and_never_as_a_preview(situation: Facts) -> None:
    """In every region of the scope (`common`), or in one, and in that of each cluster that is upgraded (`any`)."""
    decision = decide(situation)
    if decision.target is None or decision.target.kubernetes_version is None:
        return
    regions = set(scope_of(situation).regions)
    offering = {region for region in regions if is_offered(situation.catalog.of(region), decision.target)}
    assert offering
    if decision.policy.regions is Regions.COMMON:
        assert offering == regions
    assert {cluster.region for cluster in upgraded_clusters(situation, decision)} <= offering


@law
def test_a_step_is_below_what_the_channel_asks_for(situation: Facts) -> None:
    target = decide(situation).target
    if target is not None and target.towards is not None:
        assert target.kubernetes_version is not None
        assert target.kubernetes_version < target.towards


@law
def test_nothing_is_generated_from_what_could_not_be_read(situation: Facts) -> None:
    unread = [
        region for region in scope_of(situation).regions if isinstance(situation.catalog.of(region).kubernetes, Unknown)
    ]
    if unread and situation.profile.channel not in WITHOUT_VERSIONS:
        assert decide(situation).target is None


@law
def test_what_is_for_the_lts_plan_is_only_for_clusters_on_it(situation: Facts) -> None:
    decision = decide(situation)
    target = decision.target
    if target is None or target.kubernetes_version is None:
        return
    assert target.needs_long_term_support or not target.kubernetes_version.is_long_term_support_build
    if target.needs_long_term_support:
        on_plans = {cluster.support_plan for cluster in upgraded_clusters(situation, decision)}
        assert on_plans <= {SupportPlan.AKS_LONG_TERM_SUPPORT}


@law
def test_nothing_is_used_before_it_has_soaked(situation: Facts) -> None:
    decision = decide(situation)
    target, soak = decision.target, decision.policy.soak
    if target is None or not soak:
        return

    def has_soaked(region: str, key: str) -> bool:
        seen_at = situation.first_seen.get(region, {}).get(key, situation.now)
        return seen_at + soak <= situation.now

    regions = scope_of(situation).regions
    if target.kubernetes_version is not None:
        in_regions = [has_soaked(region, version_key(target.kubernetes_version, target.plan)) for region in regions]
        assert all(in_regions) if decision.policy.regions is Regions.COMMON else any(in_regions)
    for image in target.node_images:
        assert any(has_soaked(region, image_key(image)) for region in regions)


def shuffled(mapping: Mapping[Key, Value], shuffler: random.Random) -> dict[Key, Value]:
    items = list(mapping.items())
    shuffler.shuffle(items)
    return dict(items)


@law_with_chance
def test_the_order_of_the_facts_makes_no_difference(situation: Facts, shuffler: random.Random) -> None:
    fleet = situation.fleet
    members, runs, profiles = list(fleet.members), list(fleet.update_runs), list(fleet.profiles)
    for listed in (members, runs, profiles):
        shuffler.shuffle(listed)

    other = replace(
        situation,
        fleet=replace(
            fleet,
            tags=shuffled(fleet.tags, shuffler),
            members=tuple(members),
            strategies=shuffled(fleet.strategies, shuffler),
            profiles=tuple(profiles),
            update_runs=tuple(runs),
            is_preview=fleet.is_preview,
        ),
        catalog=Catalog(shuffled(situation.catalog.regions, shuffler)),
        run_records=shuffled(situation.run_records, shuffler),
        first_seen={
            region: shuffled(keys, shuffler) for region, keys in shuffled(situation.first_seen, shuffler).items()
        },
    )

    assert decide(other) == decide(situation)


def applied(cluster: Cluster, specification: RunSpecification, target: Target) -> Cluster:
    """The cluster as such a run leaves it; security patches are in nothing that is compared."""
    if target.patch_week is not None:
        return cluster
    if specification.upgrade_type is UpgradeType.NODE_IMAGE_ONLY:
        newer = {image.family: image for image in target.node_images}
        pools = tuple(replace(pool, image=_newer_image(pool, newer)) for pool in cluster.node_pools)
        return replace(cluster, node_pools=pools)
    version = target.kubernetes_version
    assert version is not None
    upgraded = replace(cluster, kubernetes_version=version)
    if specification.upgrade_type is UpgradeType.CONTROL_PLANE_ONLY or cluster.has_node_auto_provisioning:
        return upgraded
    return replace(upgraded, node_pools=tuple(replace(pool, kubernetes_version=version) for pool in cluster.node_pools))


def _newer_image(pool: NodePool, newer: Mapping[str, NodeImage]) -> NodeImage:
    assert isinstance(pool.image, NodeImage)
    image = newer.get(pool.image.family, pool.image)
    return max(pool.image, image, key=lambda image: image.version)


def after(situation: Facts, decision: Decision) -> Facts:
    """The facts once the run that the decision generates has come to its end, and all went well."""
    specification, target = specification_of(decision), decision.target
    assert target is not None
    actions = {member.member: member.action for member in decision.members}
    members = tuple(
        replace(member, cluster=applied(member.cluster, specification, target))
        if actions.get(member.name) is MemberAction.UPGRADE and isinstance(member.cluster, Cluster)
        else member
        for member in situation.fleet.members
    )
    run = run_of(
        specification,
        UpdateState.COMPLETED,
        members={
            name: UpdateState.COMPLETED if action is MemberAction.UPGRADE else UpdateState.SKIPPED
            for name, action in actions.items()
        },
        completed_at=situation.now,
    )
    generated = "" if target.patch_week is None else specification.name
    record = RunRecord(Intent.UPGRADE, frozenset(decision.members_to_skip), generated=generated)
    moved = replace(situation, fleet=replace(situation.fleet, members=members))
    return with_runs(
        moved, *situation.fleet.update_runs, run, records={**situation.run_records, specification.name: record}
    )


@law
def test_what_has_been_applied_is_not_asked_for_again_and_all_comes_to_an_end(situation: Facts) -> None:
    asked: set[tuple[str, str, UpgradeType]] = set()
    for _ in range(MAXIMUM_ROUNDS):
        decision = decide(situation)
        if decision.outcome is not Outcome.GENERATE:
            return
        specification = specification_of(decision)
        now_asked = {
            (member.member, str(decision.target), specification.upgrade_type)
            for member in decision.members
            if member.action is MemberAction.UPGRADE
        }
        assert now_asked
        assert now_asked.isdisjoint(asked)
        asked |= now_asked
        situation = after(situation, decision)
    raise AssertionError(f"still generating after {MAXIMUM_ROUNDS} runs: {sorted(asked)}")


@law
def test_no_run_is_started_on_a_busy_cluster_unless_a_policy_says_so(situation: Facts) -> None:
    decision = decide(situation)
    if not decision.starts_run:
        return
    clusters = {member.name: member.cluster for member in situation.fleet.members}
    others = [run for run in situation.fleet.update_runs if run.id != decision.run_id]
    for member in decision.members:
        cluster = clusters[member.member]
        if member.member in decision.members_to_skip or not isinstance(cluster, Cluster):
            continue
        is_busy = cluster.operation_under_way is not None or any(run.has_yet_to_finish(member.member) for run in others)
        assert not is_busy or (
            member.reason in {MemberReason.OPERATION_UNDER_WAY, MemberReason.IN_ANOTHER_RUN}
            and decision.policy.busy_clusters is BusyClusters.UPGRADE
        )


@law
def test_who_waits_for_busy_clusters_says_for_which_ones_and_since_when(situation: Facts) -> None:
    decision = decide(situation)
    waiting = [member for member in decision.members if member.action is MemberAction.WAIT]

    assert bool(waiting) == (decision.reason is Reason.MEMBERS_BUSY)
    assert all(member.member in decision.sentence for member in waiting)
    assert decision.waiting_since is not None or not waiting


@law
def test_a_run_that_is_generated_is_not_there_yet(situation: Facts) -> None:
    decision = decide(situation)
    if decision.outcome is Outcome.GENERATE:
        assert decision.run_id is None
        assert specification_of(decision).name not in {run.name for run in situation.fleet.update_runs}


@law
def test_only_unfinished_runs_of_the_profile_are_stopped_and_only_ones_that_are_there_restarted(
    situation: Facts,
) -> None:
    decision = decide(situation)
    by_id = {run.id: run for run in situation.fleet.update_runs}

    assert bool(decision.runs_to_stop) == (decision.outcome is Outcome.REPLACE)
    assert all(by_id[run_id].is_unfinished for run_id in decision.runs_to_stop)
    if decision.outcome is Outcome.START:
        assert decision.run_id is not None
        assert by_id[decision.run_id].state is UpdateState.NOT_STARTED
    if decision.outcome is Outcome.RETRY:
        assert decision.run_id is not None
        assert by_id[decision.run_id].state is UpdateState.FAILED
        assert 1 <= decision.restarts <= decision.policy.retry
    else:
        assert decision.restarts == 0


@law_with_chance
def test_a_cluster_outside_the_scope_changes_nothing(situation: Facts, chance: random.Random) -> None:
    """Neither one of another group, nor one of another fleet with its region, policies and profile."""
    minor, in_another_fleet = chance.randint(29, 34), chance.random() < 0.5
    strategy = a_strategy(GROUP)
    situation = replace(
        situation,
        profile=replace(situation.profile, update_strategy_id=strategy.id),
        fleet=replace(
            situation.fleet,
            profiles=tuple(replace(profile, update_strategy_id=strategy.id) for profile in situation.fleet.profiles),
        ),
    )
    outsider = a_member(a_cluster(f"1.{minor}.0", name="new", region="mars"), name="new", group="other")
    mars = a_region(f"1.{minor}.0", name="mars")
    more = replace(
        situation,
        catalog=Catalog({**situation.catalog.regions, "mars": mars}),
        first_seen={**situation.first_seen, **seen({f"1.{minor}.0": 1}, region="mars")},
    )
    if not in_another_fleet:
        fleet = replace(
            situation.fleet,
            members=(outsider, *situation.fleet.members),
            profiles=(*situation.fleet.profiles, a_profile(name="new")),
            tags={**situation.fleet.tags, "auto-upgrade.new.soak": "not a soak", "auto-upgrade.new.regions": "any"},
        )
        more = replace(more, fleet=fleet)

    assert decide(more) == decide(situation)


def without_runs(situation: Facts) -> Facts:
    """The same before any update run."""
    return with_runs(situation)


def with_soak(situation: Facts, soak: str) -> Facts:
    """The same, with everything on offer recorded: what was not is seen now."""
    first_seen = {
        name: {release.key: NOW for release in releases_of(region)} | dict(situation.first_seen[name])
        for name, region in situation.catalog.regions.items()
    }
    return replace(situation, first_seen=first_seen, policy_sources=PolicySources(overrides={"soak": soak}))


@law
def test_once_a_soak_has_passed_the_target_is_what_it_is_without_one(situation: Facts) -> None:
    situation = without_runs(situation)
    later = replace(situation, now=NOW + timedelta(days=7))

    assert decide(with_soak(later, "P7D")).target == decide(with_soak(later, "PT0S")).target


@law
def test_what_soaks_is_used_at_the_moment_that_the_sentence_names(situation: Facts) -> None:
    situation = without_runs(situation)
    waiting = with_soak(situation, "P7D")
    decision = decide(waiting)
    if decision.reason is not Reason.SOAKING:
        return
    announced = SOAKS.fullmatch(decision.sentence)
    assert announced is not None

    then = decide(replace(waiting, now=datetime.fromisoformat(f"{announced['until']}+00:00")))

    assert then.target is not None
    assert set(announced["what"].split(", ")) <= {*str(then.target).split(", "), str(then.target.towards)}
