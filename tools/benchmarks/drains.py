"""Drains: how many node pool upgrades one order saves, where a Kubernetes and a node image profile share a fleet.

Plays the shipped timeline with the profiles Stable and NodeImage, with and without the rule that the Kubernetes run
goes first: deciding at each release, then once a week, as with a maintenance window. A run is applied at once. With the
rule, a node image run that is due together with a Kubernetes run waits, and is decided again afterwards. Without it
(`busy-wait=PT0S`), both are started on what was due at that moment; the node images are counted first, as in the worse
of the two orders, so the figure is the most that the rule saves.

    .dev/venv/bin/python -m tools.benchmarks.drains
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.fleet import Member
from shared.core.model.profile import Channel, Profile
from shared.core.planner import decide
from shared.core.policies.sources import Policies, PolicySources, read_policies
from shared.core.reasons import Verdict
from shared.errors import InternalError
from tools.paths import ROOT
from tools.releases import Timeline, find_arrivals, load_timeline
from tools.replay.clusters import cluster_of
from tools.replay.estate import Estate
from tools.replay.node_families import find_families
from tools.replay.scenario import FLEET, Scenario, region_names

TIMELINE = ROOT / "tools/data/aks-release-timeline.json"
REGIONS, ROLLOUT_DAYS = 4, 10
WEEK = timedelta(days=7)
MAXIMUM_ROUNDS = 20

_STABLE = Profile(FLEET.child("autoUpgradeProfiles", "stable"), Channel.STABLE)
_IMAGES = Profile(FLEET.child("autoUpgradeProfiles", "images"), Channel.NODE_IMAGE)


@dataclass(frozen=True, slots=True)
class Drains:
    """Node pool upgrades, each of which drains every node of a pool once, and the runs that they were in."""

    pools: int = 0
    runs: int = 0

    def __add__(self, other: Drains) -> Drains:
        return Drains(self.pools + other.pools, self.runs + other.runs)


def count_drains(timeline: Timeline, *, with_rule: bool, every: timedelta | None) -> Drains:
    """The drains of both profiles over the whole timeline; decided at each release, or once in that time."""
    sources = PolicySources(overrides={} if with_rule else {"busy-wait": "PT0S"})
    scenario = _scenario(timeline, sources)
    estate, arrivals = Estate(scenario, timeline), find_arrivals(timeline.facts, scenario.regions, ROLLOUT_DAYS)
    moments = sorted(at for at in arrivals if at > timeline.starts)
    for at in sorted(at for at in arrivals if at <= timeline.starts):
        estate.arrive(arrivals[at], at)
    estate.found_fleet(timeline.starts)
    total, last = Drains(), timeline.starts
    for at, decided_at in zip(moments, _decided_at(moments, timeline.starts, every), strict=True):
        if decided_at is not None and decided_at < at:
            total += _settle(estate, decided_at, with_rule=with_rule)
        estate.arrive(arrivals[at], at)
        last = at
        if every is None:
            total += _settle(estate, at, with_rule=with_rule)
    return total + _settle(estate, last + (every or timedelta(0)), with_rule=with_rule)


def _decided_at(moments: list[datetime], starts: datetime, every: timedelta | None) -> Iterator[datetime | None]:
    """For each release the last window before it, if there was one since the release before."""
    before = starts
    for at in moments:
        window = starts + ((at - starts) // every) * every if every is not None else None
        yield window if window is not None and before < window else None
        before = at


def _settle(estate: Estate, at: datetime, *, with_rule: bool) -> Drains:
    """Decide and carry out until neither profile has a run to start."""
    total = Drains()
    for _ in range(MAXIMUM_ROUNDS):
        starting = [decision for profile in (_IMAGES, _STABLE) if (decision := _decide(estate, profile, at)).starts_run]
        if not starting:
            return total
        for decision in starting[:1] if with_rule else starting:
            total += _carry_out(estate, decision, at)
    raise InternalError(f"the core still starts runs after {MAXIMUM_ROUNDS} at {at}")


def _decide(estate: Estate, profile: Profile, at: datetime) -> Decision:
    facts: Facts = estate.facts(at)
    return decide(replace(facts, profile=profile, fleet=replace(facts.fleet, profiles=(_STABLE, _IMAGES))))


def _carry_out(estate: Estate, decision: Decision, at: datetime) -> Drains:
    if decision.specification is None:
        raise InternalError(f"{decision.profile_id} starts a run without a specification")
    before = _pools(estate.members)
    estate.carry_out(decision, decision.specification, at)
    after = _pools(estate.members)
    return Drains(sum(before[name] != pool for name, pool in after.items()), 1)


def _pools(members: Sequence[Member]) -> dict[tuple[str, str], object]:
    return {(member.name, pool.name): pool for member in members for pool in cluster_of(member).node_pools}


def _scenario(timeline: Timeline, sources: PolicySources) -> Scenario:
    policies = read_policies({}, _STABLE.name, sources)
    if isinstance(policies, Verdict):
        raise InternalError(policies.sentence)
    known: Policies = policies
    families = find_families((), timeline.families, images_needed=True)
    return Scenario(_STABLE, sources, known, region_names(REGIONS), ROLLOUT_DAYS, families)


def main() -> int:
    """Count and compare; 1 if the rule saves nothing."""
    timeline = load_timeline(TIMELINE)
    print(f"Stable and NodeImage on one fleet, {REGIONS} clusters in {REGIONS} regions, the shipped timeline")
    saves = False
    for name, every in (("decided at each release", None), ("decided once a week", WEEK)):
        old, new = (count_drains(timeline, with_rule=rule, every=every) for rule in (False, True))
        saved = old.pools - new.pools
        saves = saves or saved > 0
        print(f"  {name}: {old.pools} node pool upgrades without the rule, {new.pools} with it: {saved} saved")
        print(f"  {'':<{len(name)}}  {old.runs} update runs without the rule, {new.runs} with it")
    return 0 if saves else 1


if __name__ == "__main__":
    sys.exit(main())
