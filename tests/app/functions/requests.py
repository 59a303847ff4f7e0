"""HTTP requests as the Functions host passes them to a function of one profile."""

from __future__ import annotations

from collections.abc import Mapping

import azure.functions as func

ROUTE = {"subscription": "s-1", "resource_group": "Platform", "fleet": "retail", "profile": "Rapid"}
PROFILE_ID = (
    "/subscriptions/s-1/resourceGroups/Platform/providers/Microsoft.ContainerService/fleets/retail"
    "/autoUpgradeProfiles/Rapid"
)


def profile_request(
    body: bytes = b"", params: Mapping[str, str] | None = None, route: Mapping[str, str] | None = None
) -> func.HttpRequest:
    """A request with a profile's segments in its route."""
    return func.HttpRequest(
        method="POST",
        url="https://app/api/",
        params=params or {},
        route_params=ROUTE if route is None else route,
        body=body,
    )
