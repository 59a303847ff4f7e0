"""Where things lie in a checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

DEV = ROOT / ".dev"
"""Everything that is made on this machine; git does not see it."""

TIMELINE = ROOT / "data" / "aks-release-timeline.json"
"""What AKS really published."""

DEMO_WORLD = ROOT / "emulator" / "worlds" / "demo.yaml"
"""The fleets of the demo."""
