"""Families of node images that AKS removes: from then on there is none for pools that have one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

IMAGE_ENDS: Final[Mapping[str, datetime]] = {
    "AKSUbuntu-1804": datetime(2025, 6, 17, tzinfo=UTC),  # github.com/Azure/AKS issue 4873
    "AKSAzureLinux-V2": datetime(2026, 3, 31, tzinfo=UTC),  # aka.ms/aks/upgrade-os-version; issue 4988
    "AKSFlatcar": datetime(2026, 9, 8, tzinfo=UTC),  # issue 5648
    "AKSUbuntu-2004": datetime(2027, 3, 17, tzinfo=UTC),  # issue 4874
    "AKSWindows-2019": datetime(2027, 4, 1, tzinfo=UTC),  # issue 4091
    "AKSWindows-23H2": datetime(2027, 5, 15, tzinfo=UTC),  # aka.ms/aks/windows-annual-channel-retirement
}
"""When AKS removes all images, by folder-level family. UNVERIFIED: for all regions on one day, as announced.

Mariner has no date: it became Azure Linux, and its last image stays.
"""


def has_ended(family: str, now: datetime) -> bool:
    """Whether the images of a family, as pools or as the release notes name it, are removed by now."""
    return any(family.startswith(folder) and ends <= now for folder, ends in IMAGE_ENDS.items())
