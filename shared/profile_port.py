"""The port for profiles that a person creates, changes or deletes through the app, or asks about before they exist."""

from __future__ import annotations

from typing import Protocol

from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile


class ProfileStore(Protocol):
    """Profiles in ARM. Every method may raise the errors that `shared.ports` names."""

    def read_fleet_with(self, profile: Profile) -> Fleet:
        """The profile's fleet, read fresh, as if it had this profile, which replaces one of the same name.

        Raises:
            NotFoundError: the fleet does not exist.
        """

    def write_profile(self, profile: Profile, *, only_new: bool) -> None:
        """Create the profile or, unless `only_new`, replace it.

        Raises:
            UserMustFixError: Fleet refuses it, or it exists; the message is Fleet's.
            NotFoundError: the fleet does not exist.
        """

    def delete_profile(self, profile_id: ResourceId) -> None:
        """Delete the profile; its update runs stay. Deleting one that does not exist is no error."""
