"""Input for tests: worlds, timelines, facts."""

from __future__ import annotations

from datetime import UTC, datetime

from tools.emulator.releases import Fact, Timeline
from tools.emulator.world import WorldDocument, check_world
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


def world(*fleets: dict[str, Json], **more: Json) -> WorldDocument:
    return check_world(world_content(*fleets, **more), "test")


def timeline(*facts: Fact, starts: datetime = MONDAY) -> Timeline:
    """1.29, 1.30 and 1.31 are there at the start, the last one without a patch."""
    return Timeline(
        starts=starts,
        ga_minors=("1.29", "1.30", "1.31"),
        patches={"1.29": ("1.29.9",), "1.30": ("1.30.4", "1.30.5"), "1.31": ()},
        node_images={"AKSUbuntu-2204": "202409.30.0", "AKSWindows-2022": "20348.2762.241009"},
        facts=facts,
    )


def patch(version: str, moment: datetime = MONDAY, *, preview: bool = False, lts: bool = False) -> Fact:
    return Fact(moment, "patch", version, preview=preview, lts_patch=lts)


def image(family: str, version: str, moment: datetime = MONDAY) -> Fact:
    return Fact(moment, "node_image", version, family=family)


def minor(kind: str, version: str, moment: datetime = MONDAY, tier: str = "standard") -> Fact:
    return Fact(moment, f"minor_{kind}", version, tier=tier)
