"""The decorator of every HTTP function: telemetry, and a response for every error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from shared.core.model.run_record import Caller

Handler = Callable[[func.HttpRequest], func.HttpResponse]


READ, ACT = "READ", "ACT"


def http_function(span: str, access: str | None = None, *, is_limited: bool = False) -> Callable[[Handler], Handler]:
    """Instrument an HTTP function, and turn what it raises into a response in ARM's form.

    Args:
        span: the name of its span, documented in docs/telemetry.md.
        access: `READ` or `ACT`, what a caller named by Microsoft Entra ID must be allowed; None for files, and for
            functions that App Service authentication excepts.
        is_limited: whether a call costs requests to Azure, so that each caller may make a number of them a minute.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def respond(req: func.HttpRequest) -> func.HttpResponse:
            from functions.http.responses import error_response
            from functions.instrumented import instrumented
            from shared.callers import called_by

            with instrumented(span):
                try:
                    caller = _caller(req, access)
                    if is_limited:
                        _limit(req, caller)
                    with called_by(caller):
                        return handler(req)
                except Exception as error:  # noqa: BLE001 - the edge: a caller gets a response, and bugs are logged there
                    return error_response(error, handler.__name__)

        return respond

    return decorate


def _limit(req: func.HttpRequest, caller: Caller | None) -> None:
    from functions.http.caller_key import caller_key
    from shared.composition import rate_limiter

    rate_limiter().take(caller_key(req, caller))


def _caller(req: func.HttpRequest, access: str | None) -> Caller | None:
    if access is None:
        return None
    from functions.http.principal import Access, authorized_caller
    from shared.composition import http_settings

    return authorized_caller(req, Access[access], http_settings())
