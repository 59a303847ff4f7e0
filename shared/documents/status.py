"""The status of a profile, in the form of Azure's own."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from shared.documents.decisions import DecisionDocument


class TriggerError(TypedDict):
    """Why the last trigger failed."""

    code: str
    message: str


class TriggerStatus(TypedDict):
    """The last trigger, as Azure's `autoUpgradeProfileStatus` shows it."""

    lastTriggeredAt: str
    lastTriggerStatus: Literal["Succeeded", "Failed"]
    lastTriggerUpgradeVersions: list[str]
    lastTriggerError: NotRequired[TriggerError]


class DecidedSince(DecisionDocument):
    """The last decision, and since when it applies."""

    since: str
    trigger: str


class StatusDocument(TypedDict):
    """The last trigger and the last decision of a profile."""

    profileId: str
    autoUpgradeProfileStatus: NotRequired[TriggerStatus]
    """Absent before the first trigger."""
    fleetLastTriggerMessage: NotRequired[str]
    """What Fleet reports of a trigger that it made itself, in its preview."""
    lastDecision: DecidedSince | None
    lastEvaluatedAt: str | None
