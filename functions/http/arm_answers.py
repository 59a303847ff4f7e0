"""Answers in ARM's form: `{"error": {"code", "message", "target"?}}` with the status that fits the kind of error."""

from __future__ import annotations

import json
from collections.abc import Mapping

import azure.functions as func

from shared import telemetry
from shared.errors import (
    AccessDeniedError,
    FleetAutoUpgradeError,
    InvalidInputError,
    NotFoundError,
    NotReadyError,
    ThrottledError,
    TransientError,
    UserMustFixError,
)
from shared.use_cases.generate_update_run import RunRefusedError

_RETRY_AFTER_SECONDS = 30


def json_answer(
    status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> func.HttpResponse:
    """An answer with a JSON body."""
    return func.HttpResponse(
        json.dumps(content), status_code=status, headers=dict(headers or {}), mimetype="application/json"
    )


def answer_error(error: Exception, work: str) -> func.HttpResponse:
    """The answer to an error; what is a bug of ours is logged whole, and told to the caller without its trace."""
    status, code = _status_and_code(error)
    if isinstance(error, FleetAutoUpgradeError):
        message = str(error)
        telemetry.request_refused(code, status, message)
    else:
        message = "The app failed on this request; its log says why."
        telemetry.failed(work, error)
    body: dict[str, object] = {"code": code, "message": message}
    if isinstance(error, InvalidInputError):
        body["target"] = error.field
    return json_answer(status, {"error": body}, _headers(error))


def _status_and_code(error: Exception) -> tuple[int, str]:
    match error:
        case InvalidInputError():
            return 400, "InvalidRequest"
        case RunRefusedError():
            return 409, error.decision.reason.value
        case NotFoundError():
            return 404, "ResourceNotFound"
        case AccessDeniedError():
            return 502, "AppLacksPermission"
        case UserMustFixError():
            return 409, "RefusedByFleet"
        case NotReadyError():
            return 503, "NotReady"
        case ThrottledError():
            return 503, "Throttled"
        case TransientError():
            return 503, "TemporarilyUnavailable"
        case _:
            return 500, "InternalError"


def _headers(error: Exception) -> dict[str, str]:
    match error:
        case NotReadyError() | ThrottledError():
            return {"Retry-After": str(error.retry_after_seconds or _RETRY_AFTER_SECONDS)}
        case TransientError():
            return {"Retry-After": str(_RETRY_AFTER_SECONDS)}
        case _:
            return {}
