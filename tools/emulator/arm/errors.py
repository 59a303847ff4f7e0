"""Refusals, in ARM's words and body."""

from __future__ import annotations

from collections.abc import Mapping

from tools.json_value import Json


class ArmError(Exception):
    """A request that gets an error; raised by handlers, written by the router.

    `code` is ARM's or the provider's error code; `headers` go out with the response.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        target: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.target = target

    def body(self) -> dict[str, Json]:
        """`{"error": {"code", "message", "target"?}}`."""
        error: dict[str, Json] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        return {"error": error}


def resource_not_found(resource: str, resource_group: str) -> ArmError:
    """404 as ARM's gateway returns it.

    Args:
        resource: the provider and the path below it, as `Microsoft.ContainerService/fleets/f/members/m`.
        resource_group: the name in the request.
    """
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{resource}' under resource group '{resource_group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        {"x-ms-failure-cause": "gateway"},
    )


def resource_group_not_found(resource_group: str) -> ArmError:
    """404 for a resource group that does not exist."""
    return ArmError(
        404,
        "ResourceGroupNotFound",
        f"Resource group '{resource_group}' could not be found.",
        {"x-ms-failure-cause": "gateway"},
    )


def invalid_content(message: str, target: str | None = None) -> ArmError:
    """400 for a body that is not what the resource needs."""
    return ArmError(400, "InvalidRequestContent", message, target=target)


def unauthorized(*, has_token: bool) -> ArmError:
    """401 for a missing token, or one that is not good here."""
    if has_token:
        code, message = "InvalidAuthenticationToken", "The access token is invalid, expired, or not for this audience."
    else:
        code, message = "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
    challenge = (
        'Bearer authorization_uri="https://login.microsoftonline.com/common", '
        f'error="invalid_token", error_description="{message}"'
    )
    return ArmError(401, code, message, {"WWW-Authenticate": challenge})
