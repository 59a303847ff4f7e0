"""Puts the rows of Resource Graph together: each fleet with what is in it, each member with its cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from shared.azure.arm_json import Json, parsed_or_missing, shown, text_at, value_at
from shared.azure.parse_cluster import parse_cluster
from shared.azure.parse_member import MANAGED_CLUSTER, cluster_id_of, parse_member
from shared.azure.parse_profile import parse_profile
from shared.azure.parse_strategy import parse_strategy
from shared.azure.parse_update_run import parse_update_run
from shared.core.fleet import Cluster, Fleet
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown, Unparsed
from shared.ports import Estate

_FLEET = "microsoft.containerservice/fleets"
_MEMBER, _STRATEGY = f"{_FLEET}/members", f"{_FLEET}/updatestrategies"
_PROFILE, _RUN = f"{_FLEET}/autoupgradeprofiles", f"{_FLEET}/updateruns"
_CHILDREN = frozenset({_MEMBER, _STRATEGY, _PROFILE, _RUN})

_Bodies = dict[ResourceId, Json]


class EstateRows:
    """Collects rows in any order. A row that comes twice, as it may while pages are turned, counts once."""

    def __init__(self) -> None:
        self._fleets: _Bodies = {}
        self._clusters: _Bodies = {}
        self._children: dict[ResourceId, dict[str, _Bodies]] = defaultdict(lambda: defaultdict(dict))
        self._unreadable: list[str] = []

    def add(self, row: Json) -> None:
        """Take a row in; one whose id makes no sense is reported by the estate."""
        resource_id = parsed_or_missing(value_at(row, "id"), ResourceId.parse)
        if isinstance(resource_id, Unparsed):
            self._unreadable.append(f"Resource Graph gave a row that is no resource: {shown(row)}")
        elif resource_id.type == _FLEET:
            self._fleets[resource_id] = row
        elif resource_id.type == MANAGED_CLUSTER:
            self._clusters[resource_id] = row
        elif resource_id.type in _CHILDREN:
            self._children[resource_id.parent][resource_id.type][resource_id] = row
        else:
            self._unreadable.append(f"Resource Graph gave a row that was not asked for: {resource_id}")

    def estate(self) -> Estate:
        """Every fleet that has a row of its own; what lies in another is reported."""
        orphaned = [fleet_id for fleet_id in self._children if fleet_id not in self._fleets]
        unreadable = [
            *self._unreadable,
            *(f"The fleet {fleet_id} is not in Resource Graph, although things in it are" for fleet_id in orphaned),
        ]
        clusters = self._member_clusters()
        fleets = tuple(self._fleet(fleet_id, row, clusters) for fleet_id, row in self._fleets.items())
        return Estate(fleets=fleets, unreadable=tuple(unreadable))

    def _member_clusters(self) -> Mapping[ResourceId, Cluster | Unknown]:
        """The clusters that members name; all others in the subscriptions are nobody's business here."""
        clusters: dict[ResourceId, Cluster | Unknown] = {}
        for children in self._children.values():
            for member in children[_MEMBER].values():
                cluster_id = cluster_id_of(member)
                if isinstance(cluster_id, ResourceId) and cluster_id in self._clusters:
                    clusters[cluster_id] = parse_cluster(cluster_id, self._clusters[cluster_id])
        return clusters

    def _fleet(self, fleet_id: ResourceId, row: Json, clusters: Mapping[ResourceId, Cluster | Unknown]) -> Fleet:
        children = self._children[fleet_id]
        return Fleet(
            id=fleet_id,
            tags=tags_of(row),
            members=tuple(parse_member(key, body, clusters) for key, body in children[_MEMBER].items()),
            strategies={key: parse_strategy(key, body) for key, body in children[_STRATEGY].items()},
            profiles=tuple(parse_profile(key, body) for key, body in children[_PROFILE].items()),
            update_runs=tuple(parse_update_run(key, body) for key, body in children[_RUN].items()),
        )


def tags_of(body: Json) -> Mapping[str, str]:
    """A resource's tags."""
    tags = value_at(body, "tags")
    return {key: text_at(tags, key) for key in tags} if isinstance(tags, dict) else {}
