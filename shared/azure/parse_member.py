"""Fleet members, from ARM and Resource Graph alike."""

from __future__ import annotations

from collections.abc import Mapping

from shared.azure.arm_json import Json, parsed_or_missing, text_at, value_at
from shared.core.fleet import Cluster, Member
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown, Unparsed

MANAGED_CLUSTER = "microsoft.containerservice/managedclusters"
"""The type of AKS clusters; a fleet may have members of other types."""


def cluster_id_of(body: Json) -> ResourceId | Unparsed:
    """The cluster that a member's body names; AKS and people spell such ids in different cases."""
    return parsed_or_missing(value_at(body, "properties", "clusterResourceId"), ResourceId.parse)


def parse_member(member_id: ResourceId, body: Json, clusters: Mapping[ResourceId, Cluster | Unknown]) -> Member:
    """The member with its cluster, which is `Unknown` where `clusters` has not got it.

    A member that names no cluster at all has its own id in the place of the cluster's.
    """
    cluster_id = cluster_id_of(body)
    cluster: Cluster | Unknown
    if isinstance(cluster_id, Unparsed):
        cluster = Unknown(f"its clusterResourceId, {cluster_id.text}, is no id of a resource")
    else:
        cluster = clusters.get(cluster_id) or _not_there(cluster_id)
    return Member(
        name=member_id.name,
        group=text_at(body, "properties", "group") or None,
        provisioning_state=text_at(body, "properties", "provisioningState"),
        cluster_id=member_id if isinstance(cluster_id, Unparsed) else cluster_id,
        cluster=cluster,
    )


def _not_there(cluster_id: ResourceId) -> Unknown:
    if cluster_id.type != MANAGED_CLUSTER:
        return Unknown(f"{cluster_id} is no AKS cluster")
    return Unknown(f"the cluster {cluster_id} was not found or is not readable by the app's identity")
