"""The caller that App Service authentication names in a header, and whether the caller may do what is requested.

App Service sets `X-MS-CLIENT-PRINCIPAL` itself and removes it from requests that bring it along, but only where its
authentication is on; without that anyone could send it. The format: learn.microsoft.com/azure/app-service,
page configure-authentication-user-identities.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

import azure.functions as func

from shared.core.model.run_record import Caller
from shared.errors import CallerNotAllowedError
from shared.excerpt import printable
from shared.settings import HttpSettings

HEADER = "X-MS-CLIENT-PRINCIPAL"
_IDS = ("http://schemas.microsoft.com/identity/claims/objectidentifier", "oid")
_NAMES = ("preferred_username", "name", "azp", "appid")
_ROLES = ("roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role")
_LONGEST_HEADER = 32_768


class Access(StrEnum):
    """The app roles of the registration; acting includes reading."""

    READ = "FleetAutoUpgrade.Read"
    ACT = "FleetAutoUpgrade.Act"


def authorized_caller(req: func.HttpRequest, access: Access, settings: HttpSettings) -> Caller | None:
    """The caller, or None where App Service authentication is off, so that a function key decides alone.

    Raises:
        CallerNotAllowedError: the caller has not the app role that the request needs, or is not named.
    """
    if not settings.is_authenticated:
        return None
    claims = _claims(req.headers.get(HEADER, ""))
    caller_id = _first(claims, _IDS)
    if not caller_id:
        raise CallerNotAllowedError("Microsoft Entra ID named no caller")
    roles = {value for kind in _ROLES for value in claims.get(kind, ())}
    if access not in roles and Access.ACT not in roles:
        raise CallerNotAllowedError(f"The caller needs the app role {access}")
    return Caller(printable(_first(claims, _NAMES) or caller_id), printable(caller_id))


def _claims(header: str) -> Mapping[str, Sequence[str]]:
    """The values of each claim; none if the header cannot be read."""
    try:
        content = json.loads(base64.b64decode(header[:_LONGEST_HEADER], validate=True))
    except (ValueError, RecursionError):
        return {}
    listed = content.get("claims") if isinstance(content, dict) else None
    claims: dict[str, list[str]] = {}
    for claim in listed if isinstance(listed, list) else ():
        if isinstance(claim, dict) and isinstance(claim.get("typ"), str) and isinstance(claim.get("val"), str):
            claims.setdefault(claim["typ"], []).append(claim["val"])
    return claims


def _first(claims: Mapping[str, Sequence[str]], kinds: Sequence[str]) -> str:
    return next((value for kind in kinds for value in claims.get(kind, ()) if value), "")
