"""Every error the app raises on purpose.

FleetAutoUpgradeError
├── UserMustFixError          a person must change something; retrying alone never helps
│   ├── InvalidInputError     a field of a request, event or setting: field, value, what would be right
│   ├── NotFoundError         a resource that does not exist
│   └── AccessDeniedError     the app's identity lacks a permission
├── NotReadyError             right, but not now: somebody else is at it, come back later
├── TransientError            the platform failed in passing: retry
│   └── ThrottledError        the platform said how long to wait
├── IncompleteError           part of the work failed, the rest was done; names the parts
└── InternalError             a bug of ours
"""

from __future__ import annotations

from collections.abc import Sequence


class FleetAutoUpgradeError(Exception):
    """Base of every error raised on purpose; the message is fit for an administrator to read."""


class UserMustFixError(FleetAutoUpgradeError):
    """A person must change something; the message says what."""


class InvalidInputError(UserMustFixError):
    """A value that breaks a rule.

    Attributes:
        field: the field, header, tag or setting that holds the value.
        value: the value as it was given.
        expected: what would be right.
    """

    def __init__(self, field: str, value: object, expected: str) -> None:
        self.field = field
        self.value = value
        self.expected = expected
        super().__init__(f"{field} is {_shown(value)}; expected {expected}")


class NotFoundError(UserMustFixError):
    """A resource that does not exist."""

    def __init__(self, resource_id: str) -> None:
        self.resource_id = resource_id
        super().__init__(f"The resource '{resource_id}' was not found")


class AccessDeniedError(UserMustFixError):
    """The app's identity may not do what it tried; the message names the action."""


class NotReadyError(FleetAutoUpgradeError):
    """The request is right but cannot be met yet.

    Attributes:
        retry_after_seconds: when trying again makes sense.
    """

    def __init__(self, message: str, retry_after_seconds: int = 30) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class TransientError(FleetAutoUpgradeError):
    """The platform failed in passing; the same call may succeed later."""


class ThrottledError(TransientError):
    """The platform refused for now.

    Attributes:
        retry_after_seconds: how long it asked us to wait; None if it did not say.
    """

    def __init__(self, message: str, retry_after_seconds: int | None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class IncompleteError(FleetAutoUpgradeError):
    """Part of the work failed while the rest was done.

    Attributes:
        failures: one sentence a failed part.
    """

    def __init__(self, work: str, failures: Sequence[str]) -> None:
        self.failures = tuple(failures)
        super().__init__(f"{work}: {len(self.failures)} failed: " + "; ".join(self.failures))


class InternalError(FleetAutoUpgradeError):
    """A bug of ours: a state the code holds impossible."""


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
