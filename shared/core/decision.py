"""The result of evaluating one profile."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.resource_id import ResourceId
from shared.core.policies.policy import DEFAULT_POLICY, Policy
from shared.core.reasons import CandidateReason, DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from shared.core.runs.specification import RunSpecification


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, its reason, and the sentence that says so; most often a rule that stands in the way."""

    outcome: Outcome
    reason: Reason
    sentence: str


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
class MemberDecision:
    """What a run does to one member, and why."""

    member: str
    action: MemberAction
    reason: MemberReason
    sentence: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know although it blocks nothing."""

    warning: DecisionWarning
    sentence: str


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


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy's value as it was written, and where: a tag, an app setting, a question, or the default."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Outcome, reason and sentence, with everything needed to act on them or to question them."""

    profile_id: ResourceId
    outcome: Outcome
    reason: Reason
    sentence: str
    target: Target | None = None
    members: tuple[MemberDecision, ...] = ()
    warnings: tuple[Notice, ...] = ()
    specification: RunSpecification | None = None
    """The run to generate or start, or the one that is there already."""
    run_id: ResourceId | None = None
    """The run that exists, if the decision speaks of one."""
    considered: Considered = NOTHING_CONSIDERED
    policy: Policy = DEFAULT_POLICY
    policies: tuple[PolicyInForce, ...] = ()
    """The same, as texts with their sources; empty if the profile was refused before they mattered."""
    runs_to_stop: tuple[ResourceId, ...] = ()
    """Older runs that the outcome Replace stops."""
    restarts: int = 0
    """The number of the restart that the outcome Retry makes, from 1 on."""

    @property
    def members_to_leave_out(self) -> tuple[str, ...]:
        """Names of members in the scope that the run must skip."""
        left_out = (MemberAction.SKIP, MemberAction.BLOCKED)
        return tuple(member.member for member in self.members if member.action in left_out)
