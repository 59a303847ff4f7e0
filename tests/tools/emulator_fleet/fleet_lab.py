"""The emulator's parts with Fleet and its update runs: one fleet, three regions, requests without a port."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import httpx

from tests.tools.emulator.builders import REGIONS, fleet, member, world
from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tests.tools.releases.builders import MONDAY, image, patch, timeline
from tools.emulator.fleet.provider import FleetProvider
from tools.emulator.state import ManagedCluster
from tools.emulator.update_runs.engine import UpdateRunEngine
from tools.json_value import Json
from tools.releases import Timeline

FLEET = f"{SUBSCRIPTION_PATH}/resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail"
API = "api-version=2026-06-01"
PREVIEW = "api-version=2026-06-02-preview"
"""Has `maxAllowedFailures`."""
CONTROL_PLANE, POOL = 20, 10
"""Minutes that upgrades take by default."""

JsonObject = dict[str, Json]


def a_stage(name: str, *groups: str, **more: Json) -> JsonObject:
    return {"name": name, "groups": [{"name": group} for group in groups], **more}


def a_run(version: str | None = "1.30.7", selection: str = "Latest", **more: Json) -> JsonObject:
    upgrade: JsonObject = {"type": "Full", "kubernetesVersion": version} if version else {"type": "NodeImageOnly"}
    return {"managedClusterUpdate": {"upgrade": upgrade, "nodeImageSelection": {"type": selection}}, **more}


def released(*versions: str) -> Timeline:
    """Patches that every region offers from the start."""
    long_ago = MONDAY - timedelta(days=30)
    return timeline(*(patch(version, long_ago) for version in versions))


class FleetLab(Lab):
    """`names` are members on 1.30.5, each in a group of the same name; regions in turn."""

    def __init__(self, *names: str, groups: Mapping[str, str] | None = None, releases: Timeline | None = None) -> None:
        members = [
            member(name, REGIONS[number % len(REGIONS)], group=(groups or {}).get(name, name))
            for number, name in enumerate(names or ("one", "two", "three"))
        ]
        super().__init__(world(fleet("retail", *members)), releases or released("1.30.7"))
        self.engine = UpdateRunEngine(self.estate, self.clock, self.journal, self.offers)
        FleetProvider(self.estate, self.clock, self.journal, self.offers, self.engine).register(self.router)

    def send(
        self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None, api: str = API
    ) -> httpx.Response:
        """The response to a request below the fleet."""
        return self.http.request(method, f"{FLEET}{path}?{api}", json=body, headers=headers)

    def put(self, path: str, properties: JsonObject, status: int = 201, api: str = API) -> JsonObject:
        """Create something below the fleet."""
        response = self.send("PUT", path, {"properties": properties}, api=api)
        assert response.status_code == status, response.text
        return cast("JsonObject", response.json())

    def run(self, name: str = "run") -> JsonObject:
        """The run's properties."""
        return cast("JsonObject", self.send("GET", f"/updateRuns/{name}").json()["properties"])

    @staticmethod
    def run_path(name: str = "run") -> str:
        """The run's path, without an api-version."""
        return f"{FLEET}/updateRuns/{name}"

    def start(self, name: str = "run") -> None:
        """Start a run."""
        assert self.send("POST", f"/updateRuns/{name}/start").status_code == 200

    def pass_minutes(self, minutes: float) -> None:
        """Move time forward."""
        self.clock.advance(self.clock.now() + timedelta(minutes=minutes))

    def state(self, name: str = "run") -> str:
        """The run's state."""
        status = cast("JsonObject", self.run(name)["status"])
        return str(cast("JsonObject", status["status"])["state"])

    def members(self, name: str = "run") -> dict[str, JsonObject]:
        """The members in a run, by name."""
        status = cast("JsonObject", self.run(name)["status"])
        found: dict[str, JsonObject] = {}
        for stage in cast("list[JsonObject]", status["stages"]):
            for group in cast("list[JsonObject]", stage["groups"]):
                for one in cast("list[JsonObject]", group.get("members", [])):
                    found[str(one["name"])] = one
        return found

    def states(self, name: str = "run") -> dict[str, str]:
        """The members' states in a run."""
        return {key: str(cast("JsonObject", one["status"])["state"]) for key, one in self.members(name).items()}

    def status(self, member: str, name: str = "run") -> JsonObject:
        """A member's `status` in a run."""
        return cast("JsonObject", self.members(name)[member]["status"])

    def skip(self, kind: str, target: str, name: str = "run") -> None:
        """Skip something in a run."""
        response = self.send("POST", f"/updateRuns/{name}/skip", {"targets": [{"type": kind, "name": target}]})
        assert response.status_code == 200, response.text

    def cluster(self, name: str) -> ManagedCluster:
        """A cluster."""
        return next(known for known in self.estate.clusters.values() if known.name == name)

    def change(self, cluster: str, **changes: Json) -> JsonObject:
        """Change a cluster from outside."""
        return self.control("PATCH", "/clusters", {"id": self.cluster(cluster).id, **changes})

    def version(self, cluster: str) -> str:
        """What a cluster runs."""
        return self.cluster(cluster).kubernetes_version

    def image(self, cluster: str) -> str:
        """The image of a cluster's first pool."""
        return self.cluster(cluster).pools[0].image


__all__ = ["API", "FLEET", "PREVIEW", "FleetLab", "JsonObject", "a_run", "a_stage", "image", "patch", "released"]
