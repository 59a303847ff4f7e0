"""Decisions, as preview, status and the profile's page show them."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from shared.core.reasons import CandidateReason, DecisionWarning, MemberAction, MemberReason, Outcome, Reason


class TargetDocument(TypedDict):
    """What the channel asks for."""

    kubernetesVersion: str | None
    towards: str | None
    """The version that the channel asks for, if `kubernetesVersion` is a step towards it."""
    longTermSupport: bool
    nodeImages: dict[str, str]
    """The image version of each family."""
    securityPatchesOf: NotRequired[str]
    """The Monday of the week whose security patches are asked for; on channel SecurityPatch alone."""


class SpecificationDocument(TypedDict):
    """What defines an update run."""

    name: str
    upgradeType: str
    kubernetesVersion: str | None
    nodeImageSelection: str | None
    nodeImages: dict[str, str]
    updateStrategyId: str | None
    follows: str | None
    """The finished run that this one follows for the same target."""


class UpdateRunDocument(TypedDict):
    """The run that the decision is about: to be generated, or found."""

    name: str
    id: str | None
    """Null if it is to be generated."""
    specification: SpecificationDocument
    runsToStop: list[str]
    restart: int | None
    """The number of the restart."""


class MemberDocument(TypedDict):
    """What happens to a member, and why."""

    name: str
    action: MemberAction
    reason: MemberReason
    sentence: str


class WarningDocument(TypedDict):
    """What a person should know although it blocks nothing."""

    code: DecisionWarning
    sentence: str


class UnknownDocument(TypedDict):
    """What could not be read."""

    unknown: str
    """Why."""


class MinorDocument(TypedDict):
    """A minor version as a region offers it."""

    minor: str
    isPreview: bool
    supportPlans: list[str]
    patches: list[str]


class RegionDocument(TypedDict):
    """What a region offers."""

    kubernetesVersions: list[MinorDocument] | UnknownDocument
    nodeImages: dict[str, str | UnknownDocument | None]
    """The newest image of each family; null for a family that has no image any more."""


class RejectedDocument(TypedDict):
    """A version or image that some region offers, and why it is not the target."""

    name: str
    reason: CandidateReason
    sentence: str


class CandidatesDocument(TypedDict):
    """What the target was chosen from."""

    regions: dict[str, RegionDocument]
    rejected: list[RejectedDocument]
    """The candidates above the target, the highest first."""


class PolicyDocument(TypedDict):
    """A policy in force."""

    value: str
    source: str
    """A tag, an app setting, the request, or `default`."""


class DecisionDocument(TypedDict):
    """A decision: outcome, reason, and everything behind them. docs/decisions.md explains the codes."""

    profileId: str
    outcome: Outcome
    reason: Reason
    sentence: str
    until: str | None
    """When a wait ends if nothing else changes; null if it is none, or no moment is known."""
    target: TargetDocument | None
    updateRun: UpdateRunDocument | None
    members: list[MemberDocument]
    membersOmitted: NotRequired[int]
    """How many members a stored decision had that was too long to keep them; `members` is then empty."""
    warnings: list[WarningDocument]
    candidates: CandidatesDocument
    policies: dict[str, PolicyDocument]
    """By policy."""
