"""Sends what the CLI extension `fleet` sends, command by command.

The order, the requests and the bodies are those of its recorded test `test_fleet_hubless` (Azure/azure-cli-extensions),
which was run against Azure itself with api-versions 2025-04-01-preview and 2026-02-01-preview. Omitted are the making
of the cluster, and what does not exist in an older api-version: gates, labels, long-term support.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import httpx

from tests.tools.emulator_wire.bodies import SUBSCRIPTION, JsonObject, strategy
from tools.json_value import Json

API_VERSIONS: Final = ("2025-03-01", "2025-04-01-preview", "2026-02-01-preview", "2026-06-01")
"""Those of the extension's releases since 1.5.0, and the stable one."""
GATES_SINCE: Final = "2025-04-01-preview"
WITH_GATES: Final = API_VERSIONS[1:]
MOST_POLLS: Final = 50
CLUSTER_API: Final = "api-version=2025-10-01"
GROUP_API: Final = "api-version=2024-11-01"

_GROUP: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform"
_PROVIDER: Final = "providers/Microsoft.ContainerService"
_FLEET: Final = f"{_GROUP}/{_PROVIDER}/fleets/fl-000002"
_MEMBER: Final = f"{_FLEET}/members/flmc-000003"
_RUN: Final = f"{_FLEET}/updateRuns/uprn-000004"
_STRATEGY: Final = f"{_FLEET}/updateStrategies/upstr-000005"
_PROFILE: Final = f"{_FLEET}/autoUpgradeProfiles/aup-000006"
_LONG_TERM_PROFILE: Final = f"{_FLEET}/autoUpgradeProfiles/aup-000007"


@dataclass
class ExtensionSession:
    """`responses`: what each command got; `ends`: the end of the operation it began; `gate`: the run's gate.

    It continues after any response; the tests check the responses.
    """

    http: httpx.Client
    api_version: str
    cluster_id: str
    kubernetes_version: str
    responses: dict[str, httpx.Response] = field(default_factory=dict)
    ends: dict[str, list[httpx.Response]] = field(default_factory=dict)
    gate: str = "no-gate"

    @property
    def has_gates(self) -> bool:
        """Whether gates, and what came with them, exist in the api-version."""
        return self.api_version >= GATES_SINCE

    def play(self) -> None:
        """Everything, in the recorded order."""
        self._fleet()
        self._member()
        self._runs()
        self._profiles()
        self._deletions()

    def _fleet(self) -> None:
        group = self._send("fleet create: where", "GET", _GROUP.replace("resourceGroups", "resourcegroups"), GROUP_API)
        self._send(
            "fleet create", "PUT", _FLEET, body={"location": group.get("location"), "identity": {"type": "None"}}
        )
        self._send("fleet wait", "GET", _FLEET)
        self._send("fleet update", "PATCH", _FLEET, body={"tags": {"foo": "doo"}})
        known = self._send("fleet reconcile: what", "GET", _FLEET)
        self._reconcile("fleet reconcile", _FLEET, known, ("tags", "location", "identity"))
        self._send("fleet show", "GET", _FLEET)
        self._send("fleet list", "GET", _FLEET.rpartition("/")[0])
        self._send("fleet list everywhere", "GET", f"/subscriptions/{SUBSCRIPTION}/{_PROVIDER}/fleets")

    def _member(self) -> None:
        labels: JsonObject = {"labels": {"team": "fleet"}} if self.has_gates else {}
        joining: JsonObject = {"clusterResourceId": self.cluster_id, "group": "group1", **labels}
        self._send("fleet member create", "PUT", _MEMBER, body={"properties": joining})
        self._send("fleet member update", "PATCH", _MEMBER, body={"properties": {"group": "group2"}})
        self._send("fleet member wait", "GET", _MEMBER)
        self._send("aks wait", "GET", self.cluster_id, CLUSTER_API)
        known = self._send("fleet member reconcile: what", "GET", _MEMBER)
        written = ("clusterResourceId", "group", "labels") if self.has_gates else ("clusterResourceId", "group")
        self._reconcile("fleet member reconcile", _MEMBER, known, written, below=True)
        self._send("fleet member list", "GET", _MEMBER.rpartition("/")[0])
        self._send("fleet member show", "GET", _MEMBER)

    def _runs(self) -> None:
        stages = strategy(with_gates=self.has_gates)
        update: JsonObject = {
            "upgrade": {"type": "Full", "kubernetesVersion": self.kubernetes_version},
            "nodeImageSelection": {"type": "Latest"},
        }
        inline: JsonObject = {"strategy": stages, "managedClusterUpdate": update}
        self._send("fleet updaterun create --stages", "PUT", _RUN, body={"properties": inline})
        target: JsonObject = {"targets": [{"type": "Group", "name": "group2"}]}
        self._send("fleet updaterun skip", "POST", f"{_RUN}/skip", body=target)
        self._send("fleet updaterun delete", "DELETE", _RUN)
        self._send("fleet updatestrategy create", "PUT", _STRATEGY, body={"properties": {"strategy": stages}})
        self._send("fleet updatestrategy show", "GET", _STRATEGY)
        self._send("fleet updatestrategy list", "GET", _STRATEGY.rpartition("/")[0])
        named: JsonObject = {"updateStrategyId": _STRATEGY, "managedClusterUpdate": update}
        self._send("fleet updaterun create --update-strategy-name", "PUT", _RUN, body={"properties": named})
        self._send("fleet updaterun start", "POST", f"{_RUN}/start")
        self._send("fleet updaterun show", "GET", _RUN)
        self._send("fleet updaterun list", "GET", _RUN.rpartition("/")[0])
        if self.has_gates:
            self._gates()
        self._send("fleet updaterun delete, under way", "DELETE", _RUN)

    def _gates(self) -> None:
        gates = f"{_FLEET}/gates"
        self._send("fleet gate list", "GET", gates)
        pending = self._send("fleet gate list --state-filter Pending", "GET", gates, "$filter=state eq Pending")
        items = pending.get("value")
        if isinstance(items, list) and items and isinstance(items[0], dict):
            self.gate = str(items[0].get("name"))
        self._send("fleet gate show", "GET", f"{gates}/{self.gate}")
        self._send("fleet gate approve", "PATCH", f"{gates}/{self.gate}", body={"properties": {"state": "Completed"}})

    def _profiles(self) -> None:
        booleans: JsonObject = {"longTermSupport": False} if self.has_gates else {}
        rapid: JsonObject = {
            "updateStrategyId": _STRATEGY,
            "channel": "Rapid",
            "nodeImageSelection": {"type": "Latest"},
            "disabled": True,
            **booleans,
        }
        self._send("fleet autoupgradeprofile create", "PUT", _PROFILE, body={"properties": rapid})
        if self.has_gates:
            target: JsonObject = {
                "channel": "TargetKubernetesVersion",
                "disabled": False,
                "targetKubernetesVersion": "1.30",
                "longTermSupport": True,
            }
            self._send("fleet autoupgradeprofile create --lts", "PUT", _LONG_TERM_PROFILE, body={"properties": target})
        self._send("fleet autoupgradeprofile show", "GET", _PROFILE)
        self._send("fleet autoupgradeprofile list", "GET", _PROFILE.rpartition("/")[0])
        self._send("fleet autoupgradeprofile generate-update-run", "POST", f"{_PROFILE}/generateUpdateRun")

    def _deletions(self) -> None:
        self._send("fleet autoupgradeprofile delete", "DELETE", _PROFILE)
        self._send("fleet updatestrategy delete", "DELETE", _STRATEGY)
        self._send("fleet member delete", "DELETE", _MEMBER)
        self._send("fleet delete", "DELETE", _FLEET)
        self._send("fleet show, after all", "GET", _FLEET)

    def _reconcile(
        self, command: str, path: str, known: JsonObject, keys: tuple[str, ...], *, below: bool = False
    ) -> None:
        """Put what was read, without what cannot be written, on condition that it is still the same."""
        source = known.get("properties") if below else known
        content = {key: source[key] for key in keys if key in source} if isinstance(source, dict) else {}
        body: JsonObject = {"properties": content} if below else content
        self._send(command, "PUT", path, body=body, headers={"If-Match": str(known.get("eTag"))})

    def _send(
        self,
        command: str,
        method: str,
        path: str,
        query: str = "",
        body: Json = None,
        headers: dict[str, str] | None = None,
    ) -> JsonObject:
        """Send a request, and follow its operation to the end; the response's body, empty if it has none."""
        own_version = query if "api-version" in query else f"api-version={self.api_version}"
        more = f"&{query}" if query and query != own_version else ""
        response = self.http.request(method, f"{path}?{own_version}{more}", json=body, headers=headers)
        self.responses[command] = response
        self.ends[command] = self._follow(response)
        content: Json = response.json() if response.content else None
        return content if isinstance(content, dict) else {}

    def _follow(self, response: httpx.Response) -> list[httpx.Response]:
        """The last poll of the operation that a response began, and what stood at its `Location` then."""
        url = response.headers.get("azure-asyncoperation")
        if url is None:
            return []
        poll = self.http.get(url)
        for _ in range(MOST_POLLS):
            if poll.is_error or poll.json()["status"] != "InProgress":
                break
            poll = self.http.get(url)
        location = response.headers.get("location")
        return [poll] if location is None else [poll, self.http.get(location)]
