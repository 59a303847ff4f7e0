"""Decides one profile on facts read fresh from ARM; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shared.capture import Capture
from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import Intent
from shared.core.planner import decide
from shared.core.policies.sources import PolicySources, mentions
from shared.core.reasons import ACTING, MemberAction
from shared.core.releases.releases import FirstSeen
from shared.ports import CatalogReader, Clock, FleetReader, LedgerReader
from shared.threads import TracedThreads

if TYPE_CHECKING:
    from shared.use_cases.services import Services


class Readers(Protocol):
    """The ports and settings that a decision needs; `Services` has them."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def fleets(self) -> FleetReader:
        """Fleets."""

    @property
    def catalogs(self) -> CatalogReader:
        """What regions offer."""

    @property
    def ledger(self) -> LedgerReader:
        """What the ledger knows."""

    @property
    def policy_defaults(self) -> Mapping[str, str]:
        """Policies by key, as the app's settings have them."""


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
    """Whether to read what every warning needs, even if there is nothing to do: one request for each cluster."""


def decide_profile(readers: Readers, profile_id: ResourceId, options: EvaluationOptions) -> Decision:
    """The decision on the profile.

    Raises:
        NotFoundError: the profile does not exist.
        TransientError: something could not be read; retry.
    """
    decision, _ = _decide(readers, profile_id, options, None)
    return decision


def decide_new_profile(services: Services, profile: Profile, options: EvaluationOptions) -> Decision:
    """The decision on a profile as if its fleet had it; one of the same name counts as replaced.

    Raises:
        NotFoundError: the fleet does not exist.
        TransientError: something could not be read; retry.
    """
    fleet_id = profile.id.parent
    decision, _ = _decide_in(
        services, fleet_id, lambda: (profile, services.profiles.read_fleet_with(profile)), options, None
    )
    return decision


def decide_and_capture(
    readers: Readers, profile_id: ResourceId, options: EvaluationOptions
) -> tuple[Decision, dict[str, object]]:
    """The decision on the profile, and everything it was decided on, in the format of `docs/facts.md`.

    Raises:
        NotFoundError: the profile does not exist.
        TransientError: something could not be read; retry.
    """
    capture = Capture()
    decision, facts = _decide(readers, profile_id, options, capture)
    return decision, capture.to_json(facts)


def _decide(
    readers: Readers, profile_id: ResourceId, options: EvaluationOptions, capture: Capture | None
) -> tuple[Decision, Facts]:
    return _decide_in(
        readers, profile_id.parent, lambda: readers.fleets.read_fleet(profile_id, capture), options, capture
    )


def _decide_in(
    readers: Readers,
    fleet_id: ResourceId,
    read: Callable[[], tuple[Profile, Fleet]],
    options: EvaluationOptions,
    capture: Capture | None,
) -> tuple[Decision, Facts]:
    with TracedThreads(max_workers=2) as threads:  # what the ledger knows is read beside the fleet
        records = threads.submit(readers.ledger.run_records, [fleet_id])
        waiting_since = threads.submit(readers.ledger.waiting_since)
        profile, fleet = read()
    needs = find_needs(fleet.clusters)
    sources = PolicySources(readers.policy_defaults, options.policies)
    facts = Facts(
        profile=profile,
        fleet=fleet,
        catalog=readers.catalogs.read(needs, capture),
        now=options.at or readers.clock.now(),
        run_records=records.result().get(fleet_id, {}),
        policy_sources=sources,
        first_seen=read_first_seen(readers, needs, fleet.tags, sources, always=capture is not None),
        waiting_since=_waits_of(fleet_id, waiting_since.result()),
        on_demand=options.on_demand,
    )
    decision = decide(facts)
    if options.wants_warnings or (options.on_demand is not None and decision.outcome in ACTING):
        facts = replace(facts, fleet=_with_maintenance_windows(readers.fleets, fleet, decision, capture))
        decision = decide(facts)
    return decision, facts


def _waits_of(fleet_id: ResourceId, waiting_since: Mapping[ResourceId, datetime]) -> Mapping[ResourceId, datetime]:
    """Since when the fleet's profiles wait for busy clusters, out of all that wait."""
    return {profile_id: since for profile_id, since in waiting_since.items() if profile_id.parent == fleet_id}


def read_first_seen(
    readers: Readers,
    regions: Mapping[str, object],
    tags: Mapping[str, str],
    sources: PolicySources,
    *,
    always: bool = False,
) -> FirstSeen:
    """When each release was first seen in the regions; empty where no policy sets a soak, unless `always`."""
    if not always and not mentions("soak", tags, sources):
        return {}
    return readers.ledger.first_seen_in(regions)


def _with_maintenance_windows(fleets: FleetReader, fleet: Fleet, decision: Decision, capture: Capture | None) -> Fleet:
    """The fleet with the maintenance windows of the clusters to upgrade.

    They are one request for each cluster, and only for warnings: a trigger has no one to warn, and does without them.
    """
    upgraded = {member.member for member in decision.members if member.action is MemberAction.UPGRADE}
    wanted = [member.cluster_id for member in fleet.members if member.name in upgraded]
    if not wanted:
        return fleet
    windows = fleets.read_maintenance_windows(wanted, capture)
    members = tuple(
        replace(member, cluster=replace(member.cluster, maintenance_windows=windows.get(member.cluster_id)))
        if isinstance(member.cluster, Cluster) and member.name in upgraded
        else member
        for member in fleet.members
    )
    return replace(fleet, members=members)
