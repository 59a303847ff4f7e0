"""Releases of AKS, for the emulator, the replay and the demo: the timeline, the rollout, what a region offers.

Shares no code with the app, and knows neither the emulator nor the replay.
"""

from tools.releases.catalog import LONG_TERM, OFFICIAL, Catalog, OfferedMinor
from tools.releases.rollout import ROLLOUT_DAYS, Arrivals, arrival, find_arrivals
from tools.releases.timeline import (
    Fact,
    ImageFact,
    MinorFact,
    MinorKind,
    PatchFact,
    Tier,
    Timeline,
    load_timeline,
    read_fact,
)
from tools.releases.versions import folder_of, is_lts_build, minor_of, numbers

__all__ = [
    "LONG_TERM",
    "OFFICIAL",
    "ROLLOUT_DAYS",
    "Arrivals",
    "Catalog",
    "Fact",
    "ImageFact",
    "MinorFact",
    "MinorKind",
    "OfferedMinor",
    "PatchFact",
    "Tier",
    "Timeline",
    "arrival",
    "find_arrivals",
    "folder_of",
    "is_lts_build",
    "load_timeline",
    "minor_of",
    "numbers",
    "read_fact",
]
