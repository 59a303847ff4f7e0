"""When a failed delivery is tried again, and when not."""

import datetime as dt
from http import HTTPStatus
from typing import Final

SUCCESS: Final = frozenset({200, 201, 202, 203, 204})
RESPONSE_WITHIN_SECONDS: Final = 30
DEAD_LETTER_AFTER: Final = dt.timedelta(minutes=5)
"""Between the last attempt and the dead letter."""

_NEVER_RETRIED: Final = frozenset({400, 401, 403, 413})
"""For webhooks; Azure's own endpoints differ."""

_STEPS: Final = tuple(
    dt.timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600)
)
_LAST_STEP: Final = dt.timedelta(hours=12)
_SHORTEST: Final = {408: dt.timedelta(minutes=2), 503: dt.timedelta(seconds=30)}
_OUTCOMES: Final = {408: "TimedOut", 413: "PayloadTooLarge"}


def is_final(status: int | None) -> bool:
    """Whether an attempt that ended so is the last one. None: there was no response."""
    return status in _NEVER_RETRIED


def wait_after(attempts: int, status: int | None) -> dt.timedelta:
    """How long to wait after so many failed attempts, the last of which got `status`.

    The documented schedule to the second; Azure adds some jitter and may leave steps out.
    """
    step = _STEPS[attempts - 1] if attempts <= len(_STEPS) else _LAST_STEP
    return max(step, _SHORTEST.get(status or 0, step))


def outcome_of(status: int) -> str:
    """The word that a dead letter has for a response. UNVERIFIED beyond `NotFound`, `BadRequest` and `TimedOut`."""
    if status in _OUTCOMES:
        return _OUTCOMES[status]
    try:
        return HTTPStatus(status).phrase.replace(" ", "")
    except ValueError:
        return str(status)
