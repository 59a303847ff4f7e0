"""Policies refine a profile. The defaults are in force for all: the tags that will change them are not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Regions(StrEnum):
    """In how many regions of the scope a version must be offered."""

    COMMON = "common"
    ANY = "any"


class ActiveRun(StrEnum):
    """What an unfinished run of the same profile means for a newer target."""

    WAIT = "wait"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policies in force for one profile."""

    regions: Regions = Regions.COMMON
    active_run: ActiveRun = ActiveRun.WAIT


DEFAULT_POLICY = Policy()
