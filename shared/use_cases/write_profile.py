"""Creates, changes or deletes an auto-upgrade profile for a person, where a setting allows it."""

from __future__ import annotations

from shared import telemetry
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.errors import NotEnabledError
from shared.settings import PROFILES_WRITE, HttpSettings
from shared.use_cases.requested_evaluation import request_evaluation
from shared.use_cases.services import Services

TRIGGER = "profile changed"


def write_profile(
    services: Services, profile: Profile, settings: HttpSettings, *, only_new: bool, etag: str | None = None
) -> None:
    """Create the profile or, unless `only_new`, replace it; then have everything evaluated.

    Args:
        services: the ports.
        profile: as it is to be.
        settings: whether this is allowed.
        only_new: whether it must not exist yet.
        etag: of the profile that it may replace; None for any.

    Raises:
        NotEnabledError: the app's settings do not allow it; nothing was done.
        UserMustFixError: Fleet refuses the profile, it exists already, or it has changed since it was read.
    """
    _require_enabled(settings)
    services.profiles.write_profile(profile, only_new=only_new, etag=etag)
    _changed(services, profile.id, "written")


def delete_profile(services: Services, profile_id: ResourceId, settings: HttpSettings) -> None:
    """Delete the profile; its update runs stay. Deleting it again is no error.

    Raises:
        NotEnabledError: the app's settings do not allow it; nothing was done.
    """
    _require_enabled(settings)
    services.profiles.delete_profile(profile_id)
    _changed(services, profile_id, "deleted")


def _require_enabled(settings: HttpSettings) -> None:
    if not settings.write_profiles:
        raise NotEnabledError("Changing profiles through the app", PROFILES_WRITE)


def _changed(services: Services, profile_id: ResourceId, change: str) -> None:
    now = services.clock.now()
    telemetry.profile_changed(profile_id, change, now)
    request_evaluation(services, f"{change} {profile_id.key} {now.isoformat()}", TRIGGER)
