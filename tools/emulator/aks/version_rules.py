"""Which Kubernetes versions a cluster and its pools may be created with and upgraded to.

Codes and words are those of Microsoft's support articles: "Upgrading Kubernetes version is not allowed" and
NodePoolMcVersionIncompatible (learn.microsoft.com/troubleshoot/azure/azure-kubernetes).
"""

from __future__ import annotations

from typing import Final

from tools.emulator.aks.errors import AksError
from tools.emulator.aks.kubernetes_versions import available_upgrades, default_minor, offered_patches
from tools.emulator.aks.os_limits import os_refusal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, ManagedCluster
from tools.releases import minor_of, numbers

_LARGEST_SKEW: Final = 3
"""Minor versions that a pool may be below its control plane."""
_UNSUPPORTED: Final = (
    "is not supported in this region. Please use [az aks get-versions] command to get the supported version list in "
    "this region. For more information, please check https://aka.ms/supported-version-list"
)


def resolve(version: str, cluster: ManagedCluster, offers: RegionOffers) -> str:
    """The full version for a cluster's region and plan: the newest patch of a minor version, or of the default one.

    Raises:
        AksError: 400, the region does not offer it.
    """
    minors = offers.minors(cluster.region)
    wanted = version or default_minor(minors) or ""
    for minor in minors:
        patches = offered_patches(minor, cluster.support_plan)
        if wanted == minor.minor and patches:
            return patches[-1]
        if wanted in patches:
            return wanted
    raise AksError(
        400, "K8sVersionNotSupported", f"Managed cluster {cluster.name} is on version {wanted} which {_UNSUPPORTED}"
    )


def check_upgrade(cluster: ManagedCluster, current: str, target: str, offers: RegionOffers) -> None:
    """Refuse a version that a part of the cluster cannot be upgraded to.

    Raises:
        AksError: 400.
    """
    available = available_upgrades(cluster, current, offers)
    if target not in available:
        raise AksError(
            400,
            "OperationNotAllowed",
            f"Upgrading Kubernetes version {current} to {target} is not allowed. Available upgrades: "
            f"[{' '.join(reversed(available))}]. Please see https://aka.ms/aks-supported-k8s-ver for version details.",
        )


def check_pool(pool: AgentPool, target: str, control_plane: str) -> None:
    """Refuse a pool's version that its control plane or its operating system does not allow.

    Raises:
        AksError: 400.
    """
    check_skew(target, control_plane)
    refusal = os_refusal(pool, target)
    if refusal is not None:
        raise AksError(400, refusal.code, refusal.message)


def check_skew(pool: str, control_plane: str) -> None:
    """Refuse versions of a pool and a control plane that do not go together.

    Raises:
        AksError: 400. UNVERIFIED: the words for a pool above its control plane.
    """
    skew = numbers(minor_of(control_plane))[1] - numbers(minor_of(pool))[1]
    if numbers(pool) <= numbers(control_plane) and skew <= _LARGEST_SKEW:
        return
    limit = f"more than {_LARGEST_SKEW} versions less than" if skew > 0 else "bigger than"
    raise AksError(
        400,
        "NodePoolMcVersionIncompatible",
        f"Node pool version {pool} and control plane version {control_plane} are incompatible. Minor version of node "
        f"pool cannot be {limit} control plane's version. For more information, please check "
        "https://aka.ms/aks/UpgradeVersionRules",
    )
