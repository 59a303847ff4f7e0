"""Fleets and their profiles, as the last evaluation left them in the ledger."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from shared.core.outlook import NextEvent
from shared.core.reasons import Outcome, Reason
from shared.documents.decisions import DecisionDocument
from shared.documents.runs import RunSummary


class LagDocument(TypedDict):
    """How far the clusters of a profile are behind what its channel asks for."""

    clusters: int
    """In the profile's scope."""
    clustersBehind: int
    versionsBehind: int
    """Of the cluster that is furthest behind; 1 for node images."""
    behindSince: str | None
    """Since when all regions of the scope have offered what is asked for; null if nothing is behind, or if unknown."""
    clustersOutOfSupport: int


class ProfileSettings(TypedDict):
    """A profile as Fleet has it."""

    channel: str
    updateStrategyId: str | None
    nodeImageSelection: str | None
    targetKubernetesVersion: str | None
    longTermSupport: bool
    disabled: bool


class NextDocument(TypedDict):
    """What happens next with a profile."""

    what: NextEvent
    at: str | None
    """When; null if no moment is known."""
    sentence: str


class DecisionSummary(TypedDict):
    """A decision without members, candidates and policies."""

    outcome: Outcome
    reason: Reason
    sentence: str
    """Cut after 500 characters; the profile's own document has all of it."""
    target: str | None
    next: NextDocument
    needsPerson: bool
    """Whether nothing happens until a person acts."""


class StoredProfile(TypedDict):
    """What the last evaluation found of one profile."""

    id: str
    name: str
    settings: ProfileSettings
    lag: LagDocument | None
    """Null if it has no target."""
    run: RunSummary | None
    """Its run in progress, or else the one that the decision is about."""
    decision: DecisionSummary | None
    """Null if deciding it failed."""


class StoredFleet(TypedDict):
    """What the last evaluation found of one fleet."""

    id: str
    name: str
    members: int
    profiles: list[StoredProfile]


class TriggerErrorDocument(TypedDict):
    """Why the last trigger failed."""

    code: str
    message: str
    at: str


class ProfileSummary(TypedDict):
    """A profile in the overview."""

    profileId: str
    profile: str
    fleetId: str
    fleet: str
    channel: str
    disabled: bool
    outcome: Outcome | None
    """Null if deciding it failed."""
    reason: Reason | None
    sentence: str
    """The decision's sentence, cut after 500 characters; the profile's own document has all of it."""
    target: str | None
    lag: LagDocument | None
    daysBehind: int | None
    """Whole days since `behindSince`."""
    run: RunSummary | None
    next: NextDocument
    needsPerson: bool
    lastTriggerError: TriggerErrorDocument | None


class Counts(TypedDict):
    """How many there are, of all pages."""

    fleets: int
    profiles: int
    needsPerson: int
    runsInProgress: int
    clustersBehind: int


class FleetReference(TypedDict):
    """A fleet."""

    id: str
    name: str
    members: int
    profiles: int


class FleetsDocument(TypedDict):
    """A page of the overview: those profiles first that need a person."""

    value: list[ProfileSummary]
    nextLink: NotRequired[str]
    """The next page, relative to this host; absent on the last one."""
    counts: Counts
    fleets: list[FleetReference]
    """All fleets, on the first page alone; also those without profiles."""
    evaluatedAt: str | None
    """When the last complete evaluation began; null before the first."""
    ageSeconds: int | None
    """How old that is now."""


class FleetDocument(TypedDict):
    """One fleet, with all of its profiles."""

    id: str
    name: str
    members: int
    profiles: list[ProfileSummary]
    evaluatedAt: str | None
    ageSeconds: int | None


class MatrixRow(TypedDict):
    """A version or image that some region of the profile offers."""

    name: str
    kind: Literal["KubernetesVersion", "NodeImage"]
    isTarget: bool
    regions: dict[str, Literal["Offered", "Preview", "LongTermSupportOnly", "NotOffered", "Unknown"]]
    """Of each region whether it offers it."""
    reason: str | None
    """Why it is not the target; null for the target itself, and for those below it."""
    sentence: str | None


class ProfileDocument(TypedDict):
    """One profile: its last decision, what that was chosen from, and its runs."""

    summary: ProfileSummary
    settings: ProfileSettings
    decision: DecisionDocument | None
    """The last decision; null before the first."""
    decidedAt: str | None
    """Since when the decision applies."""
    trigger: str | None
    """What had it decided."""
    matrix: list[MatrixRow]
    """What each region offers, the highest first."""
    runs: list[RunSummary]
    """The profile's runs: those in progress, then those that ended, the newest first; at most 50."""
    lastTrigger: LastTrigger | None
    """When a trigger last generated or started a run."""
    evaluatedAt: str | None
    ageSeconds: int | None


class LastTrigger(TypedDict):
    """The last time that a trigger tried to generate or start a run of the profile."""

    at: str
    versions: list[str]
    error: TriggerErrorDocument | None
