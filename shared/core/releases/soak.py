"""Soak: a release is used only once it has been available in a region for some time.

With a soak in force, a region counts as offering what it offered that long ago and still offers. When a release was
first seen is remembered from the day this app first looked; one that was never recorded has only just been seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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

    def without_waiting(self) -> Soak:
        """The same without a soak: what would be used at once."""
        return Soak(timedelta(0), self.now)

    def turning_points(self, regions: Iterable[str]) -> list[datetime]:
        """The later moments at which something in the regions will have soaked; at the last of them everything has."""
        seen = (moment for region in regions for moment in self.first_seen.get(region, _NOTHING).values())
        ready = {moment + self.duration for moment in (*seen, self.now)}
        return sorted(moment for moment in ready if moment > self.now)

    def as_of(self, moment: datetime) -> Soak:
        """What it will be at a later moment if nothing new is seen until then: so much less to wait for."""
        return replace(self, duration=self.duration - (moment - self.now))

    def version_ready_at(self, region: str, version: KubernetesVersion, plan: SupportPlan) -> datetime:
        """When the version may be used in the region by clusters on the plan."""
        return self._ready_at(region, version_key(version, plan))

    def image_ready_at(self, region: str, image: NodeImage) -> datetime:
        """When the image may be used in the region."""
        return self._ready_at(region, image_key(image))

    def soaked_versions(
        self, region: str, versions: frozenset[KubernetesVersion], plan: SupportPlan
    ) -> frozenset[KubernetesVersion]:
        """Those of the versions that may be used in the region by clusters on the plan."""
        if not self.is_in_force:
            return versions
        return frozenset(version for version in versions if self.version_ready_at(region, version, plan) <= self.now)

    def newest_soaked_image(self, region: str, newest: NodeImage) -> NodeImageVersion | None:
        """The newest image of the family that may be used in the region; None if none may yet.

        What is newer than the region's newest was withdrawn, and does not count however long it was seen.
        """
        if not self.is_in_force:
            return newest.version
        seen = (NodeImage(newest.family, version) for version in self._seen_images(region, newest.family))
        soaked = [image.version for image in seen if self.image_ready_at(region, image) <= self.now]
        return max((version for version in soaked if version <= newest.version), default=None)

    def _ready_at(self, region: str, key: str) -> datetime:
        return self.first_seen.get(region, _NOTHING).get(key, self.now) + self.duration

    def _seen_images(self, region: str, family: str) -> Iterable[NodeImageVersion]:
        beginning = image_key(f"{family}-")
        for key in self.first_seen.get(region, _NOTHING):
            if key.startswith(beginning):
                try:
                    yield NodeImageVersion.parse(key.removeprefix(beginning))
                except InvalidInputError:
                    continue  # an image of a longer family that begins alike
