"""Input for tests: moments, and worlds."""

from __future__ import annotations

from datetime import UTC, datetime

from tools.emulator.world import World, parse_world
from tools.json_value import Json

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "11111111-1111-1111-1111-111111111111"
UBUNTU = "AKSUbuntu-2204gen2containerd"
REGIONS = ("westus2", "eastus", "westeurope")
MONDAY = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)


def at(day: int, hour: int = 0, month: int = 1) -> datetime:
    """A moment of 2026, whose 5 January is a Monday."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def pool(name: str = "system", family: str = UBUNTU, **more: Json) -> Json:
    return {"name": name, "family": family, **more}


def member(name: str, region: str = "westus2", **more: Json) -> dict[str, Json]:
    return {"name": name, "region": region, "pools": [pool()], **more}


def fleet(name: str = "retail", *members: dict[str, Json], **more: Json) -> dict[str, Json]:
    return {"name": name, "resourceGroup": "platform", "region": "westus2", "members": [*members], **more}


def world_content(*fleets: dict[str, Json], **more: Json) -> dict[str, Json]:
    return {
        "regions": [*REGIONS],
        "subscription": SUBSCRIPTION,
        "tenant": TENANT,
        "fleets": [*fleets] or [fleet()],
        **more,
    }


def world(*fleets: dict[str, Json], **more: Json) -> World:
    return parse_world(world_content(*fleets, **more), "test")
