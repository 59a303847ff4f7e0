"""Security patches of node images, as channel SecurityPatch applies them.

UNVERIFIED: when AKS releases patches, and whether Fleet's runs lead to the same images as the node OS channel of a
cluster; here new patches appear on each Monday, in every region.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tools.emulator.aks.families import os_type
from tools.emulator.state import AgentPool, Fleet
from tools.releases import numbers

SECURITY_PATCH = "SecurityPatch"


def patch_date(moment: datetime) -> str:
    """The date of the newest patches at that moment, as the name of a patched image has it."""
    return f"{moment - timedelta(days=moment.weekday()):%Y.%m.%d}"


def is_patch_profile(fleet: Fleet, profile_id: str) -> bool:
    """Whether the fleet has a profile of that id on channel SecurityPatch."""
    return any(
        profile.id.lower() == profile_id.lower() and profile.properties["channel"] == SECURITY_PATCH
        for profile in fleet.profiles.values()
    )


def patched_image(pool: AgentPool, date: str) -> str | None:
    """The pool's image with patches of that date; None for Windows, which has no such patches (Fleet's SDK)."""
    if os_type(pool.family) == "Windows":
        return None
    return f"{pool.image_version.partition('-')[0]}-{date}"


def image_order(version: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """By the image, then by the date of its patches: `202410.27.0`, or `202410.27.0-2024.12.01`."""
    image, _, patches = version.partition("-")
    return numbers(image), numbers(patches) if patches else ()
