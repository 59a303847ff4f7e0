"""The route of a profile: its resource id in segments, since a catch-all parameter must come last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from functions.http.resource_routes import FLEET_ROUTE, fleet_path

if TYPE_CHECKING:
    from shared.core.model.ids import ResourceId

PROFILE_ROUTE = f"{FLEET_ROUTE}/autoUpgradeProfiles/{{profile}}"


def profile_id_of(req: func.HttpRequest) -> ResourceId:
    """The profile in the request's route.

    Raises:
        InvalidInputError: its segments make no id of a profile.
    """
    from shared.core.model.ids import PROFILE_TYPE, ResourceId

    text = f"{fleet_path(req)}/autoUpgradeProfiles/{req.route_params['profile']}"
    return ResourceId.parse_of_type(text, PROFILE_TYPE, "profile resource id")
