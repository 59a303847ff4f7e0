"""Decides one profile on facts read fresh from ARM; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent
from shared.core.planner import decide
from shared.core.policies.sources import PolicySources, mentions
from shared.core.reasons import ACTING, MemberAction
from shared.core.releases.releases import FirstSeen
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """How to decide: as a trigger would by default, or for a request on demand, or on assumptions."""

    on_demand: Intent | None = None
    """What a person requests; None for the decision of a trigger."""
    at: datetime | None = None
    """Decide for this time; None for now."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Policies that replace those in force, by key."""
    wants_warnings: bool = False
    """Whether to read what every warning needs, even if there is nothing to do."""


def decide_profile(services: Services, profile_id: ResourceId, options: EvaluationOptions) -> Decision:
    """The decision on the profile.

    Raises:
        NotFoundError: the profile does not exist.
        TransientError: something could not be read; retry.
    """
    profile, fleet = services.fleets.read_fleet(profile_id)
    needs = find_needs(fleet.clusters)
    sources = PolicySources(services.policy_defaults, options.policies)
    facts = Facts(
        profile=profile,
        fleet=fleet,
        catalog=services.catalogs.read(needs),
        now=options.at or services.clock.now(),
        run_records=services.ledger.run_records([fleet.id]).get(fleet.id, {}),
        policy_sources=sources,
        first_seen=read_first_seen(services, needs, fleet.tags, sources),
        on_demand=options.on_demand,
    )
    decision = decide(facts)
    if decision.outcome not in ACTING and not options.wants_warnings:
        return decision
    return decide(replace(facts, fleet=_with_maintenance_windows(services, fleet, decision)))


def read_first_seen(
    services: Services,
    regions: Mapping[str, object],
    tags: Mapping[str, str],
    sources: PolicySources,
    *,
    always: bool = False,
) -> FirstSeen:
    """When each release was first seen in the regions; empty where no policy sets a soak, unless `always`."""
    if not always and not mentions("soak", tags, sources):
        return {}
    return {region: services.ledger.first_seen(region) for region in regions}


def _with_maintenance_windows(services: Services, fleet: Fleet, decision: Decision) -> Fleet:
    """The fleet with the maintenance windows of the clusters to upgrade. One call a cluster, so they are read last."""
    upgraded = {member.member for member in decision.members if member.action is MemberAction.UPGRADE}
    wanted = [member.cluster_id for member in fleet.members if member.name in upgraded]
    if not wanted:
        return fleet
    windows = services.fleets.read_maintenance_windows(wanted)
    members = tuple(
        replace(member, cluster=replace(member.cluster, maintenance_windows=windows.get(member.cluster_id)))
        if isinstance(member.cluster, Cluster) and member.name in upgraded
        else member
        for member in fleet.members
    )
    return replace(fleet, members=members)
