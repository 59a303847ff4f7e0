"""Entra ID's sign-in address. It signs no one in: only managed identities get tokens here.

Clients that read it before they do anything else, as the Azure CLI does when it signs out, find what they expect; a
client that tries to sign in gets an error that says how to get a token.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.json_value import Json

_ADVICE: Final = (
    "This is an emulator: only a managed identity gets a token, from IDENTITY_ENDPOINT. az login --identity does that."
)


def routes() -> list[Route]:
    """OpenID discovery of any tenant, and a token endpoint that refuses."""
    return [
        Route("/{tenant}/v2.0/.well-known/openid-configuration", _discovery, methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/token", _refuse, methods=["POST"]),
        Route("/{tenant}/oauth2/v2.0/devicecode", _refuse, methods=["POST"]),
    ]


async def _discovery(request: Request) -> Response:
    base = f"{request.url.scheme}://{request.url.netloc}/{request.path_params['tenant']}"
    content: dict[str, Json] = {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
    }
    return JSONResponse(content)


async def _refuse(_: Request) -> Response:
    return JSONResponse({"error": "unauthorized_client", "error_description": _ADVICE}, status_code=400)
