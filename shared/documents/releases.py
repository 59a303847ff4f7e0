"""Releases: what each region offered, and since when."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class SeenRelease(TypedDict):
    """A version on a support plan, or a node image, and when each region was first seen to offer it."""

    kind: Literal["KubernetesVersion", "NodeImage"]
    name: str
    """The version, or the image as a node pool reports it."""
    supportPlan: str | None
    """Of a version; null for an image."""
    firstSeen: str
    """When the first region was seen to offer it."""
    regions: dict[str, str]
    """The time of each region. A region's first entries are from when the app began to watch it."""


class ReleasesDocument(TypedDict):
    """A page of releases, the newest first."""

    value: list[SeenRelease]
    nextLink: NotRequired[str]
    """The next page, relative to this host; absent on the last one."""
    regions: list[str]
    """All regions that were read."""
    detectedAt: str | None
    """When the last detection that succeeded began; null before the first."""
    ageSeconds: int | None
