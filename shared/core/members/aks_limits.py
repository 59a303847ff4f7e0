"""Limits that AKS documents: operating systems that a Kubernetes version no longer has.

AKS refuses to upgrade a node pool beyond the limit of its `osSKU`. An `osSKU` without a version (`Ubuntu`,
`AzureLinux`) has no limit: its operating system changes with the Kubernetes version.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.kubernetes_version import MinorVersion

_UPGRADE_OS_VERSION = "https://learn.microsoft.com/azure/aks/upgrade-os-version"
_NEW_WINDOWS_POOL = "move its workloads to a node pool of a later Windows Server version, and delete it"


@dataclass(frozen=True, slots=True)
class OperatingSystemLimit:
    """The last Kubernetes minor with an operating system."""

    os_sku: str
    """As AKS names it on a node pool."""
    name: str
    last_minor: MinorVersion
    advice: str
    """What to do before a later minor; a clause for a sentence."""
    source: str


OPERATING_SYSTEM_LIMITS = (
    OperatingSystemLimit(
        "Windows2019",
        "Windows Server 2019",
        MinorVersion(1, 32),
        _NEW_WINDOWS_POOL,
        "https://github.com/Azure/AKS/issues/4268",
    ),
    OperatingSystemLimit(
        "Windows2022",
        "Windows Server 2022",
        MinorVersion(1, 36),
        _NEW_WINDOWS_POOL,
        "https://github.com/Azure/AKS/issues/4168, extended by the AKS release notes of 2026-06-19",
    ),
    OperatingSystemLimit(
        "Ubuntu2204",
        "Ubuntu 22.04",
        MinorVersion(1, 36),
        "change its osSKU to Ubuntu or Ubuntu2404",
        _UPGRADE_OS_VERSION,
    ),
    OperatingSystemLimit(
        "Ubuntu2404", "Ubuntu 24.04", MinorVersion(1, 38), "change its osSKU to Ubuntu", _UPGRADE_OS_VERSION
    ),
    OperatingSystemLimit(
        "AzureLinux3", "Azure Linux 3.0", MinorVersion(1, 36), "change its osSKU to AzureLinux", _UPGRADE_OS_VERSION
    ),
)
"""Others end otherwise. Windows Server Annual Channel, Flatcar and Azure Linux OS Guard retire on a date, after which
AKS removes their node images. Ubuntu 18.04, Ubuntu 20.04 and Azure Linux 2.0 belong to an `osSKU` without a version,
and an upgrade is the way off them."""

_LIMITS = {limit.os_sku.casefold(): limit for limit in OPERATING_SYSTEM_LIMITS}
_FOLLOWS_KUBERNETES = frozenset({"ubuntu", "azurelinux"})


def limit_before(os_sku: str, minor: MinorVersion) -> OperatingSystemLimit | None:
    """The limit that a node pool of the operating system meets before the minor; None if it may be upgraded to it."""
    limit = _LIMITS.get(os_sku.casefold())
    return limit if limit is not None and limit.last_minor < minor else None


def follows_kubernetes(os_sku: str) -> bool:
    """Whether the operating system, and with it the family of images, may change with the Kubernetes minor."""
    return os_sku.casefold() in _FOLLOWS_KUBERNETES
