"""`GET /metadata/endpoints`: what a client needs to know of a cloud before it signs in. Needs no token."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.emulator.arm.errors import ArmError
from tools.emulator.arm.router import AUDIENCES
from tools.json_value import Json

CLOUD_NAME: Final = "FleetAutoUpgradeLocal"
API_VERSION: Final = "2022-09-01"
"""The one that the Azure CLI asks for. UNVERIFIED: what earlier ones return, which are lists of clouds."""


def metadata_routes() -> list[Route]:
    """The route.

    The login endpoint is this emulator as well, where nothing serves logins: only a managed identity gets a
    token here, and a client that tries anything else must not take its secrets to the real one. So is Microsoft Graph,
    which `az role assignment list` wants to know, but does not ask where there are none. Other services that the
    emulator has not are omitted.
    """

    async def endpoints(request: Request) -> Response:
        version = request.query_params.get("api-version", "")
        if version != API_VERSION:
            refused = ArmError(
                400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid. Supported: {API_VERSION}."
            )
            return JSONResponse(refused.body(), refused.status)
        return JSONResponse(_cloud(f"{request.url.scheme}://{request.url.netloc}/"))

    return [Route("/metadata/endpoints", endpoints, methods=["GET"])]


def _cloud(endpoint: str) -> dict[str, Json]:
    return {
        "portal": endpoint,
        "authentication": {
            "loginEndpoint": endpoint,
            "audiences": [f"{audience}/" for audience in reversed(AUDIENCES)],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "name": CLOUD_NAME,
        "suffixes": {},
        "resourceManager": endpoint,
        "microsoftGraphResourceId": endpoint,
    }
