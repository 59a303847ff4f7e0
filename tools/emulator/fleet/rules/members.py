"""The rules for members of a fleet."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.connected_clusters import connected_cluster
from tools.emulator.fleet.rules.names import check_name
from tools.emulator.fleet.rules.refusals import GATES_SINCE, check_known, invalid, not_changeable
from tools.emulator.state import ConnectedCluster, Estate, FleetResource, ManagedCluster

_CLUSTER_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerService/managedClusters/[^/]+", re.I
)


def cluster_of(
    properties: Field, estate: Estate, existing: FleetResource | None, region: str
) -> ManagedCluster | ConnectedCluster:
    """The cluster that `clusterResourceId` names.

    The emulator has no provider for connected clusters: every id of one is accepted.

    Args:
        properties: of the member as it is to be written.
        estate: has the clusters.
        existing: the member that is there, whose cluster stays what it is.
        region: that of a connected cluster that is not in the estate.

    Raises:
        ArmError: 400, it is missing, no cluster's id, another one than before, or there is no such cluster.
    """
    field = properties.at("clusterResourceId")
    cluster_id = field.text()
    if not cluster_id:
        raise invalid("clusterResourceId is required.", field.path)
    connected = estate.connected_clusters.get(cluster_id.lower()) or connected_cluster(cluster_id, region)
    if connected is None and _CLUSTER_ID.fullmatch(cluster_id) is None:
        raise invalid(f"clusterResourceId '{cluster_id}' is not the id of a managed cluster.", field.path)
    if existing is not None:
        current = Field(existing.properties).at("clusterResourceId").text()
        if cluster_id.lower() != current.lower():  # UNVERIFIED: the response; the API declares it as set on creation
            raise not_changeable(field, current)
    if connected is not None:
        return connected
    cluster = estate.clusters.get(cluster_id.lower())
    if cluster is None:
        raise invalid(f"The cluster '{cluster_id}' does not exist.", field.path)
    return cluster


def check_group_and_labels(properties: Field, api_version: str) -> None:
    """What PUT and PATCH both can write."""
    group = properties.at("group")
    if group.is_given:  # null takes a member out of its group; the specification has no empty one
        check_name(group.text(), target=group.path)
    labels = properties.at("labels")
    check_known(labels, api_version, GATES_SINCE)
    labels.texts()
