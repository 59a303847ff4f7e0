"""Region names: ARM writes `westus2`, people write `West US 2`; both mean the same."""

from __future__ import annotations


def normalize_region(name: str) -> str:
    """The name in lower case without blanks, as ARM's paths have it."""
    return name.replace(" ", "").lower()
