"""The world a run of the emulator begins with: regions, fleets, members, clusters."""

from emulator.world.build import empty_estate, populate
from emulator.world.document import WorldDocument, check_world, read_world

__all__ = ["WorldDocument", "check_world", "empty_estate", "populate", "read_world"]
