"""What the control plane shows of the estate."""

from __future__ import annotations

from emulator.arm.values import json_time
from emulator.json_value import Json
from emulator.releases import RegionOffers
from emulator.state import Estate, Fleet, FleetResource, ManagedCluster
from emulator.ticker import RunningClock


def clock_state(clock: RunningClock, *, idle: bool) -> dict[str, Json]:
    """The clock as `/emulator/clock` shows it."""
    upcoming = clock.next_event_at
    return {
        "now": json_time(clock.now()),
        "rate": clock.rate,
        "nextEventAt": None if upcoming is None else json_time(upcoming),
        "idle": idle,
    }


def estate_state(estate: Estate, clock: RunningClock, offers: RegionOffers) -> dict[str, Json]:
    """Fleets with their members and clusters, and all runs."""
    runs: list[Json] = [_run(run) for fleet in estate.fleets.values() for run in fleet.runs.values()]
    return {
        "now": json_time(clock.now()),
        "timelineEnd": json_time(offers.timeline_end),
        "fleets": [_fleet(fleet, estate) for fleet in estate.fleets.values()],
        "runs": runs,
    }


def cluster_state(cluster: ManagedCluster) -> dict[str, Json]:
    """A cluster in short."""
    return {
        "cluster": cluster.id,
        "region": cluster.region,
        "kubernetesVersion": cluster.kubernetes_version,
        "pools": [
            {"name": pool.name, "nodeImageVersion": pool.image, "kubernetesVersion": pool.kubernetes_version}
            for pool in cluster.pools
        ],
        "powerState": cluster.power_state,
        "provisioningState": cluster.provisioning_state,
    }


def _fleet(fleet: Fleet, estate: Estate) -> Json:
    profiles: list[Json] = [*fleet.profiles]
    return {
        "id": fleet.id,
        "name": fleet.name,
        "region": fleet.region,
        "profiles": profiles,
        "members": [_member(member, estate) for member in fleet.members.values()],
    }


def _member(member: FleetResource, estate: Estate) -> Json:
    cluster = estate.clusters.get(str(member.properties["clusterResourceId"]).lower())
    return {
        "id": member.id,
        "name": member.name,
        "group": member.properties.get("group"),
        **({"cluster": member.properties["clusterResourceId"]} if cluster is None else cluster_state(cluster)),
    }


def _run(run: FleetResource) -> Json:
    return {
        "id": run.id,
        "name": run.name,
        "state": _state_of(run),
        "autoUpgradeProfileId": run.properties.get("autoUpgradeProfileId"),
        "managedClusterUpdate": run.properties.get("managedClusterUpdate"),
    }


def _state_of(run: FleetResource) -> Json:
    """`status.status.state` of an update run."""
    status: Json = run.properties
    for name in ("status", "status", "state"):
        status = status.get(name) if isinstance(status, dict) else None
    return status
