"""Partition and row keys: readable, and free of the characters that Table Storage forbids in them."""

from __future__ import annotations

from shared.core.model.ids import ResourceId

SYSTEM = "system"
CATALOGS = "catalogs"
LAST_READING = "last-reading"
LAST_EVALUATION = "last-evaluation"
LAST_DETECTION = "last-detection"
LAST_WATCH = "last-watch"
LAST_REMOVAL = "last-removal"
WAITS = "waits"
OVERVIEW = "overview "
OVERVIEW_FLEETS, OVERVIEW_RUNS = f"{OVERVIEW}fleets", f"{OVERVIEW}runs"
OVERVIEW_MEMBERS, OVERVIEW_UNREADABLE = f"{OVERVIEW}members", f"{OVERVIEW}unreadable"
LEASES = "leases"

_FORBIDDEN = str.maketrans({"/": "|", "\\": "|", "#": "_", "?": "_"})


def safe(text: str) -> str:
    """The text as a key."""
    return text.translate(_FORBIDDEN)


RELEASES, RUNS, DECISIONS, TRIGGERS, STARTS = "releases ", "runs ", "decisions ", "triggers ", "starts "
"""How the keys of partitions begin."""


def releases_partition(region: str) -> str:
    """The partition of the releases seen in a region."""
    return safe(f"{RELEASES}{region}")


def runs_partition(fleet_id: ResourceId) -> str:
    """The partition of a fleet's runs."""
    return safe(f"{RUNS}{fleet_id.key}")


def decisions_partition(fleet_id: ResourceId) -> str:
    """The partition of the last decisions on a fleet's profiles."""
    return safe(f"{DECISIONS}{fleet_id.key}")


def triggers_partition(fleet_id: ResourceId) -> str:
    """The partition of the last triggers of a fleet's profiles."""
    return safe(f"{TRIGGERS}{fleet_id.key}")


def starts_partition(fleet_id: ResourceId) -> str:
    """The partition of the leases on starting runs of a fleet."""
    return safe(f"{STARTS}{fleet_id.key}")
