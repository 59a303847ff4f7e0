"""The health of the app itself."""

from __future__ import annotations

from typing_extensions import TypedDict


class ActivityDocument(TypedDict):
    """One of the app's recurring activities."""

    at: str | None
    """When the last one that succeeded began; null before the first."""
    ageSeconds: int | None


class EvaluationDocument(TypedDict):
    """The evaluation that is wanted or in progress."""

    trigger: str
    since: str


class QueueDocument(TypedDict):
    """A queue of the app; counts are approximate."""

    name: str
    messages: int
    poisonMessages: int
    """Messages that failed too often, and wait for a person."""


class UnreadableDocument(TypedDict):
    """What could not be read or understood."""

    where: str
    """`evaluation`, `detection` or `settings`."""
    at: str
    sentences: list[str]
    """At most 100."""
    count: int


class HealthDocument(TypedDict):
    """Whether the app works, and what it could not read."""

    detection: ActivityDocument
    evaluation: ActivityDocument
    watch: ActivityDocument
    wanted: EvaluationDocument | None
    inProgress: EvaluationDocument | None
    unreadable: list[UnreadableDocument]
    queues: list[QueueDocument]
