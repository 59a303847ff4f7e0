"""Update runs, as the API shows them."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class CallerDocument(TypedDict):
    """Who requested something: a person or program that Microsoft Entra ID has authenticated."""

    name: str
    id: str
    """The object id in Microsoft Entra ID."""


class GateDocument(TypedDict):
    """A gate that is pending."""

    gateId: str
    displayName: str
    stage: str
    group: str
    """Empty for a gate of a stage."""
    timing: str
    """`Before` or `After` the stage or group."""
    since: str | None
    isScheduled: bool
    """Whether it opens at a time; otherwise it waits for a person's approval."""
    opensAt: str | None


class StageState(TypedDict):
    """A stage of a run, and its state."""

    name: str
    state: str


class RunSummary(TypedDict):
    """An update run, as the last evaluation found it."""

    id: str
    name: str
    state: str
    upgradeType: str
    kubernetesVersion: str | None
    nodeImages: list[str]
    startedAt: str | None
    completedAt: str | None
    memberStates: dict[str, int]
    """How many members are in each state."""
    stages: list[StageState]
    pendingGates: list[GateDocument]
    waitsFor: list[str]
    """What pending members wait for: `MaintenanceWindow`, `Region` or `Unknown`."""
    intent: Literal["upgrade", "review"] | None
    """What this app generated it for; null for a run that it did not generate."""
    generatedBy: CallerDocument | None
    """Who requested it; null if a trigger did, or if the caller was not authenticated by Microsoft Entra ID."""
    generatedAt: str | None


class RunMember(TypedDict):
    """A member in a run."""

    name: str
    clusterId: str | None
    state: str
    message: str
    """What Fleet reports about it: why it failed, or what it waits for."""
    startedAt: str | None
    completedAt: str | None


class RunGroup(TypedDict):
    """A group of a stage."""

    name: str
    state: str
    gates: list[RunGate]
    members: list[RunMember]


class RunGate(TypedDict):
    """A gate of a stage or group, in any state."""

    gateId: str
    displayName: str
    timing: str
    """`Before` or `After` the stage or group."""
    state: str
    startedAt: str | None
    completedAt: str | None


class RunStage(TypedDict):
    """A stage of a run."""

    name: str
    state: str
    startedAt: str | None
    completedAt: str | None
    waitSeconds: int
    """How long the run waits after the stage."""
    gates: list[RunGate]
    groups: list[RunGroup]


class RunDetail(TypedDict):
    """An update run as it is now, read from Fleet for this response."""

    id: str
    name: str
    profileId: str | None
    """The profile that it was generated from, as Fleet reports it, or by the name that this app gave the run."""
    state: str
    upgradeType: str
    kubernetesVersion: str | None
    nodeImages: list[str]
    startedAt: str | None
    completedAt: str | None
    sentence: str
    """What it does or waits for now."""
    intent: Literal["upgrade", "review"] | None
    """What this app generated it for; null for a run that it did not generate."""
    generatedBy: CallerDocument | None
    generatedAt: str | None
    restarts: int
    """How often this app restarted it."""
    stages: list[RunStage]
