"""Events about what went wrong, or could not be understood."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from shared.telemetry.emit import LOGGER_NAME, emit
from shared.telemetry.metrics import add

_LOG = logging.getLogger(LOGGER_NAME)


def unreadable(what: str, sentences: Sequence[str]) -> None:
    """Something was there and could not be understood; it is not acted on."""
    for sentence in sentences:
        properties = {"what": what, "sentence": sentence}
        emit("unreadable", f"{what}: {sentence}", properties, level=logging.WARNING)


def failed(work: str, error: Exception) -> None:
    """One part of a larger work failed; the other parts go on. The trace is a record of its own."""
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
    """Azure refused a call because there were too many."""
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
    """Azure refused a call because the app's identity may not make it; the sentence says which."""
    emit(
        "access_denied",
        sentence,
        {
            "sentence": sentence,
        },
        level=logging.ERROR,
    )


def azure_called(service: str, method: str, status: int) -> None:
    """Azure answered a call."""
    add("azure_calls", 1, service=service, method=method, status=status)
