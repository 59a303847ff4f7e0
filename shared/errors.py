"""Every error the app raises on purpose.

FleetAutoUpgradeError
├── UserMustFixError          a person must change something; retrying alone never helps
│   ├── InvalidInputError     a field of a request or event: field, value, what is valid
│   │   └── InvalidSettingError   an app setting
│   ├── NotEnabledError       an app setting does not allow what was requested
│   ├── NotManagedError       a fleet outside the scope of the settings
│   ├── CallerNotAllowedError the caller has not the app role that the request needs
│   ├── NotFoundError         a resource that does not exist
│   ├── UnreadableLedgerError a row of the ledger that someone must correct or delete
│   └── AccessDeniedError     the app's identity lacks a permission
├── NotReadyError             valid, but another call is in progress: retry later
│   └── TooManyRequestsError  a caller asks too often
├── TransientError            a temporary failure of the platform: retry
│   └── ThrottledError        the platform throttles the app, and may say how long to wait
├── IncompleteError           part of the work failed, the rest was done; names the failed parts
└── InternalError             a bug in this app
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
        """The message for the caller only; it may quote what the caller sent."""
        return str(self)


class UserMustFixError(FleetAutoUpgradeError):
    """A person must change something; the message says what."""


class InvalidInputError(UserMustFixError):
    """An invalid value. The message has the field and what is valid; the explanation has the value too.

    Attributes:
        field: the field, header, tag or setting that holds the value; printable, and at most about 200 characters.
        value: the value as it was given.
        expected: what is valid.
    """

    def __init__(self, field: str, value: object, expected: str, *, reported_field: str | None = None) -> None:
        """Describe the value.

        Args:
            field: the field that holds it.
            value: the value as it was given; None if it is missing.
            expected: what is valid, without text from the caller.
            reported_field: the field in the message, where `field` contains a name that the caller chose.
        """
        self.field = printable(field)
        self.value = value
        self.expected = expected
        problem = "missing" if value is None else "not valid"
        super().__init__(f"{reported_field or self.field} is {problem}; expected {expected}")

    @property
    def excerpt(self) -> str:
        """The value as a text without quotes, short and printable."""
        return printable(self.value) if isinstance(self.value, str) else excerpt_of(self.value)

    @property
    def explanation(self) -> str:
        """The field, a short excerpt of the value, and what is valid."""
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


class NotManagedError(UserMustFixError):
    """A fleet outside the subscriptions or management groups of the settings, although the identity may read it."""

    def __init__(self, fleet_id: str) -> None:
        self.fleet_id = fleet_id
        super().__init__(
            f"The fleet '{fleet_id}' is not in the subscriptions or management groups that the app manages. A new fleet"
            " in a management group appears after some minutes"
        )


class CallerNotAllowedError(UserMustFixError):
    """The caller has not the app role that a request needs; the message names the role."""


class NotFoundError(UserMustFixError):
    """A resource that does not exist."""

    def __init__(self, resource_id: str) -> None:
        self.resource_id = resource_id
        super().__init__(f"The resource '{resource_id}' was not found")


class UnreadableLedgerError(UserMustFixError):
    """A row of the ledger cannot be read, and what it says must not be guessed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing is done, since {why}. Correct or delete that row")


class AccessDeniedError(UserMustFixError):
    """The app's identity may not do what it tried; the message names the action."""


class NotReadyError(FleetAutoUpgradeError):
    """The request is valid but cannot be served yet.

    Attributes:
        retry_after_seconds: after how long to retry.
    """

    def __init__(self, message: str, retry_after_seconds: int = 30) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class TooManyRequestsError(NotReadyError):
    """A caller asks too often; others are served."""

    def __init__(self, per_minute: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"Each caller may make {per_minute} such requests a minute; retry after {retry_after_seconds} s",
            retry_after_seconds,
        )


class TransientError(FleetAutoUpgradeError):
    """A temporary failure of the platform; the same call may succeed later."""


class ThrottledError(TransientError):
    """The platform throttles the app.

    Attributes:
        retry_after_seconds: how long to wait; None if the platform did not say.
    """

    def __init__(self, message: str, retry_after_seconds: int | None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


FAILURES_SHOWN = 10
"""Failures in the message of an `IncompleteError`: one bad row in each of a thousand fleets makes no endless line."""


class IncompleteError(FleetAutoUpgradeError):
    """Part of the work failed while the rest was done.

    Attributes:
        failures: one sentence for each failed part.
    """

    def __init__(self, work: str, failures: Sequence[str]) -> None:
        self.failures = tuple(failures)
        shown = "; ".join(self.failures[:FAILURES_SHOWN])
        more = "" if len(self.failures) <= FAILURES_SHOWN else f"; and {len(self.failures) - FAILURES_SHOWN} more"
        super().__init__(f"{work}: {len(self.failures)} failed: {shown}{more}")


class InternalError(FleetAutoUpgradeError):
    """A bug in this app: a state that the code rules out."""


FAILED_FOR_GOOD = (UserMustFixError, IncompleteError)
"""Errors after which the same work, repeated soon, fails again: it is recorded, and the next evaluation repeats it."""
