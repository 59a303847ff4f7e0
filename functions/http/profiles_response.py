"""What a person needs to create or change a profile, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.core.model.profile import Channel
from shared.overview.evaluated import settings_of
from shared.profile_port import StoredProfile, StrategyOutline
from shared.settings import HttpSettings, Settings

if TYPE_CHECKING:
    from shared.documents.profiles import CapabilitiesDocument, StoredProfileDocument, StrategiesDocument


def stored_profile_json(stored: StoredProfile) -> StoredProfileDocument:
    """A profile as it is now."""
    return {"id": stored.profile.id.text, "eTag": stored.etag, "settings": settings_of(stored.profile)}


def strategies_json(strategies: Iterable[StrategyOutline]) -> StrategiesDocument:
    """The strategies of a fleet, by name."""
    return {
        "value": [
            {"id": strategy.id.text, "name": strategy.id.name, "stages": list(strategy.stages)}
            for strategy in sorted(strategies, key=lambda each: each.id.name)
        ]
    }


def capabilities_json(settings: Settings, http: HttpSettings) -> CapabilitiesDocument:
    """What the settings allow."""
    return {
        "writesProfiles": http.write_profiles,
        "channels": [each for each in Channel if settings.uses_fleet_preview or each is not Channel.SECURITY_PATCH],
        "fleetApiVersion": settings.fleet_api_version,
        "detectionOldAfterSeconds": int(http.detection_old_after.total_seconds()),
        "evaluationOldAfterSeconds": int(http.evaluation_old_after.total_seconds()),
    }
