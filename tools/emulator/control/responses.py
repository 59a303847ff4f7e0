"""What the control plane shows of the estate."""

from __future__ import annotations

from tools.emulator.arm.body import object_at, objects_at, text_at
from tools.emulator.arm.values import json_time
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate, Fleet, FleetResource, ManagedCluster
from tools.emulator.ticker import RunningClock
from tools.json_value import Json


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
            {
                "name": pool.name,
                "mode": pool.mode,
                "nodeImageVersion": pool.image,
                "kubernetesVersion": pool.kubernetes_version,
                "provisioningState": pool.provisioning_state,
            }
            for pool in cluster.pools
        ],
        "powerState": cluster.power_state,
        "provisioningState": cluster.provisioning_state,
        "busyUntil": None if cluster.busy_until is None else json_time(cluster.busy_until),
        "supportPlan": cluster.support_plan,
        "nodeProvisioning": cluster.node_provisioning,
        "failUpgrades": {
            "times": cluster.failures.times,
            "provisioningState": cluster.failures.provisioning_state,
        },
    }


def fleet_state(fleet: Fleet) -> dict[str, Json]:
    """A fleet in short, without what lies in it."""
    return {"id": fleet.id, "name": fleet.name, "region": fleet.region, "tags": {**fleet.tags}, "eTag": fleet.etag}


def _fleet(fleet: Fleet, estate: Estate) -> Json:
    profiles: list[Json] = [*fleet.profiles]
    return {
        **fleet_state(fleet),
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
    status = object_at(run.properties, "status")
    images: list[Json] = [
        text_at(image, "version") for image in objects_at(status, "nodeImageSelection", "selectedNodeImageVersions")
    ]
    members: list[Json] = [
        {
            "name": text_at(member, "name"),
            "state": text_at(member, "status", "state"),
            "message": text_at(member, "message"),
        }
        for stage in objects_at(status, "stages")
        for group in objects_at(stage, "groups")
        for member in objects_at(group, "members")
    ]
    return {
        "id": run.id,
        "name": run.name,
        "state": text_at(status, "status", "state"),
        "autoUpgradeProfileId": run.properties.get("autoUpgradeProfileId"),
        "updateStrategyId": run.properties.get("updateStrategyId"),
        "managedClusterUpdate": run.properties.get("managedClusterUpdate"),
        "selectedNodeImageVersions": images,
        "members": members,
    }
