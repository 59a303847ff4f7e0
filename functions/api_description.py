"""HTTP: the description of this API, a file that `./dev api` makes from the code."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import http_function

blueprint = new_blueprint()


@blueprint.function_name("api_description")
@blueprint.route(route="openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@http_function("api description")
def api_description(req: func.HttpRequest) -> func.HttpResponse:
    """The OpenAPI document. It contains no data."""
    from pathlib import Path

    from functions.http.cached_response import HEADERS, etag_of, has

    body = (Path(__file__).parent / "openapi.json").read_bytes()
    headers = {**HEADERS, "ETag": etag_of(body)}
    if has(req, headers["ETag"]):
        return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(body, headers=headers, mimetype="application/json")
