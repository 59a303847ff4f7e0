"""A target: what a channel asks for. A rejected candidate: what was not chosen, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.reasons import CandidateReason

_SENTENCES: Mapping[CandidateReason, str] = {
    CandidateReason.NOT_IN_EVERY_REGION: "Not offered yet in {regions}.",
    CandidateReason.REGION_UNREADABLE: "Could not be asked of {regions}.",
    CandidateReason.PREVIEW: "{minor} is a preview.",
    CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY: "{minor} is offered on the LTS plan only.",
    CandidateReason.LONG_TERM_SUPPORT_BUILD: "A build for clusters on the LTS plan.",
    CandidateReason.STILL_SOAKING: "Soaks in {regions}, until {until:%Y-%m-%d %H:%M} UTC.",
    CandidateReason.NOT_THE_CHANNELS_MINOR: "The channel does not ask for {minor}.",
    CandidateReason.ONE_STEP_AT_A_TIME: "It comes after this step: one minor at a time.",
    CandidateReason.TOO_OLD: "Older than 90 days.",
}
_IMAGE_SOAKS = "It has not soaked yet in every region."


@dataclass(frozen=True, slots=True)
class Target:
    """What a channel asks for: a Kubernetes version, or the newest usable image of each family."""

    kubernetes_version: KubernetesVersion | None = None
    node_images: tuple[NodeImage, ...] = ()
    needs_long_term_support: bool = False
    """Whether only clusters on the LTS plan can take the version."""
    towards: KubernetesVersion | None = None
    """The version that the channel asks for, if this one is a step towards it."""
    patch_week: date | None = None
    """The Monday of the week whose security patches are asked for; for channel SecurityPatch alone."""

    @property
    def plan(self) -> SupportPlan:
        """The plan whose offer the version is chosen from."""
        needs_plan = self.needs_long_term_support
        return SupportPlan.AKS_LONG_TERM_SUPPORT if needs_plan else SupportPlan.KUBERNETES_OFFICIAL

    def __str__(self) -> str:
        if self.kubernetes_version is not None:
            return str(self.kubernetes_version)
        if self.patch_week is not None:
            return f"the security patches of the week of {self.patch_week}"
        return ", ".join(str(image) for image in self.node_images)


@dataclass(frozen=True, slots=True)
class RejectedCandidate:
    """A version or image that a region offers and that is not the target."""

    candidate: KubernetesVersion | NodeImage
    reason: CandidateReason
    regions: tuple[str, ...] = ()
    """The regions that the reason is about."""
    until: datetime | None = None
    """When the soak of the candidate ends; None for every other reason."""

    @property
    def name(self) -> str:
        """The version, or the image as a node pool reports it."""
        return str(self.candidate)

    @property
    def sentence(self) -> str:
        """The reason in words."""
        if isinstance(self.candidate, NodeImage):
            minor = None
            template = _IMAGE_SOAKS if self.reason is CandidateReason.STILL_SOAKING else _SENTENCES[self.reason]
        else:
            minor, template = self.candidate.minor_version, _SENTENCES[self.reason]
        return template.format(minor=minor, regions=", ".join(self.regions), until=self.until)


@dataclass(frozen=True, slots=True)
class Considered:
    """What a target was chosen from."""

    regions: tuple[RegionCatalog, ...] = ()
    """What the regions of the scope offer, by the region's name."""
    rejected: tuple[RejectedCandidate, ...] = ()
    """Every candidate above the target, or every candidate if there is no target; the highest first."""


NOTHING_CONSIDERED = Considered()
