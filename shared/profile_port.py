"""The port for profiles that a person creates, changes or deletes through the app, or asks about before they exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile as Fleet has it now, with its ETag."""

    profile: Profile
    etag: str


@dataclass(frozen=True, slots=True)
class StrategyOutline:
    """An update strategy with the names of its stages, in their order."""

    id: ResourceId
    stages: tuple[str, ...]


class ProfileStore(Protocol):
    """Profiles in ARM. Every method may raise the errors that `shared.ports` names."""

    def read_fleet_with(self, profile: Profile) -> Fleet:
        """The profile's fleet, read fresh, as if it had this profile, which replaces one of the same name.

        Raises:
            NotFoundError: the fleet does not exist.
        """

    def read_stored(self, profile_id: ResourceId) -> StoredProfile:
        """The profile as it is now.

        Raises:
            NotFoundError: it does not exist.
        """

    def read_strategies(self, fleet_id: ResourceId) -> Sequence[StrategyOutline]:
        """The fleet's update strategies.

        Raises:
            NotFoundError: the fleet does not exist.
        """

    def write_profile(self, profile: Profile, *, only_new: bool, etag: str | None = None) -> None:
        """Create the profile or, unless `only_new`, replace it; with an `etag` only the one that has it.

        Raises:
            UserMustFixError: Fleet refuses it, it exists, or it has another ETag.
            NotFoundError: the fleet does not exist.
        """

    def delete_profile(self, profile_id: ResourceId) -> None:
        """Delete the profile; its update runs stay. Deleting one that does not exist is no error."""
