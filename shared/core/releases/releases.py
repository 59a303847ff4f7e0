"""Releases: what a region offers that it did not offer before."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unknown

KUBERNETES_VERSION = "KubernetesVersion"
NODE_IMAGE = "NodeImage"


@dataclass(frozen=True, order=True, slots=True)
class Release:
    """One thing a region offers: a Kubernetes patch on a plan, or a node image."""

    kind: str
    """`KubernetesVersion` or `NodeImage`."""
    name: str
    """The version, or the image as a node pool reports it."""
    plan: str = ""
    """A Kubernetes version's support plan."""

    @property
    def key(self) -> str:
        """The release's key in the ledger: always the same, and without characters that table keys forbid."""
        return f"{self.kind} {self.name} {self.plan}".rstrip()


FirstSeen = Mapping[str, Mapping[str, datetime]]
"""When a release was first seen: by region, then by the release's key."""


def version_key(version: KubernetesVersion, plan: SupportPlan) -> str:
    """The key of a Kubernetes version's release on a plan."""
    return Release(KUBERNETES_VERSION, str(version), plan).key


def image_key(image: NodeImage | str) -> str:
    """The key of a node image's release."""
    return Release(NODE_IMAGE, str(image)).key


@dataclass(frozen=True, slots=True)
class NewReleases:
    """The releases that are new in one region."""

    region: str
    releases: tuple[Release, ...]

    def names(self, kind: str) -> list[str]:
        """The names of one kind, each once, sorted as text; for showing to people."""
        return sorted({release.name for release in self.releases if release.kind == kind})


def releases_of(catalog: RegionCatalog) -> frozenset[Release]:
    """Everything the region offers that a run could use; parts that could not be read are omitted."""
    offered: set[Release] = set()
    if not isinstance(catalog.kubernetes, Unknown):
        for minor in catalog.kubernetes.values():
            for plan in SupportPlan:
                offered.update(Release(KUBERNETES_VERSION, str(patch), plan) for patch in minor.patches_on(plan))
    for family, newest in catalog.node_images.items():
        if isinstance(newest, NodeImageVersion):
            offered.add(Release(NODE_IMAGE, f"{family}-{newest}"))
    return frozenset(offered)


def find_new_releases(catalog: RegionCatalog, known: AbstractSet[str]) -> NewReleases:
    """What the region offers and is not among the known keys, sorted."""
    fresh = (release for release in releases_of(catalog) if release.key not in known)
    return NewReleases(catalog.region, tuple(sorted(fresh)))
