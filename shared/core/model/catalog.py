"""What each region offers: minors with their support plans and patches, and the newest node image of each family.

A part that could not be read is `Unknown`: it never means "nothing offered". A family that has no image any more, as
when AKS has removed a retired operating system, is `Absent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown


class SupportPlan(StrEnum):
    """The support plans of AKS: a minor is offered on them, and a cluster is on one."""

    KUBERNETES_OFFICIAL = "KubernetesOfficial"
    AKS_LONG_TERM_SUPPORT = "AKSLongTermSupport"


@dataclass(frozen=True, slots=True)
class OfferedMinor:
    """A minor as one region lists it."""

    minor: MinorVersion
    support_plans: frozenset[SupportPlan]
    is_preview: bool
    patches: frozenset[KubernetesVersion]

    def patches_on(self, plan: SupportPlan) -> frozenset[KubernetesVersion]:
        """The patches a cluster on the plan may take: none of a preview, LTS builds on the LTS plan only."""
        if self.is_preview or plan not in self.support_plans:
            return frozenset()
        if plan is SupportPlan.AKS_LONG_TERM_SUPPORT:
            return self.patches
        return frozenset(patch for patch in self.patches if not patch.is_long_term_support_build)


@dataclass(frozen=True, slots=True)
class RegionCatalog:
    """What one region offers."""

    region: str
    kubernetes: Mapping[MinorVersion, OfferedMinor] | Unknown
    node_images: Mapping[str, NodeImageVersion | Absent | Unknown] = field(default_factory=dict)
    """The newest image of each family that was read, by family."""

    def offers(self, version: KubernetesVersion, plan: SupportPlan) -> bool:
        """Whether the region is known to offer the version to clusters on the plan."""
        if isinstance(self.kubernetes, Unknown):
            return False
        minor = self.kubernetes.get(version.minor_version)
        return minor is not None and version in minor.patches_on(plan)

    def node_image(self, family: str) -> NodeImageVersion | Absent | Unknown:
        """The newest image of the family; `Unknown` also if it was not read."""
        return self.node_images.get(family, Unknown(f"{self.region} was not asked for images of {family}"))


@dataclass(frozen=True, slots=True)
class Catalog:
    """What all regions in use offer."""

    regions: Mapping[str, RegionCatalog]

    def of(self, region: str) -> RegionCatalog:
        """The region's part; unknown if the region was not read."""
        known = self.regions.get(region)
        return known if known is not None else RegionCatalog(region, Unknown(f"{region} was not read"))


def offer_of(region: str, minors: Iterable[OfferedMinor]) -> Mapping[MinorVersion, OfferedMinor] | Unknown:
    """The minors that a region lists, by minor.

    Entries of one minor are merged if they differ in patches alone; otherwise it is not known which patches are for
    which plan, so the offer is `Unknown`. An empty list is `Unknown` too: every region offers some.
    """
    offer: dict[MinorVersion, OfferedMinor] = {}
    for offered in minors:
        listed = offer.get(offered.minor, offered)
        merged = replace(offered, patches=offered.patches | listed.patches)
        if replace(merged, patches=listed.patches) != listed:
            return Unknown(f"{region} lists {offered.minor} twice, with different support plans or preview flags")
        offer[offered.minor] = merged
    return offer or Unknown(f"{region} listed no Kubernetes version at all")
