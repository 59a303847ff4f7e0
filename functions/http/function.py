"""The decorator of every HTTP function: telemetry, and a response for every error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import azure.functions as func

Handler = Callable[[func.HttpRequest], func.HttpResponse]


def http_function(span: str) -> Callable[[Handler], Handler]:
    """Instrument an HTTP function, and turn what it raises into a response in ARM's form.

    Args:
        span: the name of its span, documented in docs/telemetry.md.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def respond(req: func.HttpRequest) -> func.HttpResponse:
            from functions.http.responses import error_response
            from functions.instrumented import instrumented

            with instrumented(span):
                try:
                    return handler(req)
                except Exception as error:  # noqa: BLE001 - the edge: a caller gets a response, and bugs are logged there
                    return error_response(error, handler.__name__)

        return respond

    return decorate
