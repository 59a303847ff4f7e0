"""Detects newly published Kubernetes versions and node images, region by region, and tells the app's own topic.

The order is read, publish, remember: a death in between repeats an event, and never loses one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import telemetry
from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.unknown import Unknown
from shared.core.releases.releases import NewReleases, find_new_releases
from shared.errors import IncompleteError
from shared.ports import CatalogReading
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class Detection:
    """What a detection found; `looked` is False when nothing suggested that there is anything new."""

    looked: bool
    news: tuple[NewReleases, ...] = ()


def detect_releases(services: Services, catalog_max_age: timedelta) -> Detection:
    """Read what every region in use offers, unless it was read lately and the release tracker has not changed since.

    Raises:
        IncompleteError: some region could not be read; what the others offer has been published and remembered.
    """
    now = services.clock.now()
    digest = services.tracker.digest()
    if _is_detection_due(services.ledger.last_reading(), digest, now, catalog_max_age):
        detection = _detect(services, digest, now)
    else:
        detection = Detection(looked=False)
    services.ledger.record_detection(now)
    telemetry.detection_succeeded(
        looked=detection.looked, releases=sum(len(fresh.releases) for fresh in detection.news)
    )
    return detection


def _detect(services: Services, digest: str | None, now: datetime) -> Detection:
    estate = services.estate.read()
    telemetry.unreadable("estate", estate.unreadable)
    catalog = services.catalogs.read(find_needs(clusters_of(estate.fleets)))
    news = _find_new_releases(services, catalog)
    if news:
        services.events.publish_new_releases(news, now)
    for fresh in news:
        services.ledger.record_new_releases(fresh, now)
        telemetry.release_detected(fresh, now)
    failures = [failure for region in catalog.regions.values() for failure in unknown_parts(region)]
    if failures:
        raise IncompleteError("Reading what the regions offer", failures)
    services.ledger.record_reading(CatalogReading(now, digest))
    return Detection(looked=True, news=tuple(news))


def clusters_of(fleets: Iterable[Fleet]) -> Iterable[Cluster]:
    """The clusters of all joined members that could be read."""
    for fleet in fleets:
        for member in fleet.members:
            if member.is_joined and isinstance(member.cluster, Cluster):
                yield member.cluster


def unknown_parts(region: RegionCatalog) -> list[str]:
    """One sentence for each part of the region's catalog that could not be read."""
    parts = [region.kubernetes] if isinstance(region.kubernetes, Unknown) else []
    parts += [image for image in region.node_images.values() if isinstance(image, Unknown)]
    return [f"{region.region}: {part.why}" for part in parts]


def _is_detection_due(last: CatalogReading | None, digest: str | None, now: datetime, max_age: timedelta) -> bool:
    if last is None or digest is None or digest != last.digest:
        return True
    return now - last.at >= max_age


def _find_new_releases(services: Services, catalog: Catalog) -> list[NewReleases]:
    news = (
        find_new_releases(region, services.ledger.first_seen(region.region).keys())
        for region in catalog.regions.values()
    )
    return [fresh for fresh in news if fresh.releases]
