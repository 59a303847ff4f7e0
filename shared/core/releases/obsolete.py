"""Releases that no decision will ask for again, so that it need not be known when they were first seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.core.model.catalog import RegionCatalog
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Unknown
from shared.core.releases.releases import KUBERNETES_VERSION, image_key, releases_of
from shared.errors import InvalidInputError

KEPT_FOR = timedelta(days=90)
"""How long a release is known after it was first seen, whether or not it is offered: it may be offered again."""


def obsolete_releases(
    catalog: RegionCatalog, seen: Mapping[str, datetime], now: datetime, longest_soak: timedelta
) -> frozenset[str]:
    """The keys of releases that the region no longer offers, and that were seen a long time ago.

    An older image than the newest is used while that one soaks. So an image is only obsolete once a newer one, no newer
    than the one that is offered, has soaked for as long as any policy may say.

    Args:
        catalog: what the region offers; if it is not known, no release is obsolete.
        seen: when each release was first seen in the region, by key.
        now: the time.
        longest_soak: the longest soak that a policy may set.
    """
    if isinstance(catalog.kubernetes, Unknown):
        return frozenset()
    offered = {release.key for release in releases_of(catalog)}
    old = {key for key, at in seen.items() if key not in offered and now - at > KEPT_FOR}
    soaked = _soaked_images(catalog, {key for key, at in seen.items() if now - at >= longest_soak})
    return frozenset(key for key in old if key.startswith(f"{KUBERNETES_VERSION} ") or _is_surpassed(key, soaked))


def _soaked_images(catalog: RegionCatalog, keys: set[str]) -> Mapping[str, NodeImageVersion]:
    """The newest image that has soaked, of each family whose newest image is known, by the beginning of its keys."""
    found: dict[str, NodeImageVersion] = {}
    for family, newest in catalog.node_images.items():
        if isinstance(newest, NodeImageVersion):
            beginning = image_key(f"{family}-")
            versions = (_version(key, beginning) for key in keys)
            soaked = [version for version in versions if version is not None and version <= newest]
            if soaked:
                found[beginning] = max(soaked)
    return found


def _is_surpassed(key: str, soaked: Mapping[str, NodeImageVersion]) -> bool:
    versions = ((_version(key, beginning), newer) for beginning, newer in soaked.items())
    return any(version is not None and version < newer for version, newer in versions)


def _version(key: str, beginning: str) -> NodeImageVersion | None:
    """The version of an image of the family whose keys begin so; None for any other key."""
    if not key.startswith(beginning):
        return None
    try:
        return NodeImageVersion.parse(key.removeprefix(beginning))
    except InvalidInputError:
        return None  # an image of a longer family that begins alike
