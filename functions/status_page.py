"""HTTP: the status page. Its files are for everyone; they contain no data, which the page reads with a key."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import http_function

blueprint = new_blueprint()


@blueprint.function_name("status_page")
@blueprint.route(route="status", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@http_function("status page")
def status_page(req: func.HttpRequest) -> func.HttpResponse:
    """The page."""
    from functions.page.files import INDEX, file_response

    return file_response(req, INDEX)


@blueprint.function_name("page_file")
@blueprint.route(route="status/{version}/{file}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@http_function("status page")
def page_file(req: func.HttpRequest) -> func.HttpResponse:
    """A script, a style sheet or an image of the page."""
    from functions.page.files import file_response

    return file_response(req, req.route_params["file"], req.route_params["version"])


@blueprint.function_name("root")
@blueprint.route(route="{ignored:maxlength(0)?}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@http_function("status page")
def root(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the binding's name
    """`/api/` leads to the page. An empty route would be read as the function's name; this one matches nothing more.

    UNVERIFIED: that the Functions host in Azure matches an optional parameter of length 0 as ASP.NET Core's routing
    documents it; `/api/status` does not depend on it.
    """
    from functions.page.files import HEADERS

    return func.HttpResponse(status_code=307, headers={**HEADERS, "Location": "/api/status"})
