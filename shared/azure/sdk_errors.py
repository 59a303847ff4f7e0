"""Translates errors of the Azure SDKs into the app's own, by status code: the SDKs use one class for 409 and 412."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from azure.core.exceptions import AzureError, ClientAuthenticationError, DecodeError, HttpResponseError

from shared import telemetry
from shared.errors import (
    AccessDeniedError,
    FleetAutoUpgradeError,
    NotFoundError,
    ThrottledError,
    TransientError,
    UserMustFixError,
)
from shared.excerpt import printable

_NOT_FOUND, _TOO_MANY_REQUESTS, _REQUEST_TIMEOUT = 404, 429, 408
_FORBIDDEN = {401, 403}
PRECONDITION_FAILED = 412
"""The status of a write whose condition on an ETag does not hold."""

LONGEST_MESSAGE = 1000
"""Characters of a service's message; it may quote what the service was sent."""

_TRANSIENT_CODES = {"AnotherOperationInProgress", "RetryableErrorDueToAnotherOperation"}
"""Codes of refusals that end with another operation on the same resource."""


@contextmanager
def translated(action: str, resource: str) -> Iterator[None]:
    """Translate SDK errors raised inside; the messages name the `action` and the `resource`.

    Raises:
        NotFoundError: 404.
        AccessDeniedError: 401, 403, or no token was issued.
        ThrottledError: 429.
        TransientError: 408, any 5xx, a conflict with another operation in progress, or no whole response.
        UserMustFixError: any other refusal; the message is the service's.
    """
    try:
        yield
    except HttpResponseError as error:
        if isinstance(error, ClientAuthenticationError) and error.status_code is None:
            raise _denied(f"No token to {action} {resource}: {error.message}") from error
        if isinstance(error, DecodeError):
            raise TransientError(f"Could not {action} {resource}: the response is truncated, or not JSON") from error
        raise _by_status(error, action, resource) from error
    except AzureError as error:
        raise TransientError(f"Could not {action} {resource}: {error.message}") from error


def _by_status(error: HttpResponseError, action: str, resource: str) -> FleetAutoUpgradeError:
    status = error.status_code or 0
    message = f"Could not {action} {resource}: {status} {_code(error)}: {_message(error)}"
    if status == _NOT_FOUND:
        return NotFoundError(resource)
    if status in _FORBIDDEN:
        return _denied(f"The app's identity may not {action} {resource}: {_message(error)}")
    if status == _TOO_MANY_REQUESTS:
        return ThrottledError(message, retry_after_seconds(getattr(error.response, "headers", None)))
    if status == _REQUEST_TIMEOUT or status >= 500 or status == 0 or _code(error) in _TRANSIENT_CODES:
        return TransientError(message)
    return UserMustFixError(message)


def _denied(sentence: str) -> AccessDeniedError:
    telemetry.access_denied(sentence)
    return AccessDeniedError(sentence)


def _code(error: HttpResponseError) -> str:
    return (error.error.code if error.error is not None else None) or error.reason or "no code"


def _message(error: HttpResponseError) -> str:
    text = (error.error.message if error.error is not None else None) or error.message or ""
    return printable(text.strip().splitlines()[0], LONGEST_MESSAGE) if text.strip() else "no message"


def retry_after_seconds(headers: object) -> int | None:
    """The `Retry-After` of a response's headers; None if it is absent or not in whole seconds."""
    value = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    return int(value) if isinstance(value, str) and value.isdecimal() else None
