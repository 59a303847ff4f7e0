"""Responses in ARM's form: `{"error": {"code", "message", "target"?}}` with the status that fits the kind of error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import azure.functions as func

from shared import telemetry
from shared.errors import (
    AccessDeniedError,
    CallerNotAllowedError,
    FleetAutoUpgradeError,
    InvalidInputError,
    InvalidSettingError,
    NotEnabledError,
    NotFoundError,
    NotManagedError,
    NotReadyError,
    ThrottledError,
    TooManyRequestsError,
    TransientError,
    UnreadableLedgerError,
    UserMustFixError,
)
from shared.use_cases.generate_update_run import RunRefusedError

_RETRY_AFTER_SECONDS = 30
_RESPONSES: Sequence[tuple[type[FleetAutoUpgradeError], int, str]] = (
    (InvalidSettingError, 500, "InvalidAppSetting"),
    (InvalidInputError, 400, "InvalidRequest"),
    (NotEnabledError, 403, "NotEnabled"),
    (NotManagedError, 403, "NotManaged"),
    (CallerNotAllowedError, 403, "MissingRole"),
    (NotFoundError, 404, "ResourceNotFound"),
    (AccessDeniedError, 502, "AppLacksPermission"),
    (UnreadableLedgerError, 409, "LedgerUnreadable"),
    (UserMustFixError, 409, "RefusedByFleet"),
    (TooManyRequestsError, 429, "TooManyRequests"),
    (NotReadyError, 503, "NotReady"),
    (ThrottledError, 503, "Throttled"),
    (TransientError, 503, "TemporarilyUnavailable"),
)
"""Status and code by class of error. The first match counts, so a class comes before its base."""


def json_response(
    status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> func.HttpResponse:
    """A response with a JSON body."""
    return func.HttpResponse(
        json.dumps(content), status_code=status, headers=dict(headers or {}), mimetype="application/json"
    )


def error_response(error: Exception, work: str) -> func.HttpResponse:
    """The response to an error. Only the response quotes what the caller sent; telemetry has the error's message.

    An unexpected exception is logged with its stack trace; the response has neither.

    Args:
        error: the error.
        work: the name of the function, for the log.
    """
    status, code = _status_and_code(error)
    if isinstance(error, FleetAutoUpgradeError):
        message = error.explanation
        telemetry.request_refused(code, status, str(error))
    else:
        message = "The app failed on this request; see its log."
        telemetry.failed(work, error)
    body: dict[str, object] = {"code": code, "message": message}
    if isinstance(error, InvalidInputError):
        body["target"] = error.field
    if isinstance(error, NotEnabledError):
        body["target"] = error.setting
    return json_response(status, {"error": body}, _headers(error))


def _status_and_code(error: Exception) -> tuple[int, str]:
    if isinstance(error, RunRefusedError):
        return 409, error.decision.reason.value
    for kind, status, code in _RESPONSES:
        if isinstance(error, kind):
            return status, code
    return 500, "InternalError"


def _headers(error: Exception) -> dict[str, str]:
    match error:
        case NotReadyError() | ThrottledError():
            return {"Retry-After": str(error.retry_after_seconds or _RETRY_AFTER_SECONDS)}
        case TransientError():
            return {"Retry-After": str(_RETRY_AFTER_SECONDS)}
        case _:
            return {}
