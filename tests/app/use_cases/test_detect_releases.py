"""Detection: what is new is published and remembered, in that order; what cannot be read is never taken for nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.unknown import Absent, Unknown
from shared.errors import IncompleteError
from shared.use_cases.detect_releases import detect_releases
from tests.app.fakes.azure import ProcessStopped
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import UseCaseScene, a_catalog

HOUR = timedelta(hours=1)


def test_what_a_region_offers_for_the_first_time_is_published_and_remembered() -> None:
    scene = UseCaseScene()
    detect_releases(scene.services, HOUR)
    scene.azure.tracker_digest = "two"
    scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")

    detection = detect_releases(scene.services, HOUR)

    [new_releases] = detection.new_releases
    assert new_releases.names("KubernetesVersion") == ["1.35.7"]
    assert scene.azure.new_releases[-1] == new_releases


def test_nothing_new_is_published_again() -> None:
    scene = UseCaseScene()
    detect_releases(scene.services, HOUR)
    published = len(scene.azure.new_releases)
    scene.azure.tracker_digest = "two"

    assert detect_releases(scene.services, HOUR).new_releases == ()
    assert len(scene.azure.new_releases) == published


def test_the_catalogs_are_not_read_while_the_tracker_is_unchanged() -> None:
    scene = UseCaseScene()
    detect_releases(scene.services, HOUR)

    assert not detect_releases(scene.services, HOUR).looked
    assert scene.azure.catalog_reads == 1


def test_the_catalogs_are_read_again_once_they_are_too_old() -> None:
    scene = UseCaseScene()
    detect_releases(scene.services, HOUR)
    scene.azure.time += HOUR

    assert detect_releases(scene.services, HOUR).looked


def test_with_a_tracker_that_cannot_be_read_every_detection_reads_the_catalogs() -> None:
    scene = UseCaseScene()
    scene.azure.tracker_digest = None
    detect_releases(scene.services, HOUR)

    assert detect_releases(scene.services, HOUR).looked


def test_a_stop_before_recording_publishes_again_and_loses_nothing() -> None:
    scene = UseCaseScene()
    scene.azure.stops_after = 1
    with pytest.raises(ProcessStopped):
        detect_releases(scene.services, HOUR)
    scene.again()

    detect_releases(scene.services, HOUR)

    assert scene.azure.new_releases[0] == scene.azure.new_releases[1]


def test_a_family_without_an_image_is_a_warning_and_the_detection_succeeds(caplog: pytest.LogCaptureFixture) -> None:
    emitted, scene = Emitted(caplog), UseCaseScene()
    [region] = a_catalog("1.35.5").regions.values()
    images = {**region.node_images, "AKSFlatcar-gen2": Absent()}
    scene.azure.catalog = Catalog({region.region: replace(region, node_images=images)})

    detection = detect_releases(scene.services, HOUR)

    assert detection.looked
    assert scene.ledger.last_reading() is not None
    assert emitted.properties("no_node_image") == [{"region": "westus2", "family": "AKSFlatcar-gen2"}]
    assert emitted.level("no_node_image") == logging.WARNING
    assert emitted.names().count("detection_succeeded") == 1


def test_a_region_that_cannot_be_read_fails_the_detection_after_the_others_were_published() -> None:
    scene = UseCaseScene()
    readable = a_catalog("1.35.5")
    scene.azure.catalog = Catalog(
        {**readable.regions, "eastus": RegionCatalog("eastus", Unknown("it did not respond"))}
    )

    with pytest.raises(IncompleteError, match="eastus: it did not respond"):
        detect_releases(scene.services, HOUR)

    assert [new_releases.region for new_releases in scene.azure.new_releases] == ["westus2"]
    assert scene.ledger.last_reading() is None, "the next detection must read the catalogs again"
