"""Events about failures, refusals, and what could not be read or parsed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from shared.telemetry.emit import LOGGER_NAME, emit
from shared.telemetry.metrics import add, measure

_LOG = logging.getLogger(LOGGER_NAME)


def unreadable(what: str, sentences: Sequence[str]) -> None:
    """Something could not be parsed, and is not acted on; one event for each sentence."""
    for sentence in sentences:
        properties = {"what": what, "sentence": sentence}
        emit("unreadable", f"{what}: {sentence}", properties, level=logging.WARNING)


def no_node_image(region: str, family: str) -> None:
    """AKS has no image of a family in a region any more; clusters with such a node pool are skipped."""
    properties = {"region": region, "family": family}
    sentence = f"AKS has no node image of {family} in {region} any more"
    emit("no_node_image", sentence, properties, level=logging.WARNING)


def release_tracker_unreadable(sentence: str) -> None:
    """The release tracker could not be read. It is only a hint, so that detection continues without it."""
    properties = {"sentence": sentence}
    emit(
        "release_tracker_unreadable",
        f"The release tracker could not be read: {sentence}",
        properties,
        level=logging.WARNING,
    )


def failed(work: str, error: Exception) -> None:
    """One part of the work failed; the other parts continue. The stack trace is a separate record."""
    emit(
        "failed",
        f"{work} failed: {error}",
        {
            "work": work,
            "sentence": str(error),
        },
        level=logging.ERROR,
    )
    _LOG.error("%s failed", work, exc_info=error)


def messages_poisoned(counts: Mapping[str, int]) -> None:
    """How many messages failed too often, by queue; one event for each queue that has some."""
    for queue, count in counts.items():
        measure("poison_messages", count, queue=queue)
        if count:
            emit(
                "messages_poisoned",
                f"{count} messages of the queue {queue} failed too often",
                {
                    "queue": queue,
                    "messages": count,
                },
                level=logging.ERROR,
            )


def request_refused(code: str, status: int, sentence: str) -> None:
    """A caller's request was refused."""
    emit(
        "request_refused",
        f"{code}: {sentence}",
        {
            "code": code,
            "status": status,
            "sentence": sentence,
        },
        level=logging.WARNING,
    )


def throttled(service: str, retry_after_seconds: float | None) -> None:
    """Azure refused a call with 429."""
    emit(
        "throttled",
        f"{service} throttles this app",
        {
            "service": service,
            "retry_after_seconds": retry_after_seconds,
        },
        level=logging.WARNING,
    )
    add("azure_calls_throttled", 1, service=service)


def access_denied(sentence: str) -> None:
    """Azure refused a call because the app's identity lacks a permission; the sentence names the call."""
    emit(
        "access_denied",
        sentence,
        {
            "sentence": sentence,
        },
        level=logging.ERROR,
    )


def azure_called(service: str, method: str, status: int) -> None:
    """Azure responded to a call."""
    add("azure_calls", 1, service=service, method=method, status=status)
