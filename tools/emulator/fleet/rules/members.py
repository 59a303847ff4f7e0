"""The rules for members of a fleet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.names import check_name
from tools.emulator.fleet.rules.refusals import GATES_SINCE, check_known, invalid, not_changeable
from tools.emulator.state import FleetResource, ManagedCluster

_CLUSTER_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerService/managedClusters/[^/]+", re.I
)


def cluster_of(
    properties: Field, clusters: Mapping[str, ManagedCluster], existing: FleetResource | None
) -> ManagedCluster:
    """The cluster that `clusterResourceId` names.

    Args:
        properties: of the member as it is to be written.
        clusters: by their id in lower case.
        existing: the member that is there, whose cluster stays what it is.

    Raises:
        ArmError: 400, it is missing, no cluster's id, another one than before, or there is no such cluster.
    """
    field = properties.at("clusterResourceId")
    cluster_id = field.text()
    if not cluster_id:
        raise invalid("clusterResourceId is required.", field.path)
    if _CLUSTER_ID.fullmatch(cluster_id) is None:
        raise invalid(f"clusterResourceId '{cluster_id}' is not the id of a managed cluster.", field.path)
    if existing is not None:
        current = Field(existing.properties).at("clusterResourceId").text()
        if cluster_id.lower() != current.lower():  # UNVERIFIED: the response; the API declares it as set on creation
            raise not_changeable(field, current)
    cluster = clusters.get(cluster_id.lower())
    if cluster is None:
        raise invalid(f"The cluster '{cluster_id}' does not exist.", field.path)
    return cluster


def check_group_and_labels(properties: Field, api_version: str) -> None:
    """What PUT and PATCH both can write."""
    group = properties.at("group")
    if group.text():
        check_name(group.text(), target=group.path)
    labels = properties.at("labels")
    check_known(labels, api_version, GATES_SINCE)
    labels.texts()
