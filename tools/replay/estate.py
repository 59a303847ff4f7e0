"""The regions and the fleet of a replay as they are: offers, clusters, runs, and what the app would remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet, Member
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.runs.specification import RunSpecification
from tools.releases import Fact, Timeline
from tools.replay.clusters import make_members, with_new_pools
from tools.replay.first_seen import LONG_AGO, Arrived, image_keys
from tools.replay.offers import RegionOffers
from tools.replay.scenario import FLEET, Scenario
from tools.replay.start_version import StartVersion, choose_start_version
from tools.replay.upgrade import Upgraded, carry_out


class Estate:
    """Everything a decision is made on.

    Args:
        scenario: what is replayed.
        timeline: what the regions offer at the start.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._scenario = scenario
        self._offers = {region: RegionOffers(region, timeline) for region in scenario.regions}
        self._catalogs = {region: offers.catalog(scenario.families) for region, offers in self._offers.items()}
        self._arrived = Arrived()
        for catalog in self._catalogs.values():
            self._arrived.note(catalog, LONG_AGO)
        self._fleet = Fleet(FLEET, profiles=(scenario.profile,))
        self._records: dict[str, RunRecord] = {}

    @property
    def members(self) -> Sequence[Member]:
        """The fleet's members, with their clusters as they are."""
        return self._fleet.members

    def arrive(self, facts: Mapping[str, Sequence[Fact]], at: datetime) -> bool:
        """Let facts reach regions; whether anything is offered there that never was."""
        is_new = False
        for region, arriving in facts.items():
            for fact in arriving:
                self._offers[region].apply(fact)
            self._catalogs[region] = self._offers[region].catalog(self._scenario.families)
            images = image_keys(arriving, self._scenario.families)
            is_new = self._arrived.note(self._catalogs[region], at, images) or is_new
        self._make_pools()
        return is_new

    def found_fleet(self, now: datetime) -> StartVersion:
        """Let the clusters come into being."""
        start = choose_start_version(self._scenario, Catalog(self._catalogs), now)
        self._fleet = replace(self._fleet, members=make_members(self._scenario, self._catalogs, start.version))
        self._make_pools()
        return start

    def facts(self, now: datetime) -> Facts:
        """The facts that the core decides on."""
        return Facts(
            profile=self._scenario.profile,
            fleet=self._fleet,
            catalog=Catalog(self._catalogs),
            now=now,
            run_records=self._records,
            policy_sources=self._scenario.policy_sources,
            first_seen=self._arrived.first_seen,
        )

    def carry_out(self, decision: Decision, specification: RunSpecification, now: datetime) -> Upgraded:
        """Run what was decided, at once, and remember it as the app would."""
        upgraded = carry_out(decision, specification, self._fleet.members, Catalog(self._catalogs), now)
        skipped = frozenset(member.lower() for member in decision.members_to_skip)
        run = _finished_run(decision, skipped, specification, upgraded, now)
        self._records[run.name.lower()] = RunRecord(Intent.UPGRADE, skipped=skipped)
        self._fleet = replace(self._fleet, members=upgraded.members, update_runs=(*self._fleet.update_runs, run))
        return upgraded

    def _make_pools(self) -> None:
        members = tuple(
            with_new_pools(member, catalog)
            for member, catalog in zip(self._fleet.members, self._catalogs.values(), strict=False)
        )
        self._fleet = replace(self._fleet, members=members)


def _finished_run(
    decision: Decision, skipped: Set[str], specification: RunSpecification, upgraded: Upgraded, now: datetime
) -> UpdateRun:
    names = (member.member.lower() for member in decision.members)
    states = {name: UpdateState.SKIPPED if name in skipped else UpdateState.COMPLETED for name in names}
    return UpdateRun(
        id=FLEET.child("updateRuns", specification.name),
        upgrade_type=specification.upgrade_type,
        state=UpdateState.COMPLETED,
        kubernetes_version=specification.kubernetes_version,
        node_image_selection=specification.node_image_selection,
        node_images=upgraded.picked,
        member_states=states,
        completed_at=now,
    )
