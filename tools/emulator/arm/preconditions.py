"""Conditional requests."""

from __future__ import annotations

from tools.emulator.arm.errors import ArmError
from tools.emulator.arm.message import ArmRequest


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
