"""Releases of AKS: what was published when, how it spreads, what each region offers."""

from tools.emulator.releases.catalog import LONG_TERM, OFFICIAL, OfferedMinor
from tools.emulator.releases.offers import ROLLOUT_DAYS, RegionOffers
from tools.emulator.releases.timeline import Fact, Timeline, load_timeline, read_fact
from tools.emulator.releases.versions import minor_of, numbers

__all__ = [
    "LONG_TERM",
    "OFFICIAL",
    "ROLLOUT_DAYS",
    "Fact",
    "OfferedMinor",
    "RegionOffers",
    "Timeline",
    "load_timeline",
    "minor_of",
    "numbers",
    "read_fact",
]
