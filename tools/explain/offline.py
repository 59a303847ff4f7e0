"""The ports of a decision on captured facts: the app's parsers read the bodies, and nothing is read from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.azure.aks.parse_cluster import parse_cluster
from shared.azure.aks.parse_kubernetes_versions import parse_kubernetes_versions
from shared.azure.aks.parse_maintenance import parse_maintenance_configurations
from shared.azure.aks.parse_upgrade_profile import parse_upgrade_profile
from shared.azure.fleet.parse_fleet import (
    cluster_id_of,
    id_of,
    parse_member,
    parse_profile,
    parse_strategy,
    tags_of,
)
from shared.azure.fleet.parse_update_run import parse_run
from shared.capture import Capture
from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.ids import ResourceId, normalize_region
from shared.core.model.profile import Profile
from shared.core.model.run_record import Intent, NativeCall, RunRecord, RunRecords, StopNote
from shared.core.model.unknown import Unknown
from shared.core.releases.releases import FirstSeen
from tools.explain.document import UNKNOWN, Body, Call, FactsDocument, Region, Stop


@dataclass(frozen=True)
class CapturedReaders:
    """Implements `shared.use_cases.decide_profile.Readers`, and each of the ports in it."""

    document: FactsDocument

    @property
    def clock(self) -> CapturedReaders:
        """The time of the facts."""
        return self

    @property
    def fleets(self) -> CapturedReaders:
        """The fleet."""
        return self

    @property
    def catalogs(self) -> CapturedReaders:
        """What regions offer."""
        return self

    @property
    def ledger(self) -> CapturedReaders:
        """What the ledger knew."""
        return self

    @property
    def policy_defaults(self) -> Mapping[str, str]:
        """Policies as the app's settings had them."""
        return self.document.policies.settings

    def now(self) -> datetime:
        """The time of the facts."""
        return self.document.now

    def read_fleet(
        self,
        profile_id: ResourceId,
        capture: Capture | None = None,  # noqa: ARG002 - the port's signature
    ) -> tuple[Profile, Fleet]:
        """The profile and its fleet."""
        document = self.document
        profiles = {key: parse_profile(key, body) for key, body in _by_id(document.auto_upgrade_profiles).items()}
        clusters = self._clusters()
        strategies = _by_id(document.update_strategies)
        return profiles[profile_id], Fleet(
            id=id_of(document.fleet),
            tags=tags_of(document.fleet),
            members=tuple(parse_member(id_of(body), body, clusters) for body in document.members),
            strategies={key: _unknown(body) or parse_strategy(key, body) for key, body in strategies.items()},
            profiles=tuple(profiles.values()),
            update_runs=tuple(parse_run(id_of(body), body) for body in document.update_runs),
            is_preview=document.is_preview,
        )

    def _clusters(self) -> Mapping[ResourceId, Cluster | Unknown]:
        """The clusters that members name, by the ids that they name; a member without a body finds none."""
        bodies = _by_id(self.document.managed_clusters)
        named = {cluster_id_of(member) for member in self.document.members}
        ids = [cluster_id for cluster_id in named if isinstance(cluster_id, ResourceId)]
        return {
            cluster_id: _unknown(bodies[cluster_id]) or parse_cluster(cluster_id, bodies[cluster_id])
            for cluster_id in ids
            if cluster_id in bodies
        }

    def read_maintenance_windows(
        self,
        cluster_ids: Iterable[ResourceId],
        capture: Capture | None = None,  # noqa: ARG002 - the port's signature
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """The maintenance windows of those clusters whose configurations are among the facts."""
        bodies = {ResourceId.parse(text): body for text, body in self.document.maintenance_configurations.items()}
        return {
            cluster_id: _unknown(bodies[cluster_id]) or parse_maintenance_configurations(bodies[cluster_id])
            for cluster_id in cluster_ids
            if cluster_id in bodies
        }

    def read(
        self,
        needs: Mapping[str, RegionNeeds],
        capture: Capture | None = None,  # noqa: ARG002 - the port's signature
    ) -> Catalog:
        """What the regions offer that are among the facts."""
        regions = {normalize_region(name): region for name, region in self.document.regions.items()}
        return Catalog(
            {
                region: _region_catalog(region, regions[region], wanted.families)
                for region, wanted in needs.items()
                if region in regions
            }
        )

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, RunRecords]:
        """What the ledger knew of the fleet's runs."""
        records = {
            name.lower(): RunRecord(
                intent=Intent(record.intent),
                skipped=frozenset(record.skipped),
                generated=record.generated,
                restarts=record.restarts,
                restarted_failure=record.restarted_failure,
                created_at=record.created_at,
                stop=_stop(record.stop) if record.stop is not None else None,
                call=_call(record.call) if record.call is not None else None,
            )
            for name, record in self.document.ledger.runs.items()
        }
        unreadable = {name.lower(): Unknown(why) for name, why in self.document.ledger.unreadable_runs.items()}
        return {fleet_id: {**records, **unreadable} for fleet_id in fleet_ids}

    def first_seen_in(self, regions: Iterable[str]) -> FirstSeen:
        """When the app first saw each release, in each region."""
        return {region: self.document.ledger.first_seen.get(region, {}) for region in regions}

    def waiting_since(self) -> Mapping[ResourceId, datetime]:
        """Since when profiles of the fleet waited for busy clusters."""
        return {ResourceId.parse(text): since for text, since in self.document.ledger.waiting_since.items()}


def _stop(note: Stop) -> StopNote:
    return StopNote(note.noted_at, note.target, note.is_made, note.stopped_at)


def _call(call: Call) -> NativeCall:
    return NativeCall(ResourceId.parse(call.profile_id), call.until, frozenset(call.beside))


def _region_catalog(region: str, facts: Region, families: Iterable[str]) -> RegionCatalog:
    listed = facts.kubernetes_versions
    profiles = {family: facts.upgrade_profiles[family] for family in families if family in facts.upgrade_profiles}
    return RegionCatalog(
        region,
        _unknown(listed) or parse_kubernetes_versions(region, listed),
        {
            family: _unknown(body) or parse_upgrade_profile(family, f"the upgrade profile in {region}", body)
            for family, body in profiles.items()
        },
    )


def _by_id(bodies: Iterable[Body]) -> Mapping[ResourceId, Body]:
    return {id_of(body): body for body in bodies}


def _unknown(body: Body) -> Unknown | None:
    return Unknown(str(body[UNKNOWN])) if UNKNOWN in body else None
