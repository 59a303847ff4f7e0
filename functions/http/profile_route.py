"""The route of a profile: its resource id in segments, since a catch-all parameter must come last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from shared.core.model.ids import ResourceId

PROFILE_ROUTE = (
    "subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.ContainerService"
    "/fleets/{fleet}/autoUpgradeProfiles/{profile}"
)


def profile_id_of(req: func.HttpRequest) -> ResourceId:
    """The profile in the request's route.

    Raises:
        InvalidInputError: its segments make no id of a profile.
    """
    from shared.core.model.ids import PROFILE_TYPE, ResourceId

    route = req.route_params
    return ResourceId.parse_of_type(
        f"/subscriptions/{route['subscription']}/resourceGroups/{route['resource_group']}"
        f"/providers/Microsoft.ContainerService/fleets/{route['fleet']}/autoUpgradeProfiles/{route['profile']}",
        PROFILE_TYPE,
        "profile resource id",
    )
