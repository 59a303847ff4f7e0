"""eTags as Fleet and its store write them, and conditional requests."""

from __future__ import annotations

import secrets
from datetime import datetime

from tools.emulator.arm import ArmError, ArmRequest


def new_etag(now: datetime) -> str:
    """A new eTag, with its double quotes: five blocks of hex, the last one begins with the Unix time of the write."""
    first, second, third, rest = (secrets.token_hex(size) for size in (4, 2, 2, 2))
    return f'"{first}-{second}-{third}-0000-{int(now.timestamp()):08x}{rest}"'


def check_preconditions(request: ArmRequest, current: str | None) -> None:
    """Honour `If-Match` and `If-None-Match`; `current` is the resource's eTag, None if it does not exist.

    A bare eTag counts as a quoted one. UNVERIFIED against the real service, like its response: 412 is ARM's habit.

    Raises:
        ArmError: 412 `PreconditionFailed`.
    """
    wanted = request.headers.get("If-Match")
    if wanted is not None and not _holds(wanted, current):
        raise _failed(f"The condition If-Match {wanted} is not met: the current eTag is {current}.")
    unwanted = request.headers.get("If-None-Match")
    if unwanted is not None and _holds(unwanted, current):
        raise _failed(f"The condition If-None-Match {unwanted} is not met: the current eTag is {current}.")


def _holds(condition: str, current: str | None) -> bool:
    if current is None:
        return False
    return condition.strip() == "*" or current.strip('"') in [part.strip().strip('"') for part in condition.split(",")]


def _failed(message: str) -> ArmError:
    return ArmError(412, "PreconditionFailed", message)
