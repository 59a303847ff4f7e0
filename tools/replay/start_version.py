"""What the clusters are on when the replay starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, SupportPlan
from shared.core.model.fleet import Fleet
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.planner import decide
from shared.core.policies.sources import PolicySources
from shared.errors import InvalidInputError
from tools.replay.clusters import NO_VERSION, make_members, with_new_pools
from tools.replay.scenario import FLEET, Scenario


@dataclass(frozen=True, slots=True)
class StartVersion:
    """A version, and why it is that one, as a clause."""

    version: KubernetesVersion | Unparsed
    why: str


def choose_start_version(scenario: Scenario, catalog: Catalog, now: datetime) -> StartVersion:
    """The one given; else what the channel asks for at the start; else the highest official one not above its minor.

    Args:
        scenario: what is replayed.
        catalog: what the regions offer at the start.
        now: the start.

    Raises:
        InvalidInputError: nothing is offered, and none was given.
    """
    if scenario.start_version is not None:
        return StartVersion(scenario.start_version, "as --start-version says")
    official = _official_versions(catalog)
    if not official:
        if scenario.profile.channel is Channel.NODE_IMAGE:
            return StartVersion(NO_VERSION, "the timeline has no Kubernetes version at its start")
        raise InvalidInputError("--start-version", None, "a version: the timeline offers none at its start")
    target = _target_version(scenario, catalog, max(official), now)
    if target is not None:
        return StartVersion(target, "what the channel asks for at the start")
    minor = scenario.profile.target_kubernetes_version
    if isinstance(minor, MinorVersion):
        below = [version for version in official if version.minor_version <= minor]
        if below:
            return StartVersion(max(below), f"the highest offered at the start that is not above {minor}")
    return StartVersion(max(official), "the highest offered at the start")


def _official_versions(catalog: Catalog) -> set[KubernetesVersion]:
    return {
        patch
        for region in catalog.regions.values()
        if not isinstance(region.kubernetes, Unknown)
        for minor in region.kubernetes.values()
        for patch in minor.patches_on(SupportPlan.KUBERNETES_OFFICIAL)
    }


def _target_version(
    scenario: Scenario, catalog: Catalog, version: KubernetesVersion, now: datetime
) -> KubernetesVersion | None:
    """The channel's own target: no step towards it, nothing held back."""
    members = make_members(scenario, catalog.regions, version)
    members = tuple(
        with_new_pools(member, offered) for member, offered in zip(members, catalog.regions.values(), strict=True)
    )
    fleet = Fleet(FLEET, members=members, profiles=(scenario.profile,))
    regions = {key: value for key, value in scenario.policy_sources.overrides.items() if key == "regions"}
    facts = Facts(scenario.profile, fleet, catalog, now, policy_sources=PolicySources(overrides=regions))
    target = decide(facts).target
    return target.kubernetes_version if target is not None else None
