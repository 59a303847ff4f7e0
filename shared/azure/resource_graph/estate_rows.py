"""Turns rows of Resource Graph into fleets, each with its children, and each member with its cluster.

A row becomes values of the core as soon as it comes, so that no row outlives its page: a cluster is read before the
member that names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.azure.aks.parse_cluster import parse_cluster
from shared.azure.fleet.parse_fleet import id_of, parse_member, parse_profile, parse_strategy, tags_of
from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.json_value import OBJECTS, JsonObject, shown
from shared.azure.resource_graph.columns import Columns
from shared.core.model.fleet import Cluster, Fleet, Member, UpdateStrategy
from shared.core.model.ids import (
    CLUSTER_TYPE,
    FLEET_TYPE,
    MEMBER_TYPE,
    PROFILE_TYPE,
    RUN_TYPE,
    STRATEGY_TYPE,
    ResourceId,
)
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.errors import InvalidInputError
from shared.ports import Estate


@dataclass
class _Children:
    """What lies in one fleet, by id: a row that is on two pages, as may happen while data changes, counts once."""

    members: dict[ResourceId, Member] = field(default_factory=dict)
    strategies: dict[ResourceId, UpdateStrategy | Unknown] = field(default_factory=dict)
    profiles: dict[ResourceId, Profile] = field(default_factory=dict)
    runs: dict[ResourceId, UpdateRun] = field(default_factory=dict)


@dataclass
class EstateRows:
    """What the rows so far have in them."""

    is_preview: bool = False
    """Whether the app uses Fleet's preview. UNVERIFIED: that Resource Graph shows what only the preview has."""
    _clusters: dict[ResourceId, Cluster | Unknown] = field(default_factory=dict)
    _tags: dict[ResourceId, Mapping[str, str]] = field(default_factory=dict)
    _children: dict[ResourceId, _Children] = field(default_factory=lambda: defaultdict(_Children))
    _fleet_ids: dict[str, ResourceId] = field(default_factory=dict)
    _unreadable: list[str] = field(default_factory=list)

    def add(self, row: object, columns: Columns) -> None:
        """Add one row with these columns. Clusters come before members."""
        resource = row if isinstance(row, OBJECTS) else {}
        try:
            resource_id = id_of(resource)
        except InvalidInputError:
            self._unreadable.append(f"Resource Graph gave a row without a resource's id: {shown(row)}")
            return
        kind = resource_id.type
        self._add(resource_id, kind, columns.body(kind, resource))

    def to_estate(self) -> Estate:
        """The fleets. Child resources of a fleet without a row are reported."""
        fleets = tuple(self._fleet(fleet_id, tags) for fleet_id, tags in self._tags.items())
        orphans = sorted(str(fleet_id) for fleet_id in self._children.keys() - self._tags.keys())
        without_fleet = [f"Resource Graph shows what lies in the fleet {name}, but not the fleet" for name in orphans]
        return Estate(fleets, (*self._unreadable, *without_fleet))

    def _add(self, resource_id: ResourceId, kind: str, body: JsonObject) -> None:
        if kind == CLUSTER_TYPE:
            self._clusters[resource_id] = parse_cluster(resource_id, body)
            return
        if kind == FLEET_TYPE:
            self._tags[resource_id] = tags_of(body)
            return
        children = self._children[self._fleet_of(resource_id)]
        if kind == MEMBER_TYPE:
            children.members[resource_id] = parse_member(resource_id, body, self._clusters)
        elif kind == STRATEGY_TYPE:
            children.strategies[resource_id] = parse_strategy(resource_id, body)
        elif kind == PROFILE_TYPE:
            children.profiles[resource_id] = parse_profile(resource_id, body)
        elif kind == RUN_TYPE:
            children.runs[resource_id] = parse_run(resource_id, body)

    def _fleet_of(self, child_id: ResourceId) -> ResourceId:
        """The child's parent, parsed once a fleet."""
        text = child_id.text.rsplit("/", 2)[0]
        fleet_id = self._fleet_ids.get(text)
        if fleet_id is None:
            fleet_id = self._fleet_ids[text] = child_id.parent
        return fleet_id

    def _fleet(self, fleet_id: ResourceId, tags: Mapping[str, str]) -> Fleet:
        children = self._children.get(fleet_id, _Children())
        return Fleet(
            id=fleet_id,
            tags=tags,
            members=tuple(children.members.values()),
            strategies=children.strategies,
            profiles=tuple(children.profiles.values()),
            update_runs=tuple(children.runs.values()),
            is_preview=self.is_preview,
        )
