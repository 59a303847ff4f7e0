"""The scope of the settings: what a person asks for by HTTP is done in it alone, as for alerts and timers."""

from __future__ import annotations

from shared.core.model.ids import ResourceId
from shared.errors import NotManagedError
from shared.use_cases.services import Services


def require_managed(services: Services, profile_id: ResourceId) -> None:
    """Check that the profile's fleet is within the scope of the settings: the identity may have rights elsewhere.

    Raises:
        NotManagedError: it is not.
        TransientError: it could not be found out.
    """
    if not services.estate.manages(profile_id.parent):
        raise NotManagedError(str(profile_id.parent))
