"""What a demo is asked to play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.paths import DEMO_WORLD, TIMELINE


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """The options of `./dev demo`; other fleets or releases are played in full."""

    full: bool = False
    world: Path | None = None
    timeline: Path | None = None
    until: datetime | None = None
    """Where it stops early."""
    keep: bool = False
    """Whether the stack stays up at the end."""
    json: bool = False
    """Whether the summary is for programs."""
    browser: bool = True
    """Whether the status page of a stack that stays up is opened in a browser, if a person can see it."""

    @property
    def is_excerpt(self) -> bool:
        """Whether the heart of it is played, and not everything."""
        return not (self.full or self.world or self.timeline)

    @property
    def full_world(self) -> Path:
        """The fleets of a full demo."""
        return self.world or DEMO_WORLD

    @property
    def full_timeline(self) -> Path:
        """The releases of a full demo."""
        return self.timeline or TIMELINE
