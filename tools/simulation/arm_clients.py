"""Stand-ins for the clients of ARM: those of the SDK, and the app's own reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest

from tools.simulation.sdk import Client, Outside, Poller, Shown, short
from tools.simulation.world.azure import Actor
from tools.simulation.world.model import FAMILY, Body, Run

_COLUMN = re.compile(r"(\w+) = ")
_DATETIME = re.compile(r"datetime\(([^)]+)Z\)")


class FleetClient(Client):
    """`ContainerServiceFleetMgmtClient`."""

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside)
        azure = outside.azure
        fleet = azure.fleet_body()["id"]
        self.fleets = SimpleNamespace(get=lambda *_: self.get(str(fleet)))
        self.auto_upgrade_profiles = SimpleNamespace(
            list_by_fleet=lambda *_: self.listed("profiles", lambda: [p.body() for p in azure.profiles.values()]),
            get=lambda *path: self.get(f"{fleet}/autoUpgradeProfiles/{path[-1]}"),
        )
        self.fleet_update_strategies = SimpleNamespace(
            get=lambda *path: self.get(f"{fleet}/updateStrategies/{path[-1]}")
        )
        self.auto_upgrade_profile_operations = SimpleNamespace(begin_generate_update_run=self._generate)
        self.update_runs = SimpleNamespace(
            begin_create_or_update=self._create,
            begin_start=self._on_run("start", azure.start),
            begin_stop=self._on_run("stop", azure.stop),
            begin_skip=self._skip,
        )

    def _create(
        self, _group: str, _fleet: str, name: str, body: Body, *, cls: Callable[..., object], **_: object
    ) -> SimpleNamespace:
        def create() -> Body:
            return self.outside.azure.create(self.outside.actor(), run_of(name, body))

        created = self.call(f"PUT updateRuns/{name}", create, writes=True)
        response = SimpleNamespace(http_response=SimpleNamespace(content=json.dumps(created).encode()))
        return SimpleNamespace(result=lambda _timeout: cls(response, None, {}))

    def _on_run(self, verb: str, operation: Callable[[Actor, str, str | None], Body]) -> Callable[..., Poller]:
        def begin(_group: str, _fleet: str, name: str, *, etag: str, **_: object) -> Poller:
            what = f"POST updateRuns/{name}/{verb}"
            return Poller(self.call(what, lambda: operation(self.outside.actor(), name, etag), writes=True))

        return begin

    def _skip(
        self, _group: str, _fleet: str, name: str, body: Mapping[str, object], *, etag: str, **_: object
    ) -> Poller:
        targets = body["targets"]
        members = [str(target["name"]) for target in targets] if isinstance(targets, list) else []
        what = f"POST updateRuns/{name}/skip {', '.join(members)}"
        azure, actor = self.outside.azure, self.outside.actor()
        return Poller(self.call(what, lambda: azure.skip(actor, name, etag, members), writes=True))

    def _generate(self, _group: str, _fleet: str, profile: str) -> Poller:
        def generate() -> Body:
            return self.outside.azure.generate(self.outside.actor(), profile)

        return Poller(self.call(f"POST autoUpgradeProfiles/{profile}/generateUpdateRun", generate, writes=True))


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


class AksClient(Client):
    """`ContainerServiceClient`."""

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside)
        azure = outside.azure
        self.managed_clusters = SimpleNamespace(
            get=lambda _group, name: Shown(self.call(f"GET cluster {name}", azure.clusters[name].body)),
            list_kubernetes_versions=lambda region: Shown(
                self.call(f"GET versions of {region}", lambda: azure.offers.body(region))
            ),
        )
        self.agent_pools = SimpleNamespace(get_upgrade_profile=self._upgrade_profile)
        self.maintenance_configurations = SimpleNamespace(
            list_by_managed_cluster=lambda *_: self.listed("maintenance", list)
        )

    def _upgrade_profile(self, _group: str, cluster: str, _pool: str) -> Shown:
        azure = self.outside.azure

        def read() -> Body:
            newest = azure.offers.images[azure.clusters[cluster].region]
            return {"properties": {"latestNodeImageVersion": f"{FAMILY}-{newest}"}}

        return Shown(self.call(f"GET upgrade profile of {cluster}", read))


class PipelineClient(Client):
    """`ARMPipelineClient`, for plain requests to ARM and to Resource Graph.

    Resource Graph knows three kinds of queries by their words, and lags.
    """

    def __init__(self, outside: Outside) -> None:
        super().__init__(outside)
        self._known_rows: dict[int, tuple[Body, Body]] = {}

    def format_url(self, url: str) -> str:
        """The URL as it is."""
        return url

    def send_request(self, request: HttpRequest) -> SimpleNamespace:
        """The response, which is one page."""
        return SimpleNamespace(status_code=200, content=json.dumps(self._answer(request)).encode())

    def _answer(self, request: HttpRequest) -> Body:
        if request.method == "POST":
            query = str(_mapping(json.loads(str(request.content)))["query"])
            return {"data": self.call("query Resource Graph", lambda: list(self._rows(query)))}
        path, azure = urlsplit(request.url).path, self.outside.azure
        lists: Mapping[str, Callable[[], Iterable[Body]]] = {
            "members": lambda: [member.body() for member in azure.members.values()],
            "updateRuns": lambda: [run.body() for run in azure.runs.values()],
            "managedClusters": lambda: [cluster.body() for cluster in azure.clusters.values()],
        }
        kind = path.rpartition("/")[2]
        if kind in lists:
            return {"value": self.call(f"GET {kind}", lambda: list(lists[kind]()))}
        return self.call(f"GET {short(path)}", lambda: azure.latest(path))

    def _rows(self, query: str) -> Iterator[Body]:
        azure = self.outside.azure
        bodies = sorted(azure.as_of(azure.now() - self.outside.graph_lag()), key=lambda body: str(body["id"]))
        if "take 1" in query:
            yield from ({"id": body["id"]} for body in bodies if _is_to_watch(body, query))
            return
        is_child = query.startswith("aksresources")
        columns = tuple(_COLUMN.findall(query))
        yield from (self._row(body, columns) for body in bodies if (str(body["id"]).count("/") > 8) is is_child)

    def _row(self, body: Body, columns: tuple[str, ...]) -> Body:
        """The row of a body, which is remembered: the same bodies are asked for again and again."""
        if id(body) not in self._known_rows:
            values = {name: _value(body, name.split("_")) for name in columns}
            row = {name: value for name, value in values.items() if value is not None}
            row.update(id=body["id"], location=body.get("location"), tags=body.get("tags"))
            self._known_rows[id(body)] = (body, row)
        return self._known_rows[id(body)][1]


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
