"""What a region offers, as the core reads it."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from shared.core.model.catalog import OfferedMinor, RegionCatalog, SupportPlan, offer_of
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Unknown
from tools.releases import Catalog, Fact, Timeline
from tools.releases import OfferedMinor as MinorOffer
from tools.replay.node_families import NodeFamily

_version = functools.cache(KubernetesVersion.parse)
_image = functools.cache(NodeImageVersion.parse)


class RegionOffers:
    """The offer of one region; facts change it.

    Args:
        region: its name.
        timeline: what it offers at the start.
    """

    def __init__(self, region: str, timeline: Timeline) -> None:
        self._region = region
        self._offers = Catalog(timeline)

    def apply(self, fact: Fact) -> None:
        """Put a fact in force."""
        self._offers.apply(fact)

    def catalog(self, families: Iterable[NodeFamily]) -> RegionCatalog:
        """What the region offers now; of images, the newest of each family that it ever had one of."""
        kubernetes = offer_of(self._region, [_minor(minor) for minor in self._offers.minors()])
        newest = self._offers.images()
        images = {
            family.name: _newest(family.folder, newest[family.folder]) for family in families if family.folder in newest
        }
        return RegionCatalog(self._region, kubernetes, images)


def _minor(minor: MinorOffer) -> OfferedMinor:
    return OfferedMinor(
        MinorVersion.parse(minor.minor),
        frozenset(SupportPlan(plan) for plan in minor.plans),
        is_preview=minor.is_preview,
        patches=frozenset(_version(patch) for patch in minor.patches),
    )


def _newest(family: str, version: str | None) -> NodeImageVersion | Unknown:
    return Unknown(f"every image of {family} was withdrawn") if version is None else _image(version)
