"""When each release reached each region: what a soak is counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import UTC, datetime

from shared.core.model.catalog import RegionCatalog
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.releases.releases import FirstSeen, image_key, releases_of
from tools.releases import Fact, ImageFact
from tools.replay.node_families import NodeFamily

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""What a timeline has at its start was released before it: no soak is left to wait for."""


class Arrived:
    """The releases that have arrived, with the moment of each; a release that comes back keeps its first."""

    def __init__(self) -> None:
        self._first_seen: defaultdict[str, dict[str, datetime]] = defaultdict(dict)

    @property
    def first_seen(self) -> FirstSeen:
        """By region and release key, as the core reads it."""
        return self._first_seen

    def note(self, catalog: RegionCatalog, at: datetime, images: Set[str] = frozenset()) -> bool:
        """Note what the region offers now, and keys of images that came with others newer still; whether any is new."""
        known = self._first_seen[catalog.region]
        keys = {release.key for release in releases_of(catalog)} | images
        fresh = keys - known.keys()
        known.update(dict.fromkeys(sorted(fresh), at))
        return bool(fresh)


def image_keys(facts: Iterable[Fact], families: Iterable[NodeFamily]) -> Set[str]:
    """The release keys of the images that the facts bring for the families."""
    folders = [(family.folder, family.name) for family in families]
    return {
        image_key(NodeImage(name, NodeImageVersion.parse(fact.version)))
        for fact in facts
        if isinstance(fact, ImageFact) and fact.kind == "node_image"
        for folder, name in folders
        if folder == fact.family
    }
