"""The last Kubernetes version that AKS has for an operating system; upgrades of a pool beyond it are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.emulator.aks.families import os_sku, os_type
from tools.emulator.state import AgentPool
from tools.releases import minor_of, numbers


@dataclass(frozen=True)
class OsLimit:
    """The last minor version, the `osSKU` to use instead, and where AKS says so."""

    last: str
    successor: str
    source: str


_OS_VERSIONS: Final = "https://aka.ms/aks/upgrade-os-version"

OS_LIMITS: Final[Mapping[str, OsLimit]] = {
    "Windows2019": OsLimit("1.32", "Windows2022", "https://github.com/Azure/AKS/issues/4268"),
    "Windows2022": OsLimit("1.36", "Windows2025", "https://github.com/Azure/AKS/pull/5835"),
    "AzureLinux3": OsLimit("1.36", "AzureLinux", _OS_VERSIONS),
    "Ubuntu2404": OsLimit("1.38", "Ubuntu", _OS_VERSIONS),
}
"""By `osSKU`. `Ubuntu` and `AzureLinux` are not in it: their operating system changes with the Kubernetes version."""


@dataclass(frozen=True)
class OsRefusal:
    """AKS's error for an upgrade of a pool."""

    code: str
    message: str


def os_refusal(pool: AgentPool, version: str) -> OsRefusal | None:
    """Why AKS refuses to upgrade a pool to a Kubernetes version, if it does.

    The code for Windows is that of a public report (github.com/Azure/azure-container-networking pull request 3870),
    the form for Linux that of github.com/Azure/AKS issue 4819; both are about new pools. UNVERIFIED: for upgrades.
    """
    sku = os_sku(pool.family)
    limit = OS_LIMITS.get(sku)
    if limit is None or numbers(minor_of(version)) <= numbers(limit.last):
        return None
    if os_type(pool.family) == "Windows":
        return OsRefusal(
            f"{sku}NotSupportedWithOrchestratorVersion",
            f'Cannot upgrade {sku} node pool {pool.name} to Kubernetes version "{version}" because {sku} is not '
            f"supported after Kubernetes version {limit.last}. Please create {limit.successor} node pools instead.",
        )
    return OsRefusal(
        "InvalidOSSKU",
        f"OSSKU='{sku}' is invalid, details: {sku} of node pool {pool.name} is not supported on Kubernetes {version}",
    )
