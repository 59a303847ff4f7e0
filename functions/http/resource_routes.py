"""The routes of fleets and update runs: their resource ids in segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from shared.core.model.ids import ResourceId

FLEET_ROUTE = (
    "subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.ContainerService/fleets/{fleet}"
)
RUN_ROUTE = f"{FLEET_ROUTE}/updateRuns/{{run}}"


def fleet_path(req: func.HttpRequest) -> str:
    """The resource id of the fleet in the request's route, as it was sent: not checked."""
    return "/" + FLEET_ROUTE.format_map(req.route_params)


def fleet_id_of(req: func.HttpRequest) -> ResourceId:
    """The fleet in the request's route.

    Raises:
        InvalidInputError: its segments make no resource id of a fleet.
    """
    from shared.core.model.ids import FLEET_TYPE, ResourceId

    return ResourceId.parse_of_type(fleet_path(req), FLEET_TYPE, "fleet resource id")


def run_id_of(req: func.HttpRequest) -> ResourceId:
    """The update run in the request's route.

    Raises:
        InvalidInputError: its segments make no resource id of an update run.
    """
    from shared.core.model.ids import RUN_TYPE, ResourceId

    fleet_id = fleet_id_of(req)
    return ResourceId.parse_of_type(
        f"{fleet_id}/updateRuns/{req.route_params['run']}", RUN_TYPE, "update run resource id"
    )
