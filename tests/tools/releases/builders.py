"""Builders of timelines and facts."""

from __future__ import annotations

from datetime import UTC, datetime

from tools.releases import (
    Fact,
    ImageFact,
    MinorFact,
    MinorKind,
    PatchFact,
    Tier,
    Timeline,
)

MONDAY = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def timeline(*facts: Fact, starts: datetime = MONDAY) -> Timeline:
    """1.29, 1.30 and 1.31 are generally available at the start, the last one without a patch."""
    state = {
        "ga_minors": ["1.29", "1.30", "1.31"],
        "patches": {"1.29": ["1.29.9"], "1.30": ["1.30.4", "1.30.5"], "1.31": []},
        "node_images": {"AKSUbuntu-2204": "202409.30.0", "AKSWindows-2022": "20348.2762.241009"},
    }
    return Timeline.model_validate({"from": starts, "state_at_start": state, "facts": [*facts]})


def patch(version: str, moment: datetime = MONDAY, *, preview: bool = False) -> Fact:
    return PatchFact(at=moment, kind="patch", version=version, preview=preview)


def patch_removed(version: str, moment: datetime = MONDAY) -> Fact:
    return PatchFact(at=moment, kind="patch_removed", version=version)


def image(family: str, version: str, moment: datetime = MONDAY) -> Fact:
    return ImageFact(at=moment, kind="node_image", family=family, version=version)


def image_withdrawn(family: str, version: str, moment: datetime = MONDAY) -> Fact:
    return ImageFact(at=moment, kind="node_image_withdrawn", family=family, version=version)


def minor(kind: MinorKind, version: str, moment: datetime = MONDAY, tier: Tier = "standard") -> Fact:
    return MinorFact(at=moment, kind=kind, version=version, tier=tier)
