"""Warnings about the clusters of a run; they block nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.core.model.fleet import Cluster, Member
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpgradeType
from shared.core.reasons import DecisionWarning, Notice

AUTO_UPGRADE_SCHEDULE = "aksmanagedautoupgradeschedule"
NODE_OS_SCHEDULE = "aksmanagednodeosupgradeschedule"
OLD_SCHEDULE = "default"
"""Names of maintenance configurations in lower case; Fleet holds Kubernetes upgrades to the first, node images to the
second (AKS documentation of planned maintenance)."""

_NODE_IMAGE_CHANNEL = "node-image"
_IMAGE_CHANNELS = frozenset({"nodeimage", "securitypatch"})


def member_warnings(members: Sequence[Member], upgrade_type: UpgradeType) -> tuple[Notice, ...]:
    """The warnings about the members' clusters, in the members' order."""
    return tuple(
        notice
        for member in members
        if member.is_joined and isinstance(member.cluster, Cluster)
        for notice in _warnings(member.name, member.cluster, upgrade_type)
    )


def _warnings(member: str, cluster: Cluster, upgrade_type: UpgradeType) -> Iterator[Notice]:
    if cluster.fixed_pools and upgrade_type is not UpgradeType.CONTROL_PLANE_ONLY:
        pools = ", ".join(f"{pool.name} (mode {pool.mode})" for pool in cluster.fixed_pools)
        yield Notice(DecisionWarning.NODE_POOL_NOT_IN_RUN, f"{member}: no run upgrades node pool {pools}.")
    channel = _competing_channel(cluster, upgrade_type)
    if channel:
        yield Notice(
            DecisionWarning.CLUSTER_AUTO_UPGRADE_ON,
            f"{member}: the cluster's own auto-upgrade is on ({channel}); it may upgrade the cluster first.",
        )
    windows = cluster.maintenance_windows
    if isinstance(windows, Unknown):
        yield Notice(
            DecisionWarning.MAINTENANCE_WINDOWS_UNKNOWN,
            f"{member}: its maintenance windows could not be read: {windows.why}.",
        )
    elif windows is not None and not {OLD_SCHEDULE, _schedule(upgrade_type)} & windows:
        yield Notice(
            DecisionWarning.NO_MAINTENANCE_WINDOW,
            f"{member}: no maintenance window; the cluster may be upgraded at any time.",
        )


def _competing_channel(cluster: Cluster, upgrade_type: UpgradeType) -> str:
    if upgrade_type is not UpgradeType.NODE_IMAGE_ONLY:
        return cluster.upgrade_channel
    if cluster.upgrade_channel == _NODE_IMAGE_CHANNEL:
        return cluster.upgrade_channel
    return cluster.node_os_upgrade_channel if cluster.node_os_upgrade_channel in _IMAGE_CHANNELS else ""


def _schedule(upgrade_type: UpgradeType) -> str:
    return NODE_OS_SCHEDULE if upgrade_type is UpgradeType.NODE_IMAGE_ONLY else AUTO_UPGRADE_SCHEDULE
