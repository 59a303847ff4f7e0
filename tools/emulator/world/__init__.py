"""A world: the initial state of the emulator, with regions, fleets, members, clusters, and what goes wrong."""

from tools.emulator.world.build import empty_estate, populate, release_delays
from tools.emulator.world.checks import parse_world
from tools.emulator.world.file import WorldFile, read_world
from tools.emulator.world.model import World
from tools.emulator.world.throttling import arm_limits, query_quota, throttling_of

__all__ = [
    "World",
    "WorldFile",
    "arm_limits",
    "empty_estate",
    "parse_world",
    "populate",
    "query_quota",
    "read_world",
    "release_delays",
    "throttling_of",
]
