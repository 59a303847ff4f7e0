"""What the commands about a running stack are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tools.paths import DEMO_WORLD, TIMELINE


@dataclass(frozen=True, slots=True)
class Move:
    """Where time goes, and how fast it runs from there; None leaves the speed as it is."""

    to: datetime | None = None
    next_release: bool = False
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The options of `./dev up`; `tools.stack.stack.StackOptions` explains them."""

    world: Path = DEMO_WORLD
    timeline: Path = TIMELINE
    start: datetime | None = None
    move: Move = field(default_factory=Move)
    port: int = 0
    request_log: Path | None = None
    throttle: bool = False
    telemetry: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    browser: bool = True
    """Whether the status page is opened in a browser, if a person can see it."""
