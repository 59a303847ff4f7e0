"""The scope of the settings: what a person asks for by HTTP is done in it alone, as for alerts and timers."""

from __future__ import annotations

from shared.core.model.ids import FLEET_TYPE, ResourceId
from shared.errors import NotManagedError
from shared.use_cases.services import Services


def require_managed(services: Services, resource_id: ResourceId) -> None:
    """Check that a fleet is within the scope of the settings: the identity may have rights elsewhere.

    Args:
        services: the ports.
        resource_id: the fleet, or a profile or update run of it.

    Raises:
        NotManagedError: it is not.
        TransientError: it could not be found out.
    """
    fleet_id = resource_id if resource_id.type == FLEET_TYPE else resource_id.parent
    if not services.estate.manages(fleet_id):
        raise NotManagedError(str(fleet_id))
