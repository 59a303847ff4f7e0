"""Managed identity: the token endpoint of App Service, and the check of the tokens it issued."""

import secrets
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

API_VERSION: Final = "2019-08-01"
LIFETIME_SECONDS: Final = 24 * 60 * 60
_ALGORITHM: Final = "HS256"
_SYSTEM_ASSIGNED: Final = "system-assigned"


@dataclass(frozen=True)
class Caller:
    """Who a token was issued to: ids of the service principal and of the application in Entra ID."""

    object_id: str
    app_id: str


class Identity:
    """Issues tokens for any resource, and knows its own again. The signing key lives as long as this object.

    Times in tokens are real, not simulated: clients compare them
    with their own clock before they use a token.
    """

    def __init__(self, header: str, tenant_id: str) -> None:
        self._header = header
        self.tenant_id = tenant_id
        self._key = secrets.token_bytes(32)
        self._known: dict[tuple[str, ...], tuple[Caller, int]] = {}
        """Whose token it is and when it expires: examining a signature takes longer than the rest of most requests."""

    def routes(self) -> list[Route]:
        """`GET /msi/token`, in the form that App Service and Functions give it (`IDENTITY_ENDPOINT`)."""
        return [Route("/msi/token", self._token, methods=["GET"])]

    def check(self, authorization: str | None, *audiences: str) -> Caller | None:
        """Who sent this `Authorization` header, or None where it is no valid bearer token for one of `audiences`.

        A slash at the end of an audience makes no difference, as in Azure.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = (token.strip(), *audiences)
        if key not in self._known:
            claims = self._claims(token.strip(), [audience.rstrip("/") for audience in audiences])
            if claims is None:
                return None
            self._known[key] = Caller(str(claims["oid"]), str(claims["appid"])), int(str(claims["exp"]))
        caller, expires = self._known[key]
        return caller if time.time() < expires else None

    def _claims(self, token: str, audiences: Sequence[str]) -> Mapping[str, object] | None:
        """What a token says that was issued here for one of the audiences, expired or not."""
        try:
            claims: Mapping[str, object] = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=[*audiences, *(f"{audience}/" for audience in audiences)],
                options={"require": ["exp", "aud", "oid", "appid"], "verify_exp": False},
            )
        except jwt.InvalidTokenError:
            return None
        return claims

    async def _token(self, request: Request) -> Response:
        query = request.query_params
        if not secrets.compare_digest(request.headers.get("X-IDENTITY-HEADER", "").encode(), self._header.encode()):
            return _refused(401, "The header X-IDENTITY-HEADER is missing or has not the value of IDENTITY_HEADER.")
        if query.get("api-version") != API_VERSION:
            return _refused(400, f"The parameter api-version must be {API_VERSION}.")
        resource = query.get("resource", "")
        if not resource:
            return _refused(400, "The parameter resource is missing.")
        return JSONResponse(self.issue(resource, query.get("client_id")))

    def issue(self, resource: str, client_id: str | None = None) -> dict[str, str]:
        """What the endpoint returns: a token for a resource, by default of the system-assigned identity."""
        client_id = client_id or self._derived_id(_SYSTEM_ASSIGNED)
        now = int(time.time())
        claims = {
            "aud": resource,
            "iss": f"https://sts.windows.net/{self.tenant_id}/",
            "tid": self.tenant_id,
            "oid": self._derived_id(client_id),
            "sub": self._derived_id(client_id),
            "appid": client_id,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
        }
        return {
            "access_token": jwt.encode(claims, self._key, algorithm=_ALGORITHM),
            "client_id": client_id,
            "expires_on": str(claims["exp"]),
            "resource": resource,
            "token_type": "Bearer",
        }

    def _derived_id(self, name: str) -> str:
        """A GUID that is the same for the same name in the same tenant, on every start."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://sts.windows.net/{self.tenant_id}/{name.lower()}"))


def _refused(status: int, message: str) -> JSONResponse:
    return JSONResponse({"statusCode": status, "message": message}, status_code=status)
