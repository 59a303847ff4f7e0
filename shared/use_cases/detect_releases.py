"""Detects new Kubernetes versions and node images in each region, and publishes them to the app's Event Grid topic.

The order is read, publish, record: if the process stops in between, an event is repeated, and none is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import telemetry
from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.catalog_needs import find_needs
from shared.core.model.unknown import Absent, Unknown
from shared.core.releases.releases import NewReleases, find_new_releases
from shared.errors import IncompleteError
from shared.ports import CatalogReading
from shared.use_cases.record_overview import record_unreadable
from shared.use_cases.remove_obsolete import remove_obsolete
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class Detection:
    """What a detection found; `looked` is False if it did not have to read the catalogs."""

    looked: bool
    new_releases: tuple[NewReleases, ...] = ()
    """By region; a region without new releases is absent."""


def detect_releases(services: Services, catalog_max_age: timedelta) -> Detection:
    """Read what every region in use offers, unless the last reading is recent and the tracker is unchanged.

    Raises:
        IncompleteError: a region could not be read; the releases of the others were published and recorded.
    """
    now = services.clock.now()
    digest = services.tracker.digest()
    if _is_detection_due(services.ledger.last_reading(), digest, now, catalog_max_age):
        detection = _detect(services, digest, now)
    else:
        detection = Detection(looked=False)
    services.ledger.record_detection(now)
    telemetry.detection_succeeded(
        looked=detection.looked, releases=sum(len(new.releases) for new in detection.new_releases)
    )
    return detection


def _detect(services: Services, digest: str | None, now: datetime) -> Detection:
    estate = services.estate.read()
    telemetry.unreadable("estate", estate.unreadable)
    catalog = services.catalogs.read(find_needs(cluster for fleet in estate.fleets for cluster in fleet.clusters))
    new_releases = _find_new_releases(services, catalog)
    if new_releases:
        services.events.publish_new_releases(new_releases, now)
    for new in new_releases:
        services.ledger.record_new_releases(new, now)
        telemetry.release_detected(new, now)
    _report_absent_images(catalog)
    failures = [failure for region in catalog.regions.values() for failure in _unknown_parts(region)]
    record_unreadable(services.overview, "detection", (*estate.unreadable, *failures), now)
    if failures:
        raise IncompleteError("Reading what the regions offer", failures)
    services.ledger.record_reading(CatalogReading(now, digest))
    remove_obsolete(services, estate, catalog, now)
    return Detection(looked=True, new_releases=tuple(new_releases))


def _report_absent_images(catalog: Catalog) -> None:
    """A family without an image is no failure: it is known that there is none, and reading it again changes nothing."""
    for region in catalog.regions.values():
        for family, image in sorted(region.node_images.items(), key=lambda item: item[0]):
            if isinstance(image, Absent):
                telemetry.no_node_image(region.region, family)


def _unknown_parts(region: RegionCatalog) -> list[str]:
    """One sentence for each part of the region's catalog that could not be read."""
    parts = [region.kubernetes] if isinstance(region.kubernetes, Unknown) else []
    parts += [image for image in region.node_images.values() if isinstance(image, Unknown)]
    return [f"{region.region}: {part.why}" for part in parts]


def _is_detection_due(last: CatalogReading | None, digest: str | None, now: datetime, max_age: timedelta) -> bool:
    if last is None or digest is None or digest != last.digest:
        return True
    return now - last.at >= max_age


def _find_new_releases(services: Services, catalog: Catalog) -> list[NewReleases]:
    seen = services.ledger.first_seen_in(catalog.regions)
    found = (find_new_releases(region, seen[region.region].keys()) for region in catalog.regions.values())
    return [new for new in found if new.releases]
