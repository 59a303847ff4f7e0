"""Somebody who follows the how-to about auto-upgrade profiles in the documentation of Fleet, command by command."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from string import Template
from typing import TypeAlias, cast

from azure.mgmt.containerservice.models import ManagedCluster, ManagedClusterProperties

from tests.tools.emulator.sdk_clients import SdkClients
from tests.tools.how_to.extension import FleetExtension, UsageError
from tools.json_value import Json

JsonObject: TypeAlias = dict[str, Json]

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
PROVIDER = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Microsoft.ContainerService"
PROFILE_ID = f"{PROVIDER}/fleets/fleet1/autoUpgradeProfiles/aup"
VARIABLES = {
    "GROUP": "rg1",
    "FLEET": "fleet1",
    "AUTOUPGRADEPROFILE": "aup",
    "STRATEGYID": f"{PROVIDER}/fleets/fleet1/updateStrategies/staging-first",
    "CLUSTER": "cluster1",
}
"""What the page has its reader export first. The profile's name is short, for it becomes part of its runs' names."""

NAMED = "--resource-group $GROUP --fleet-name $FLEET --name $AUTOUPGRADEPROFILE"
CREATE = f"az fleet autoupgradeprofile create {NAMED}"
DELETE = f"az fleet autoupgradeprofile delete {NAMED}"
GENERATE = (
    "az fleet autoupgradeprofile generate-update-run --resource-group $GROUP --fleet-name $FLEET "
    "--auto-upgrade-profile-name $AUTOUPGRADEPROFILE"
)


@dataclass(frozen=True)
class Reader:
    """Runs the page's commands; only their variables are filled in."""

    clients: SdkClients

    def az(self, command: str, **variables: str) -> Json:
        """Run `az fleet …`; what it prints.

        Raises:
            UsageError: it is refused before anything is sent.
        """
        words = shlex.split(Template(command).substitute({**VARIABLES, **variables}))
        if words[:2] != ["az", "fleet"]:
            raise UsageError(command)
        return FleetExtension(self.clients.fleet).run(words[2:])

    def sent(self) -> JsonObject:
        """The body of the last PUT."""
        [*_, last] = [request for request in self.clients.requests if request.method == "PUT"]
        return cast("JsonObject", json.loads(str(last.content)))

    def profile(self) -> JsonObject:
        """The properties of the profile, as `show` prints them."""
        return properties(self.az(f"az fleet autoupgradeprofile show {NAMED}"))

    def run_names(self) -> list[str]:
        """The names of the fleet's update runs."""
        listed = self.az("az fleet updaterun list --resource-group $GROUP --fleet-name $FLEET")
        assert isinstance(listed, list)
        return [str(each["name"]) for each in listed if isinstance(each, dict)]

    def generate(self, **variables: str) -> str:
        """Generate the profile's update run; its name."""
        printed = self.az(GENERATE, **variables)
        assert isinstance(printed, dict)
        assert list(printed) == ["id"]
        return str(printed["id"]).rpartition("/")[2]

    def run(self, name: str, **variables: str) -> JsonObject:
        """The properties of an update run, as `show` prints them."""
        shown = self.az(
            "az fleet updaterun show --resource-group $GROUP --fleet-name $FLEET --name $RUN", RUN=name, **variables
        )
        return properties(shown)

    def state(self, name: str) -> Json:
        """Where an update run stands."""
        status = self.run(name)["status"]
        assert isinstance(status, dict)
        own = status["status"]
        assert isinstance(own, dict)
        return own["state"]

    def start(self, name: str) -> None:
        """Start an update run."""
        self.az("az fleet updaterun start --resource-group $GROUP --fleet-name $FLEET --name $RUN", RUN=name)

    def cluster(self, name: str) -> ManagedClusterProperties:
        """What `az aks show` reads."""
        shown: ManagedCluster = self.clients.aks.managed_clusters.get(VARIABLES["GROUP"], name)
        assert shown.properties is not None
        return shown.properties

    def kubernetes_version(self, name: str) -> str | None:
        """`az aks show --query currentKubernetesVersion`."""
        return self.cluster(name).current_kubernetes_version

    def node_images(self, *names: str) -> list[str | None]:
        """The node image of each cluster's first pool."""
        pools = [self.cluster(name).agent_pool_profiles or [] for name in names]
        return [pool.node_image_version for pool, *_ in pools]


def properties(resource: Json) -> JsonObject:
    """The properties of a resource that a command printed."""
    assert isinstance(resource, dict)
    content = resource["properties"]
    assert isinstance(content, dict)
    return content
