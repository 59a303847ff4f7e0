"""Where things lie in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

DEV = ROOT / ".dev"
"""Everything that is made on this machine; git does not see it."""

UP = Path(os.environ.get("FLEET_AUTO_UPGRADE_UP", DEV))
"""Where `./dev up` writes down what is up; tests have a place of their own, and leave a person's stack alone."""

TIMELINE = ROOT / "tools" / "data" / "aks-release-timeline.json"
"""What AKS really published."""

WORLDS = ROOT / "tools" / "emulator" / "worlds"
"""Fleets to try things with."""

DEMO_WORLD = WORLDS / "demo.yaml"
"""The fleets of the demo."""
