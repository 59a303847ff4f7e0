"""Stand-ins for the clients of Azure's SDKs, with the operations that the app's adapters use.

The adapters create them where they would create the real ones, and everything above them is the app's own code.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Protocol, TypeVar

from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
    ServiceResponseError,
)

from tools.simulation.calls import Calls, Unavailable
from tools.simulation.world.azure import Actor, Azure
from tools.simulation.world.model import BEGINNING, FAMILY, Body, Refused, Run
from tools.simulation.world.storage import Table

T = TypeVar("T")

_COLUMN = re.compile(r"(\w+) = ")
_DATETIME = re.compile(r"datetime\(([^)]+)Z\)")
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
_KINDS: Mapping[int, type[HttpResponseError]] = {
    404: ResourceNotFoundError,
    409: ResourceExistsError,
    412: ResourceModifiedError,
}


class Outside(Protocol):
    """What the stand-ins reach: the simulated Azure, and the outside world beside it."""

    azure: Azure
    table: Table
    calls: Calls

    def actor(self) -> Actor:
        """Who acts now."""

    def graph_lag(self) -> float:
        """By how many seconds Resource Graph lags now."""

    def send(self, queue: str, body: str) -> None:
        """A message was sent."""

    def publish(self, events: Sequence[object]) -> None:
        """Events were published."""


class _Shown:
    """A model of the SDK."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def as_dict(self) -> Body:
        return self._body


class _Poller:
    def __init__(self, body: Body) -> None:
        self._body = body

    def result(self, timeout: float | None = None) -> _Shown:  # noqa: ARG002 - the SDK's signature
        return _Shown(self._body)


class _Client:
    """Calls the outside and raises what the SDK raises."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    def call(self, what: str, operation: Callable[[], T], *, writes: bool = False) -> T:
        try:
            return self.outside.calls.make(what, operation, writes=writes)
        except Refused as refusal:
            raise _sdk_error(refusal) from refusal
        except Unavailable as error:
            raise ServiceResponseError("the connection was closed without a response") from error

    def get(self, resource_id: str) -> _Shown:
        return _Shown(self.call(f"GET {_short(resource_id)}", lambda: self.outside.azure.latest(resource_id)))

    def listed(self, what: str, bodies: Callable[[], Iterable[Body]]) -> list[_Shown]:
        return [_Shown(body) for body in self.call(f"GET {what}", lambda: list(bodies()))]


def _sdk_error(refusal: Refused) -> HttpResponseError:
    error = _KINDS.get(refusal.status, HttpResponseError)(str(refusal))
    error.status_code, error.reason = refusal.status, refusal.code
    return error


def _short(resource_id: str) -> str:
    return "/".join(resource_id.split("/")[-2:])


class FleetClient(_Client):
    """`ContainerServiceFleetMgmtClient`."""

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside)
        azure = outside.azure
        fleet = azure.fleet_body()["id"]
        self.fleets = SimpleNamespace(get=lambda *_: self.get(str(fleet)))
        self.fleet_members = SimpleNamespace(
            list_by_fleet=lambda *_: self.listed("members", lambda: [m.body() for m in azure.members.values()])
        )
        self.auto_upgrade_profiles = SimpleNamespace(
            list_by_fleet=lambda *_: self.listed("profiles", lambda: [p.body() for p in azure.profiles.values()]),
            get=lambda *path: self.get(f"{fleet}/autoUpgradeProfiles/{path[-1]}"),
        )
        self.fleet_update_strategies = SimpleNamespace(
            get=lambda *path: self.get(f"{fleet}/updateStrategies/{path[-1]}")
        )
        self.auto_upgrade_profile_operations = SimpleNamespace(begin_generate_update_run=self._generate)
        self.update_runs = SimpleNamespace(
            list_by_fleet=lambda *_: self.listed("updateRuns", lambda: [r.body() for r in azure.runs.values()]),
            get=lambda *path: self.get(f"{fleet}/updateRuns/{path[-1]}"),
            begin_create_or_update=self._create,
            begin_start=self._on_run("start", azure.start),
            begin_stop=self._on_run("stop", azure.stop),
            begin_skip=self._skip,
        )

    def _create(self, _group: str, _fleet: str, name: str, body: Body, **_: object) -> _Poller:
        def create() -> Body:
            return self.outside.azure.create(self.outside.actor(), run_of(name, body))

        return _Poller(self.call(f"PUT updateRuns/{name}", create, writes=True))

    def _on_run(self, verb: str, operation: Callable[[Actor, str, str | None], Body]) -> Callable[..., _Poller]:
        def begin(_group: str, _fleet: str, name: str, *, etag: str, **_: object) -> _Poller:
            what = f"POST updateRuns/{name}/{verb}"
            return _Poller(self.call(what, lambda: operation(self.outside.actor(), name, etag), writes=True))

        return begin

    def _skip(
        self, _group: str, _fleet: str, name: str, body: Mapping[str, object], *, etag: str, **_: object
    ) -> _Poller:
        targets = body["targets"]
        members = [str(target["name"]) for target in targets] if isinstance(targets, list) else []
        what = f"POST updateRuns/{name}/skip {', '.join(members)}"
        azure, actor = self.outside.azure, self.outside.actor()
        return _Poller(self.call(what, lambda: azure.skip(actor, name, etag, members), writes=True))

    def _generate(self, _group: str, _fleet: str, profile: str) -> _Poller:
        def generate() -> Body:
            return self.outside.azure.generate(self.outside.actor(), profile)

        return _Poller(self.call(f"POST autoUpgradeProfiles/{profile}/generateUpdateRun", generate, writes=True))


def run_of(name: str, body: Mapping[str, object]) -> Run:
    """A run as the body of a `PUT` describes it."""
    properties = _mapping(body.get("properties"))
    update = _mapping(properties.get("managedClusterUpdate"))
    upgrade, selection = _mapping(update.get("upgrade")), _mapping(update.get("nodeImageSelection"))
    images = selection.get("customNodeImageVersions")
    return Run(
        name=name,
        kind=str(upgrade["type"]),
        version=str(upgrade.get("kubernetesVersion", "")),
        selection=str(selection.get("type", "")),
        images=tuple(str(image["version"]) for image in images) if isinstance(images, list) else (),
        strategy=str(properties.get("updateStrategyId", "")).rpartition("/")[2],
        stages=[],
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


class AksClient(_Client):
    """`ContainerServiceClient`."""

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside)
        azure = outside.azure
        self.managed_clusters = SimpleNamespace(
            get=lambda _group, name: _Shown(self.call(f"GET cluster {name}", azure.clusters[name].body)),
            list_by_resource_group=lambda _: self.listed("clusters", self._clusters),
            list=lambda: self.listed("clusters", self._clusters),
            list_kubernetes_versions=lambda region: _Shown(
                self.call(f"GET versions of {region}", lambda: azure.offers.body(region))
            ),
        )
        self.agent_pools = SimpleNamespace(get_upgrade_profile=self._upgrade_profile)
        self.maintenance_configurations = SimpleNamespace(
            list_by_managed_cluster=lambda *_: self.listed("maintenance", list)
        )

    def _clusters(self) -> Iterator[Body]:
        return (cluster.body() for cluster in self.outside.azure.clusters.values())

    def _upgrade_profile(self, _group: str, cluster: str, _pool: str) -> _Shown:
        azure = self.outside.azure

        def read() -> Body:
            newest = azure.offers.images[azure.clusters[cluster].region]
            return {"properties": {"latestNodeImageVersion": f"{FAMILY}-{newest}"}}

        return _Shown(self.call(f"GET upgrade profile of {cluster}", read))


class GraphClient(_Client):
    """The app's own client of Resource Graph: it knows three kinds of queries by their words, and lags."""

    def resources(self, request: Mapping[str, object]) -> Body:
        """The rows of a query, on one page."""
        query = str(request["query"])
        return {"data": self.call("query Resource Graph", lambda: list(self._rows(query)))}

    def _rows(self, query: str) -> Iterator[Body]:
        azure = self.outside.azure
        bodies = sorted(azure.as_of(azure.now() - self.outside.graph_lag()), key=lambda body: str(body["id"]))
        if "take 1" in query:
            yield from ({"id": body["id"]} for body in bodies if _is_to_watch(body, query))
            return
        is_child = query.startswith("aksresources")
        columns = tuple(_COLUMN.findall(query))
        yield from (_row(body, columns) for body in bodies if (str(body["id"]).count("/") > 8) is is_child)


_ROW = "row of Resource Graph"


def _row(body: Body, columns: tuple[str, ...]) -> Body:
    """The row of a body, remembered in it: the same bodies are asked for again and again."""
    row = body.get(_ROW)
    if not isinstance(row, dict):
        values = {name: _value(body, name.split("_")) for name in columns}
        row = {name: value for name, value in values.items() if value is not None}
        row.update(id=body["id"], location=body.get("location"), tags=body.get("tags"))
        body[_ROW] = row
    return row


def _is_to_watch(body: Body, query: str) -> bool:
    if "/updateRuns/" not in str(body["id"]):
        return False
    ended, failed = _DATETIME.findall(query)[:2]
    state = _value(body, ["properties", "status", "status", "state"])
    completed = _value(body, ["properties", "status", "status", "completedTime"])
    if state not in {"NotStarted", "Completed", "Failed", "Skipped", "Stopped"}:
        return True
    if not isinstance(completed, str):
        return False
    at = datetime.fromisoformat(completed.replace("Z", "+00:00")).replace(tzinfo=None)
    since = failed if state == "Failed" else ended
    return at >= min(datetime.fromisoformat(since), datetime.fromisoformat(ended))


def _value(body: object, path: Sequence[str]) -> object:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


class _Entity(dict[str, object]):
    def __init__(self, values: Mapping[str, object], etag: str) -> None:
        super().__init__(values)
        self.metadata = {"etag": etag}


class TableServiceClient(_Client):
    """`TableServiceClient`."""

    def create_table_if_not_exists(self, _name: str) -> TableClient:
        """The one table."""
        return TableClient(self.outside)


class TableClient(_Client):
    """`TableClient`."""

    def get_entity(self, partition: str, row: str) -> _Entity:
        """One entity."""
        return _Entity(*self.call(f"read row {row}", lambda: self.outside.table.get((partition, row))))

    def query_entities(
        self, query: str, *, parameters: Mapping[str, str], select: Sequence[str] | None = None
    ) -> list[_Entity]:
        """The entities that meet all conditions of a filter: comparisons with parameters, joined by `and`."""
        conditions = [_condition(text, parameters) for text in query.split(" and ")]

        def meets(entity: Mapping[str, object]) -> bool:
            return all(compare(str(entity.get(name, "")), value) for name, compare, value in conditions)

        what = " ".join(parameters.values())
        found = self.call(f"read rows of {what}", lambda: self.outside.table.matching(meets))
        return [
            _Entity({name: value for name, value in entity.items() if select is None or name in select}, etag)
            for entity, etag in found
        ]

    def create_entity(self, entity: Mapping[str, object]) -> None:
        """Insert."""
        self.call(f"insert row {entity['RowKey']}", lambda: self.outside.table.insert(entity), writes=True)

    def update_entity(self, entity: Mapping[str, object], *, etag: str, **_: object) -> None:
        """Replace on condition."""
        self.call(f"replace row {entity['RowKey']}", lambda: self.outside.table.replace(entity, etag), writes=True)

    def delete_entity(self, partition: str, row: str) -> None:
        """Delete."""
        self.call(f"delete row {row}", lambda: self.outside.table.delete((partition, row)), writes=True)

    def submit_transaction(self, operations: Sequence[tuple[str, Mapping[str, object], object]]) -> None:
        """Upsert several."""
        entities = [entity for _, entity, _ in operations]
        names = ", ".join(str(entity["RowKey"]) for entity in entities)
        self.call(f"put rows {names}", lambda: self.outside.table.put(entities), writes=True)


def _condition(text: str, parameters: Mapping[str, str]) -> tuple[str, Callable[[str, str], bool], str]:
    name, comparison, parameter = text.split(" ")
    return name, _COMPARISONS[comparison], parameters[parameter.removeprefix("@")]


class QueueServiceClient(_Client):
    """`QueueServiceClient`."""

    def get_queue_client(self, name: str) -> _Queue:
        """One queue."""
        return _Queue(self.outside, name)


class _Queue(_Client):
    def __init__(self, outside: Outside, name: str) -> None:
        super().__init__(outside)
        self._name = name

    def send_message(self, body: str, **_: object) -> None:
        self.call(f"send to {self._name}", lambda: self.outside.send(self._name, body), writes=True)

    def get_queue_properties(self) -> SimpleNamespace:
        return SimpleNamespace(approximate_message_count=0)


class EventGridClient(_Client):
    """`EventGridPublisherClient`."""

    def send(self, events: Sequence[object], **_: object) -> None:
        """Publish."""
        self.call("publish events", lambda: self.outside.publish(events), writes=True)


def seconds_of(moment: datetime) -> float:
    """A time as seconds since the beginning of the simulation."""
    return (moment - BEGINNING).total_seconds()
