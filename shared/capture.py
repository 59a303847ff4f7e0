"""Captured facts: everything that one profile was decided on, as bodies of Azure; `docs/facts.md` has the format.

Adapters add each body as they read it, reduced to the fields that its parser reads. What could not be read is captured
with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from shared.core.facts import Facts
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import NativeCall, RunRecord, StopNote
from shared.core.model.unknown import Unknown

SCHEMA_VERSION = 1
"""Of the format. It changes when a file of an older version could be misread."""

Body = Mapping[str, object]


class Section(StrEnum):
    """The parts of the facts that hold resources, by the names of Azure's types."""

    PROFILES = "autoUpgradeProfiles"
    MEMBERS = "members"
    STRATEGIES = "updateStrategies"
    RUNS = "updateRuns"
    CLUSTERS = "managedClusters"


class Capture:
    """The facts of one decision, while they are read; several threads may add to it."""

    def __init__(self) -> None:
        self._fleet: Body = {}
        self._resources: dict[Section, dict[str, Body]] = {section: {} for section in Section}
        self._kubernetes_versions: dict[str, Body] = {}
        self._upgrade_profiles: defaultdict[str, dict[str, Body]] = defaultdict(dict)
        self._maintenance: dict[str, Body] = {}

    def fleet(self, body: Body) -> None:
        """Add the fleet."""
        self._fleet = body

    def resource(self, section: Section, resource_id: ResourceId, body: Body) -> None:
        """Add a resource."""
        self._resources[section][resource_id.key] = body

    def unreadable(self, section: Section, resource_ids: Iterable[ResourceId], why: str) -> None:
        """Add resources that could not be read."""
        for resource_id in resource_ids:
            self.resource(section, resource_id, {"id": resource_id.text, **unknown(why)})

    def kubernetes_versions(self, region: str, body: Body) -> None:
        """Add what a region lists, or `unknown`."""
        self._kubernetes_versions[region] = body

    def upgrade_profile(self, region: str, family: str, body: Body) -> None:
        """Add the upgrade profile of a node pool that has a family in a region, or `unknown`."""
        self._upgrade_profiles[region][family] = body

    def maintenance_configurations(self, cluster_id: ResourceId, body: Body) -> None:
        """Add the list of a cluster's maintenance configurations, or `unknown`."""
        self._maintenance[cluster_id.text] = body

    def to_json(self, facts: Facts) -> dict[str, object]:
        """The captured bodies with the facts that are not Azure's, in an order that does not depend on threads."""
        sources = facts.policy_sources
        runs = sorted(facts.run_records.items(), key=lambda record: record[0])
        unreadable = {name: each.why for name, each in runs if isinstance(each, Unknown)}
        return {
            "schemaVersion": SCHEMA_VERSION,
            "profileId": facts.profile.id.text,
            "now": _time(facts.now),
            "onDemand": facts.on_demand.value if facts.on_demand is not None else None,
            "policies": {"settings": dict(sources.settings), "overrides": dict(sources.overrides)},
            "isPreview": facts.fleet.is_preview,
            "fleet": self._fleet,
            **{section.value: list(_sorted(bodies).values()) for section, bodies in self._resources.items()},
            "regions": {region: self._region(region) for region in sorted(self._kubernetes_versions)},
            "maintenanceConfigurations": _sorted(self._maintenance),
            "ledger": {
                "runs": {name: record_json(each) for name, each in runs if isinstance(each, RunRecord)},
                **({"unreadableRuns": unreadable} if unreadable else {}),
                "firstSeen": {
                    region: {key: _time(at) for key, at in sorted(seen.items())}
                    for region, seen in sorted(facts.first_seen.items())
                },
                "waitingSince": {
                    profile_id.text: _time(since)
                    for profile_id, since in sorted(facts.waiting_since.items(), key=lambda wait: wait[0].key)
                },
            },
        }

    def _region(self, region: str) -> Body:
        return {
            "kubernetesVersions": self._kubernetes_versions[region],
            "upgradeProfiles": _sorted(self._upgrade_profiles[region]),
        }


def unknown(why: str) -> Body:
    """What stands for a body that could not be read."""
    return {"unknown": why}


def record_json(record: RunRecord) -> Body:
    """What the ledger knew of a run, without the trace, on which no decision depends."""
    return {
        "intent": record.intent.value,
        "skipped": sorted(record.skipped),
        "generated": record.generated,
        "restarts": record.restarts,
        "restartedFailure": _time_or_none(record.restarted_failure),
        "createdAt": _time_or_none(record.created_at),
        "stop": _stop(record.stop) if record.stop is not None else None,
        "call": _call(record.call) if record.call is not None else None,
    }


def _stop(note: StopNote) -> Body:
    return {
        "notedAt": _time(note.noted_at),
        "target": note.target,
        "isMade": note.is_made,
        "stoppedAt": _time_or_none(note.stopped_at),
    }


def _call(call: NativeCall) -> Body:
    return {"profileId": call.profile_id.text, "until": _time(call.until), "beside": sorted(call.beside)}


def _sorted(bodies: Mapping[str, Body]) -> dict[str, Body]:
    return dict(sorted(bodies.items()))


def _time(moment: datetime) -> str:
    return moment.isoformat()


def _time_or_none(moment: datetime | None) -> str | None:
    return _time(moment) if moment is not None else None
