"""Auto-upgrade profiles in Azure Resource Manager, as people change them through the app."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError

from shared.azure.clients import PerSubscription
from shared.azure.connection import Connection
from shared.azure.fleet.parse_fleet import id_of, parse_profile
from shared.azure.fleet.paths import path_of
from shared.azure.fleet.profile_body import profile_body
from shared.azure.fleet.store import LONGEST_OPERATION_SECONDS, ArmFleetStore
from shared.azure.json_value import JsonObject, objects_at, text_at
from shared.azure.sdk_errors import PRECONDITION_FAILED, translated
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.errors import UserMustFixError
from shared.profile_port import StoredProfile, StrategyOutline


class _Condition(TypedDict, total=False):
    etag: str
    match_condition: MatchConditions


class ArmProfileStore:
    """Implements `shared.profile_port.ProfileStore`."""

    def __init__(self, connection: Connection, fleets: ArmFleetStore) -> None:
        self._clients = PerSubscription(connection)
        self._fleets = fleets

    def read_fleet_with(self, profile: Profile) -> Fleet:
        """The profile's fleet as if it had this profile."""
        return self._fleets.read_fleet_with(profile)

    def read_stored(self, profile_id: ResourceId) -> StoredProfile:
        """The profile as it is now."""
        client = self._clients.fleet(profile_id.subscription)
        with translated("read", str(profile_id)):
            content = client.auto_upgrade_profiles.get(*path_of(profile_id)).as_dict()
            return StoredProfile(parse_profile(profile_id, content), text_at(content, "eTag") or "")

    def read_strategies(self, fleet_id: ResourceId) -> Sequence[StrategyOutline]:
        """The fleet's strategies."""
        client = self._clients.fleet(fleet_id.subscription)
        with translated("read", str(fleet_id)):
            listed = client.fleet_update_strategies.list_by_fleet(fleet_id.resource_group, fleet_id.name)
            return [_outline(strategy.as_dict()) for strategy in listed]

    def write_profile(self, profile: Profile, *, only_new: bool, etag: str | None = None) -> None:
        """Create or replace the profile."""
        client = self._clients.fleet(profile.id.subscription)
        condition: _Condition = {}
        if only_new:
            condition = {"match_condition": MatchConditions.IfMissing}
        elif etag is not None:
            condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        with translated("write", str(profile.id)), _conflict_named(etag):
            client.auto_upgrade_profiles.begin_create_or_update(  # type: ignore[call-overload] # plain JSON
                *path_of(profile.id), profile_body(profile), **condition
            ).result(LONGEST_OPERATION_SECONDS)

    def delete_profile(self, profile_id: ResourceId) -> None:
        """Delete the profile."""
        client = self._clients.fleet(profile_id.subscription)
        with translated("delete", str(profile_id)):
            client.auto_upgrade_profiles.begin_delete(*path_of(profile_id)).result(LONGEST_OPERATION_SECONDS)


def _outline(content: JsonObject) -> StrategyOutline:
    stages = objects_at(content, "properties", "strategy", "stages")
    return StrategyOutline(id_of(content), tuple(text_at(stage, "name") or "" for stage in stages))


@contextmanager
def _conflict_named(etag: str | None) -> Iterator[None]:
    """Say in words that the profile no longer has the etag."""
    try:
        yield
    except HttpResponseError as error:
        if etag is not None and error.status_code == PRECONDITION_FAILED:
            raise UserMustFixError("The profile has changed since it was read; read it again") from error
        raise
