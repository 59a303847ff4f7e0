"""The world a run of the emulator begins with: regions, fleets, members, clusters, and what goes wrong."""

from tools.emulator.world.build import empty_estate, populate, release_delays
from tools.emulator.world.checks import check_world
from tools.emulator.world.document import WorldDocument, starting_time
from tools.emulator.world.file import WorldFile, read_world
from tools.emulator.world.throttling import arm_limits, query_quota, throttling_of

__all__ = [
    "WorldDocument",
    "WorldFile",
    "arm_limits",
    "check_world",
    "empty_estate",
    "populate",
    "query_quota",
    "read_world",
    "release_delays",
    "starting_time",
    "throttling_of",
]
