"""The sweep: every fleet and cluster in a few queries of Azure Resource Graph, in pages of 1,000."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions, QueryResponse, ResultFormat

from shared.azure.connection import Connection
from shared.azure.json_value import JsonObject, object_at, text_at
from shared.azure.parse_cluster import parse_cluster
from shared.azure.parse_fleet import cluster_id_of, id_of, parse_member, parse_profile, parse_run, parse_strategy
from shared.azure.sdk_errors import translated
from shared.core.fleet import Cluster, Fleet, Member, UpdateStrategy
from shared.core.profile import Profile
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown
from shared.core.update_run import UpdateRun
from shared.errors import InvalidInputError, TransientError
from shared.ports import Estate

PAGE_SIZE = 1000
"""The most rows Resource Graph gives in one answer."""

_PROVIDER = "microsoft.containerservice"
_QUERIES = (
    f"resources | where type in~ ('{_PROVIDER}/fleets', '{_PROVIDER}/managedclusters')"
    " | project id, name, type, location, tags, properties | order by id asc",
    f"aksresources | where type in~ ('{_PROVIDER}/fleets/members', '{_PROVIDER}/fleets/updatestrategies',"
    f" '{_PROVIDER}/fleets/autoupgradeprofiles', '{_PROVIDER}/fleets/updateruns')"
    " | project id, name, type, properties | order by id asc",
)


class ResourceGraphEstateReader:
    """Implements `shared.ports.EstateReader`."""

    def __init__(self, connection: Connection) -> None:
        settings = connection.settings
        self._client = ResourceGraphClient(
            connection.credential,
            base_url=settings.arm_endpoint,
            credential_scopes=[connection.arm_scope],
            transport=connection.transport(),
        )
        self._subscriptions = list(settings.subscription_ids) or None
        self._management_groups = list(settings.management_group_ids) or None

    def read(self) -> Estate:
        """All fleets; a row that cannot be understood is reported, and spoils no other."""
        rows = _Rows()
        for query in _QUERIES:
            for row in self._rows(query):
                rows.add(row)
        return rows.to_estate()

    def _rows(self, query: str) -> Iterator[JsonObject]:
        token: str | None = None
        while True:
            answer = self._page(query, token)
            data: object = answer.data
            for row in data if isinstance(data, list) else []:
                if isinstance(row, Mapping):
                    yield row
            token = answer.skip_token
            if token is None:
                if str(answer.result_truncated).lower().endswith("true"):
                    raise TransientError("Resource Graph cut its answer short and gave no way to go on")
                return

    def _page(self, query: str, token: str | None) -> QueryResponse:
        options = QueryRequestOptions(top=PAGE_SIZE, skip_token=token, result_format=ResultFormat.OBJECT_ARRAY)
        request = QueryRequest(
            query=query,
            subscriptions=self._subscriptions,
            management_groups=self._management_groups,
            options=options,
        )
        with translated("query", "Resource Graph"):
            answer = self._client.resources(request)
        if not isinstance(answer, QueryResponse):
            raise TransientError("Resource Graph gave no answer to a query")
        return answer


@dataclass
class _Rows:
    """Rows by what they are; children by their fleet."""

    fleets: dict[ResourceId, JsonObject] = field(default_factory=dict)
    clusters: dict[ResourceId, Cluster] = field(default_factory=dict)
    members: dict[ResourceId, list[JsonObject]] = field(default_factory=lambda: defaultdict(list))
    strategies: dict[ResourceId, dict[ResourceId, UpdateStrategy | Unknown]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    profiles: dict[ResourceId, list[Profile]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[ResourceId, list[UpdateRun]] = field(default_factory=lambda: defaultdict(list))
    unreadable: list[str] = field(default_factory=list)

    def add(self, row: JsonObject) -> None:
        """Sort one row in."""
        try:
            self._add(row, id_of(row))
        except InvalidInputError as error:
            self.unreadable.append(f"{text_at(row, 'id') or 'a row without an id'}: {error}")

    def _add(self, row: JsonObject, resource_id: ResourceId) -> None:
        match resource_id.type.removeprefix(f"{_PROVIDER}/"):
            case "fleets":
                self.fleets[resource_id] = row
            case "managedclusters":
                self.clusters[resource_id] = parse_cluster(row)
            case "fleets/members":
                cluster_id_of(row)
                self.members[resource_id.parent].append(row)
            case "fleets/updatestrategies":
                self.strategies[resource_id.parent][resource_id] = parse_strategy(row)
            case "fleets/autoupgradeprofiles":
                self.profiles[resource_id.parent].append(parse_profile(row))
            case "fleets/updateruns":
                self.runs[resource_id.parent].append(parse_run(row))
            case other:
                self.unreadable.append(f"{resource_id}: a {other} was not asked for")

    def to_estate(self) -> Estate:
        """The fleets put together."""
        fleets = tuple(self._fleet(fleet_id, row) for fleet_id, row in self.fleets.items())
        return Estate(fleets, tuple(self.unreadable))

    def _fleet(self, fleet_id: ResourceId, row: JsonObject) -> Fleet:
        return Fleet(
            id=fleet_id,
            tags={name: str(value) for name, value in object_at(row, "tags").items()},
            members=tuple(self._member(member) for member in self.members[fleet_id]),
            strategies=self.strategies[fleet_id],
            profiles=tuple(self.profiles[fleet_id]),
            update_runs=tuple(self.runs[fleet_id]),
        )

    def _member(self, row: JsonObject) -> Member:
        cluster_id = cluster_id_of(row)
        missing = Unknown(
            f"Resource Graph does not show the cluster {cluster_id.name}; it may be gone, or not readable"
        )
        return parse_member(row, self.clusters.get(cluster_id, missing))
