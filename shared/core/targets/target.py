"""What a channel asks for, and what that was chosen from."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.reasons import CandidateReason


@dataclass(frozen=True, slots=True)
class Target:
    """What a channel asks for: a Kubernetes version, or the newest usable image of each family."""

    kubernetes_version: KubernetesVersion | None = None
    node_images: tuple[NodeImage, ...] = ()
    needs_long_term_support: bool = False
    """Whether only clusters on the LTS plan can take the version."""
    towards: KubernetesVersion | None = None
    """What the channel asks for, where the version is but a step towards it."""

    @property
    def plan(self) -> SupportPlan:
        """The plan whose offer the version is chosen from."""
        needs_plan = self.needs_long_term_support
        return SupportPlan.AKS_LONG_TERM_SUPPORT if needs_plan else SupportPlan.KUBERNETES_OFFICIAL

    def __str__(self) -> str:
        if self.kubernetes_version is not None:
            return str(self.kubernetes_version)
        return ", ".join(str(image) for image in self.node_images)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A version or image higher than the target, and why it is not the target."""

    name: str
    reason: CandidateReason
    sentence: str


@dataclass(frozen=True, slots=True)
class Considered:
    """What a target was chosen from."""

    regions: tuple[RegionCatalog, ...] = ()
    """What the regions of the scope offer, by the region's name."""
    passed_over: tuple[PassedOver, ...] = ()
    """The highest first."""


NOTHING_CONSIDERED = Considered()
