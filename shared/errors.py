"""Every error the app raises on purpose.

FleetAutoUpgradeError
├── UserMustFixError          a person must change something; retrying alone never helps
│   ├── InvalidInputError     a field of a request or event: field, value, what would be right
│   │   └── InvalidSettingError   an app setting
│   ├── NotEnabledError       an app setting does not allow what was requested
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

from shared.excerpt import excerpt_of, printable


class FleetAutoUpgradeError(Exception):
    """Base of every error raised on purpose; the message is fit for an administrator to read.

    The message goes to logs and telemetry, there also by the Functions host, which logs what a function raises. So it
    carries no text of a request's body or of an event's data; see docs/telemetry.md.
    """

    @property
    def explanation(self) -> str:
        """The message for the caller alone; it may quote what the caller sent."""
        return str(self)


class UserMustFixError(FleetAutoUpgradeError):
    """A person must change something; the message says what."""


class InvalidInputError(UserMustFixError):
    """A value that breaks a rule. The message has the field and what would be right; the explanation has the value too.

    Attributes:
        field: the field, header, tag or setting that holds the value; printable, and at most about 200 characters.
        value: the value as it was given.
        expected: what would be right.
    """

    def __init__(self, field: str, value: object, expected: str, *, reported_field: str | None = None) -> None:
        """Describe the value.

        Args:
            field: the field that holds it.
            value: the value as it was given; None if it is missing.
            expected: what would be right, in the app's own words.
            reported_field: the field in the message, where `field` has a name in it that the caller made up.
        """
        self.field = printable(field)
        self.value = value
        self.expected = expected
        problem = "missing" if value is None else "not valid"
        super().__init__(f"{reported_field or self.field} is {problem}; expected {expected}")

    @property
    def explanation(self) -> str:
        """The field, a short excerpt of the value, and what would be right."""
        value = "missing" if self.value is None else excerpt_of(self.value)
        return f"{self.field} is {value}; expected {self.expected}"


class InvalidSettingError(InvalidInputError):
    """An app setting that is missing or malformed. Settings are the operator's: the message has the value too."""

    def __str__(self) -> str:
        return self.explanation


class NotEnabledError(UserMustFixError):
    """An app setting does not allow what a caller requested.

    Attributes:
        setting: the app setting's name.
    """

    def __init__(self, what: str, setting: str) -> None:
        self.setting = setting
        super().__init__(f"{what} is not enabled: it needs the app setting {setting} to be true")


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
