"""The script that people write with Azure's SDK; `tools.benchmarks.against_script` compares the app with it.

For each fleet it lists profiles and members; for each member it gets the cluster, its upgrade profile, and the upgrade
profile of each node pool. A profile with a cluster or node pool for which there is something newer gets an update run,
which is started.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ManagedIdentityCredential
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.containerservicefleet.models import AutoUpgradeProfile, Fleet, FleetMember

from shared.settings import read_settings
from tools.benchmarks.metered import Meter, MeteredConnection


@dataclass(frozen=True, slots=True)
class _Clients:
    fleets: ContainerServiceFleetMgmtClient
    clusters: ContainerServiceClient


def run(clients: _Clients, fleets: Iterable[Fleet]) -> int:
    """Upgrade what is due in the fleets; how many runs were started."""
    started = 0
    for fleet in fleets:
        group, name = _parts(fleet.id)
        profiles = list(clients.fleets.auto_upgrade_profiles.list_by_fleet(group, name))
        members = list(clients.fleets.fleet_members.list_by_fleet(group, name))
        is_behind = [_is_behind(clients, member) for member in members]
        for profile in profiles:
            index = 1 if _channel(profile) == "NodeImage" else 0
            if any(each[index] for each in is_behind):
                started += _generate_and_start(clients, group, name, profile)
    return started


def _is_behind(clients: _Clients, member: FleetMember) -> tuple[bool, bool]:
    """Whether there is a newer version in the cluster's minor, and whether a newer node image."""
    group, name = _parts(_text(member.properties, "clusterResourceId"))
    cluster = clients.clusters.managed_clusters.get(group, name)
    upgrades = clients.clusters.managed_clusters.get_upgrade_profile(group, name)
    version = _text(cluster.properties, "currentKubernetesVersion")
    minor = version.rpartition(".")[0]
    offered = upgrades["properties"]["controlPlaneProfile"].get("upgrades") or []
    newer = any(each["kubernetesVersion"].startswith(f"{minor}.") for each in offered)
    has_newer_image = False
    for pool in cluster["properties"]["agentPoolProfiles"]:
        latest = clients.clusters.agent_pools.get_upgrade_profile(group, name, pool["name"])
        has_newer_image |= latest["properties"]["latestNodeImageVersion"] != pool["nodeImageVersion"]
    return newer, has_newer_image


def _generate_and_start(clients: _Clients, group: str, fleet: str, profile: AutoUpgradeProfile) -> bool:
    operations = clients.fleets.auto_upgrade_profile_operations
    generated = operations.begin_generate_update_run(group, fleet, profile.name or "").result()
    clients.fleets.update_runs.begin_start(group, fleet, (generated.id or "").rpartition("/")[2]).result()
    return True


def _parts(resource_id: str | None) -> tuple[str, str]:
    parts = (resource_id or "").split("/")
    return parts[4], parts[8]


def _text(properties: Any, name: str) -> str:  # noqa: ANN401 - a model of either SDK, which is read as a mapping
    return str(properties[name])


def _channel(profile: AutoUpgradeProfile) -> str:
    return _text(profile.properties, "channel")


def main() -> int:
    """Run the script over some fleets, metered."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks.sdk_script", description=__doc__)
    parser.add_argument("--fleets", type=int, required=True, help="how many fleets it reads, of those that it lists")
    options = parser.parse_args()
    settings, meter = read_settings(os.environ), Meter()
    connection = MeteredConnection(settings, meter)
    credential = ManagedIdentityCredential(connection_verify=connection.verify)
    common: dict[str, Any] = {
        "base_url": settings.arm_endpoint,
        "credential_scopes": [connection.arm_scope],
        "transport": RequestsTransport(
            session=connection.session, session_owner=False, connection_verify=connection.verify
        ),
    }
    [subscription] = settings.subscription_ids
    clients = _Clients(
        ContainerServiceFleetMgmtClient(credential, subscription, **common),
        ContainerServiceClient(credential, subscription, **common),
    )
    began, cpu = time.perf_counter(), time.process_time()
    fleets = list(clients.fleets.fleets.list_by_subscription())
    listed = len(meter.sent)
    started = run(clients, fleets[: options.fleets])
    print(
        json.dumps(
            {
                "fleets": len(fleets),
                "fleetsRead": min(options.fleets, len(fleets)),
                "listRequests": listed,
                "requests": len(meter.sent) - listed,
                "started": started,
                "seconds": time.perf_counter() - began,
                "cpuSeconds": time.process_time() - cpu,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
