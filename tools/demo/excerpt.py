"""The heart of the demo: two months of the timeline, in which everything happens that an operator should see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.json_value import Json
from tools.paths import DEV, TIMELINE, WORLDS

EXCERPT_WORLD = WORLDS / "spring.yaml"
"""Its fleets; the world says when it begins."""

LAST_DAY = "2026-05-01"
"""Releases from this day on are not played: those before it are 1.35, and two rounds of patches and node images."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A change of a cluster by its owner while the demo is played."""

    at: datetime
    member: str
    """`fleet/member`."""
    changes: Mapping[str, Json]
    text: str


INCIDENTS = (
    Incident(
        datetime(2026, 4, 20, tzinfo=UTC),
        "retail/stock-westeurope",
        {"powerState": "Running"},
        "stock-westeurope is started again by its owner",
    ),
)


def write_excerpt() -> Path:
    """A timeline without the releases after the excerpt."""
    content = json.loads(TIMELINE.read_text())
    content["facts"] = [fact for fact in content["facts"] if fact["at"] < LAST_DAY]
    file = DEV / "demo-timeline.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content))
    return file
