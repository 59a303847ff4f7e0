"""What AKS says is on offer: versions and node images of a region, upgrades of a cluster and of a pool."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TypeVar

from tools.emulator.aks.cluster_json import POOL_TYPE, pool_id
from tools.emulator.aks.families import os_type, pool_families
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, ManagedCluster
from tools.json_value import Json
from tools.releases import OFFICIAL, OfferedMinor, minor_of, numbers

_Item = TypeVar("_Item", OfferedMinor, str)


def kubernetes_versions(minors: tuple[OfferedMinor, ...]) -> dict[str, Json]:
    """`{"values": [...]}`, in no useful order, as AKS gives them; the default is the newest official minor but one."""
    default = default_minor(minors)
    return {"values": [_minor(minor, minors, is_default=minor.minor == default) for minor in _scattered(minors)]}


def default_minor(minors: tuple[OfferedMinor, ...]) -> str | None:
    """The minor version of a cluster that asks for none: the newest official one but one; None if there is none."""
    official = [minor.minor for minor in minors if OFFICIAL in minor.plans and not minor.is_preview]
    return official[-2] if len(official) > 1 else (official[0] if official else None)


def node_images(images: dict[str, str]) -> list[Json]:
    """The list of node images.

    As in AKS, `os` and `sku` joined are the beginning of `fullName` for Linux but not for Windows, and one family is
    listed a second time, with an image of long ago.
    """
    listed = [_node_image(family, images[folder]) for folder in sorted(images) for family in pool_families(folder)]
    return [*listed, _node_image("AKSUbuntu-2204gen2containerd", "2022.10.03")]


def _node_image(family: str, version: str) -> Json:
    os, _, sku = family.partition("-")
    return {
        "fullName": f"{family}-{version}",
        "os": os,
        "sku": f"windows-{sku}" if os == "AKSWindows" else sku,
        "version": version,
    }


def cluster_upgrade_profile(cluster: ManagedCluster, offers: RegionOffers) -> dict[str, Json]:
    """`upgradeProfiles/default` of a cluster. `agentPoolProfiles` is null, as recorded."""
    control_plane: dict[str, Json] = {"kubernetesVersion": cluster.kubernetes_version, "osType": "Linux"}
    upgrades = _upgrades(cluster, cluster.kubernetes_version, offers)
    if upgrades:
        control_plane["upgrades"] = upgrades
    return {
        "id": f"{cluster.id}/upgradeprofiles/default",
        "name": "default",
        "type": "Microsoft.ContainerService/managedClusters/upgradeprofiles",
        "properties": {"controlPlaneProfile": control_plane, "agentPoolProfiles": None},
    }


def pool_upgrade_profile(pool: AgentPool, cluster: ManagedCluster, offers: RegionOffers) -> dict[str, Json]:
    """`upgradeProfiles/default` of a pool: up to the control plane's version, and the newest image of its family."""
    properties: dict[str, Json] = {"kubernetesVersion": pool.kubernetes_version, "osType": os_type(pool.family)}
    newest = offers.newest_image(cluster.region, pool.family)
    if newest is not None:
        properties["latestNodeImageVersion"] = f"{pool.family}-{newest}"
    upgrades = _upgrades(cluster, pool.kubernetes_version, offers, highest=cluster.kubernetes_version)
    if upgrades:
        properties["upgrades"] = upgrades
    return {
        "id": f"{pool_id(pool, cluster)}/upgradeProfiles/default",
        "name": "default",
        "type": f"{POOL_TYPE}/upgradeProfiles",
        "properties": properties,
    }


def _minor(minor: OfferedMinor, minors: tuple[OfferedMinor, ...], *, is_default: bool) -> Json:
    patches: dict[str, Json] = {}
    for patch in _scattered(minor.patches):
        higher: list[Json] = [version for other in minors for version in other.patches if _reachable(patch, version)]
        patches[patch] = {"upgrades": higher}
    described: dict[str, Json] = {
        "version": minor.minor,
        "capabilities": {"supportPlan": [*minor.plans]},
        "patchVersions": patches,
    }
    if is_default:
        described["isDefault"] = True
    if minor.is_preview:
        described["isPreview"] = True
    return described


def _upgrades(cluster: ManagedCluster, current: str, offers: RegionOffers, highest: str | None = None) -> list[Json]:
    return [
        {"kubernetesVersion": version, "isPreview": minor.is_preview}
        for minor in offers.minors(cluster.region)
        for version in offered_patches(minor, cluster.support_plan)
        if _reachable(current, version) and (highest is None or numbers(version) <= numbers(highest))
    ]


def available_upgrades(cluster: ManagedCluster, current: str, offers: RegionOffers) -> list[str]:
    """The versions that a part of the cluster may be upgraded to from its current one, oldest first."""
    return [
        version
        for minor in offers.minors(cluster.region)
        for version in offered_patches(minor, cluster.support_plan)
        if _reachable(current, version)
    ]


def offered_patches(minor: OfferedMinor, support_plan: str) -> tuple[str, ...]:
    """The patches of a minor that a cluster on the plan may have, those of a preview included."""
    return minor.patches if minor.is_preview else minor.patches_for(support_plan)


def _reachable(current: str, version: str) -> bool:
    """Whether an upgrade may go there: higher, and not more than one minor."""
    if numbers(version) <= numbers(current):
        return False
    return numbers(minor_of(version))[1] - numbers(minor_of(current))[1] <= 1


def _scattered(items: Iterable[_Item]) -> list[_Item]:
    """In an order that is always the same, and that no client should rely on."""
    return sorted(items, key=lambda item: zlib.crc32(str(item).encode()))
