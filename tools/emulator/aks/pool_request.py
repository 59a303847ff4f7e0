"""Node pools as requests describe them."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.aks.errors import AksError
from tools.emulator.aks.version_rules import check_pool, check_upgrade, resolve
from tools.emulator.arm.body import Field
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, ManagedCluster
from tools.releases import minor_of, numbers

_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,11}", re.ASCII)
_MODES: Final = ("System", "User", "Gateway")
_OS_TYPES: Final = ("Linux", "Windows")
_UBUNTU_2404_SINCE: Final = (1, 35)
"""Ubuntu means Ubuntu 24.04 from this Kubernetes version on (aka.ms/aks/upgrade-os-version)."""
_FAMILIES: Final = {
    "Ubuntu2204": "AKSUbuntu-2204gen2containerd",
    "Ubuntu2404": "AKSUbuntu-2404gen2containerd",
    "AzureLinux": "AKSAzureLinux-V3gen2",
    "AzureLinux3": "AKSAzureLinux-V3gen2",
    "Windows2019": "AKSWindows-2019-containerd",
    "Windows2022": "AKSWindows-2022-containerd-gen2",
    "Windows2025": "AKSWindows-2025-containerd-gen2",
}
MAXIMUM_NODES: Final = 1000


def new_pool(name: str, request: Field, cluster: ManagedCluster, offers: RegionOffers, default_mode: str) -> AgentPool:
    """A pool as it is to be created, with the newest image of its operating system.

    Args:
        name: of the pool.
        request: its properties.
        cluster: the one that it is for.
        offers: what the cluster's region offers.
        default_mode: of a pool that has none in its request.

    Raises:
        AksError: 400, it cannot be. UNVERIFIED: codes and words, but for those of versions.
    """
    if _NAME.fullmatch(name) is None:
        raise invalid(f"The node pool name '{name}' must be 1 to 12 lower-case letters and digits, a letter first.")
    version = pool_version(request, cluster, offers, cluster.kubernetes_version) or cluster.kubernetes_version
    family = _family(request, version)
    image = offers.newest_image(cluster.region, family)
    if image is None:
        raise invalid(f"No node image of {family} is offered in region '{cluster.region}'.")
    pool = AgentPool(
        name=name,
        family=family,
        kubernetes_version=version,
        image=f"{family}-{image}",
        mode=mode_of(request) or default_mode,
        count=count_of(request) or 1,
        vm_size=request.at("vmSize").text() or AgentPool.vm_size,
        provisioning_state="Creating",
    )
    check_pool(pool, version, cluster.kubernetes_version)
    return pool


def pool_version(request: Field, cluster: ManagedCluster, offers: RegionOffers, control_plane: str) -> str:
    """The full version that a request asks for, beside a control plane of a version; empty if it asks for none.

    Raises:
        AksError: 400, the region does not offer it.
    """
    wanted = request.at("orchestratorVersion").text()
    if not wanted:
        return ""
    return control_plane if wanted in {control_plane, minor_of(control_plane)} else resolve(wanted, cluster, offers)


def upgrade_of(
    pool: AgentPool, request: Field, cluster: ManagedCluster, offers: RegionOffers, control_plane: str
) -> str:
    """The version that a request upgrades a pool to, beside a control plane of a version; empty if it keeps its own.

    Raises:
        AksError: 400, it cannot have the version.
    """
    current = pool.kubernetes_version
    if request.at("orchestratorVersion").text() in {"", current, minor_of(current)}:
        return ""
    target = pool_version(request, cluster, offers, control_plane)
    check_pool(pool, target, control_plane)
    if numbers(target) < numbers(current):
        check_upgrade(cluster, current, target, offers)
    return target


def mode_of(request: Field) -> str:
    """The mode that a request asks for; empty if it asks for none.

    Raises:
        AksError: 400, pools that are created cannot have it.
    """
    mode = request.at("mode").text()
    if mode and mode not in _MODES:
        raise invalid(f"mode '{mode}' must be one of {', '.join(_MODES)}.", request.at("mode").path)
    return mode


def count_of(request: Field) -> int:
    """How many nodes a request asks for; 0 if it does not say, or none.

    Raises:
        AksError: 400, a pool cannot have so many.
    """
    count = request.at("count").integer()
    if not 0 <= count <= MAXIMUM_NODES:
        raise invalid(f"count {count} must be from 0 to {MAXIMUM_NODES}.", request.at("count").path)
    return count


def invalid(message: str, target: str | None = None) -> AksError:
    """400 for a value that a pool cannot have."""
    return AksError(400, "InvalidParameter", message, target=target)


def _family(request: Field, version: str) -> str:
    kind = request.at("osType").text() or "Linux"
    if kind not in _OS_TYPES:
        raise invalid(f"osType '{kind}' must be one of {', '.join(_OS_TYPES)}.", request.at("osType").path)
    sku = request.at("osSKU").text() or ("Windows2022" if kind == "Windows" else "Ubuntu")
    if sku == "Ubuntu":
        parts = numbers(minor_of(version))
        sku = "Ubuntu2404" if (parts[0], parts[1]) >= _UBUNTU_2404_SINCE else "Ubuntu2204"
    if sku not in _FAMILIES or (kind == "Windows") != sku.startswith("Windows"):
        raise invalid(f"OSSKU='{sku}' is invalid for OSType='{kind}'.", request.at("osSKU").path)
    return _FAMILIES[sku]
