"""The result of evaluating one profile."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.kubernetes_version import KubernetesVersion
from shared.core.node_image import NodeImage
from shared.core.reason import DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from shared.core.resource_id import ResourceId
from shared.core.run_specification import RunSpecification


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

    @property
    def members_to_leave_out(self) -> tuple[str, ...]:
        """Names of members in the scope that the run must skip."""
        left_out = (MemberAction.SKIP, MemberAction.BLOCKED)
        return tuple(member.member for member in self.members if member.action in left_out)
