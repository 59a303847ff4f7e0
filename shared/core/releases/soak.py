"""Soak: a release is used only once it has been available in a region for some time.

With a soak in force, a region counts as offering what it offered that long ago and still offers. The app records when
it first sees a release; one without a record counts as first seen now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.model.catalog import SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.releases.releases import FirstSeen, image_key, version_key
from shared.errors import InvalidInputError

_NOTHING: Mapping[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class Soak:
    """How long a release must have been seen, and since when each has been."""

    duration: timedelta
    now: datetime
    first_seen: FirstSeen = field(default_factory=dict)

    @property
    def is_in_force(self) -> bool:
        """Whether there is anything to wait for."""
        return self.duration > timedelta(0)

    def version_ready_at(self, region: str, version: KubernetesVersion, plan: SupportPlan) -> datetime:
        """When the version may be used in the region by clusters on the plan."""
        return self._ready_at(region, version_key(version, plan))

    def newest_soaked_image(self, region: str, newest: NodeImage) -> NodeImageVersion | None:
        """The newest image of the family that may be used in the region; None if none may be used yet.

        Args:
            region: the region.
            newest: the newest image that the region offers. Newer images seen earlier were withdrawn.
        """
        if not self.is_in_force:
            return newest.version
        ready = self._images_ready_at(region, newest)
        return max((version for version, ready_at in ready if ready_at <= self.now), default=None)

    def image_ready_at(self, region: str, lowest: NodeImageVersion, newest: NodeImage) -> datetime:
        """When an image from `lowest` to `newest` may be used in the region."""
        ready = self._images_ready_at(region, newest)
        return min(ready_at for version, ready_at in ready if version >= lowest)

    def _images_ready_at(self, region: str, newest: NodeImage) -> Iterator[tuple[NodeImageVersion, datetime]]:
        """The newest image and the older ones of its family, with the moment from which each may be used."""
        yield newest.version, self.now + self.duration  # if it has no record; one that has is found among the records
        beginning = image_key(f"{newest.family}-")
        for key in self.first_seen.get(region, _NOTHING):
            if key.startswith(beginning):
                try:
                    version = NodeImageVersion.parse(key.removeprefix(beginning))
                except InvalidInputError:
                    continue  # an image of a longer family that begins alike
                if version <= newest.version:
                    yield version, self._ready_at(region, key)

    def _ready_at(self, region: str, key: str) -> datetime:
        return self.first_seen.get(region, _NOTHING).get(key, self.now) + self.duration
