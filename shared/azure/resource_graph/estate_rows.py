"""Joins the rows of Resource Graph: each fleet with its child resources, each member with its cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.azure.aks.parse_cluster import parse_cluster
from shared.azure.fleet.parse_fleet import cluster_id_of, id_of, parse_member, parse_profile, parse_strategy, tags_of
from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.json_value import JsonObject, shown
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.ids import (
    CLUSTER_TYPE,
    FLEET_TYPE,
    MEMBER_TYPE,
    PROFILE_TYPE,
    RUN_TYPE,
    STRATEGY_TYPE,
    ResourceId,
)
from shared.core.model.unknown import Unknown
from shared.errors import InvalidInputError
from shared.ports import Estate


@dataclass
class EstateRows:
    """Rows by type and id. A row that is on two pages, as may happen while data changes, counts once."""

    is_preview: bool = False
    """Whether the app uses Fleet's preview. UNVERIFIED: that Resource Graph shows what only the preview has."""
    _rows: dict[str, dict[ResourceId, JsonObject]] = field(default_factory=lambda: defaultdict(dict))
    _unreadable: list[str] = field(default_factory=list)

    def add(self, row: object) -> None:
        """Add one row."""
        try:
            resource_id = id_of(row if isinstance(row, Mapping) else {})
        except InvalidInputError:
            self._unreadable.append(f"Resource Graph gave a row without a resource's id: {shown(row)}")
            return
        if isinstance(row, Mapping):
            self._rows[resource_id.type][resource_id] = row

    def to_estate(self) -> Estate:
        """The fleets. Child resources of a fleet without a row are reported."""
        children = {kind: self._by_fleet(kind) for kind in (MEMBER_TYPE, STRATEGY_TYPE, PROFILE_TYPE, RUN_TYPE)}
        clusters = self._member_clusters()
        fleets = tuple(
            Fleet(
                id=fleet_id,
                tags=tags_of(row),
                members=tuple(parse_member(key, row, clusters) for key, row in children[MEMBER_TYPE][fleet_id].items()),
                strategies={key: parse_strategy(key, row) for key, row in children[STRATEGY_TYPE][fleet_id].items()},
                profiles=tuple(parse_profile(key, row) for key, row in children[PROFILE_TYPE][fleet_id].items()),
                update_runs=tuple(parse_run(key, row) for key, row in children[RUN_TYPE][fleet_id].items()),
                is_preview=self.is_preview,
            )
            for fleet_id, row in self._rows[FLEET_TYPE].items()
        )
        parents = {fleet_id for by_fleet in children.values() for fleet_id in by_fleet}
        orphans = sorted(str(fleet_id) for fleet_id in parents - self._rows[FLEET_TYPE].keys())
        without_fleet = [f"Resource Graph shows what lies in the fleet {name}, but not the fleet" for name in orphans]
        return Estate(fleets, (*self._unreadable, *without_fleet))

    def _by_fleet(self, kind: str) -> Mapping[ResourceId, Mapping[ResourceId, JsonObject]]:
        by_fleet: dict[ResourceId, dict[ResourceId, JsonObject]] = defaultdict(dict)
        for resource_id, row in self._rows[kind].items():
            by_fleet[resource_id.parent][resource_id] = row
        return by_fleet

    def _member_clusters(self) -> Mapping[ResourceId, Cluster | Unknown]:
        """The clusters that members name; the other clusters in the subscriptions are ignored."""
        rows = self._rows[CLUSTER_TYPE]
        named = (cluster_id_of(member) for member in self._rows[MEMBER_TYPE].values())
        return {
            cluster_id: parse_cluster(cluster_id, rows[cluster_id])
            for cluster_id in named
            if isinstance(cluster_id, ResourceId) and cluster_id in rows
        }
