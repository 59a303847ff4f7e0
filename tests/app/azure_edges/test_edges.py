"""Publisher, release tracker and clock, on the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from azure.core.credentials import AccessToken, TokenCredential

from shared.azure.aks.release_tracker import HttpReleaseTracker
from shared.azure.clock import make_clock
from shared.azure.connection import Connection
from shared.azure.events.publisher import EventGridPublisher
from shared.core.releases.releases import NewReleases, Release
from shared.errors import AccessDeniedError, TransientError
from tests.app.azure_edges.conftest import TlsFiles, settings_for
from tests.app.azure_edges.wire import Wire, json_of, serving
from tests.app.telemetry.emitted import Emitted

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
NEW_RELEASES = NewReleases(
    "westus2",
    (
        Release("KubernetesVersion", "1.35.6", "KubernetesOfficial"),
        Release("KubernetesVersion", "1.35.6", "AKSLongTermSupport"),
        Release("NodeImage", "AKSUbuntu-2204gen2containerd-202607.09.0"),
    ),
)


class AnyCredential:
    """A token for every scope."""

    def get_token(self, *_: str, **__: object) -> AccessToken:
        return AccessToken("token", int(time.time()) + 3600)


class AnyConnection(Connection):
    """A connection with that credential."""

    @property
    def credential(self) -> TokenCredential:
        return AnyCredential()


@pytest.fixture
def wire(tls: TlsFiles) -> Iterator[Wire]:
    with serving(tls) as wire:
        yield wire


def connection(tls: TlsFiles, **changes: object) -> Connection:
    return AnyConnection(settings_for(tls, **changes))


def published(wire: Wire) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", json_of(wire.received[-1][2]))


def test_new_releases_are_one_event_a_region_with_each_version_once(wire: Wire, tls: TlsFiles) -> None:
    publisher = EventGridPublisher(connection(tls, event_grid_endpoint=f"{wire.url}/api/events"))

    publisher.publish_new_releases([NEW_RELEASES], NOW)

    [event] = published(wire)
    assert (event["eventType"], event["subject"]) == ("FleetAutoUpgrade.ReleaseDetected", "westus2")
    assert event["data"] == {
        "region": "westus2",
        "kubernetesVersions": ["1.35.6"],
        "nodeImages": ["AKSUbuntu-2204gen2containerd-202607.09.0"],
        "at": "2026-08-03T06:00:00+00:00",
    }
    assert str(event["eventTime"]).startswith("2026-08-03T06:00:00")


def test_the_same_new_releases_have_the_same_event_id(wire: Wire, tls: TlsFiles) -> None:
    publisher = EventGridPublisher(connection(tls, event_grid_endpoint=f"{wire.url}/api/events"))
    publisher.publish_new_releases([NEW_RELEASES], NOW)
    first = published(wire)[0]["id"]

    publisher.publish_new_releases([NEW_RELEASES], NOW)

    assert published(wire)[0]["id"] == first


def test_many_events_are_sent_in_requests_that_stay_small(wire: Wire, tls: TlsFiles) -> None:
    publisher = EventGridPublisher(connection(tls, event_grid_endpoint=f"{wire.url}/api/events"))

    publisher.publish_new_releases([NEW_RELEASES] * 450, NOW)

    assert [len(cast("list[object]", json_of(body))) for _, _, body in wire.received] == [200, 200, 50]


def test_a_topic_that_refuses_the_identity_says_so(wire: Wire, tls: TlsFiles) -> None:
    wire.status = 403
    publisher = EventGridPublisher(connection(tls, event_grid_endpoint=f"{wire.url}/api/events"))

    with pytest.raises(AccessDeniedError, match="publish to"):
        publisher.publish_new_releases([NEW_RELEASES], NOW)


def test_the_trackers_digest_changes_with_its_data_and_only_then(wire: Wire, tls: TlsFiles) -> None:
    tracker = HttpReleaseTracker(connection(tls, release_tracker_url=f"{wire.url}/data.json"))
    wire.body = b"one"
    first = tracker.digest()

    assert tracker.digest() == first
    wire.body = b"two"
    assert tracker.digest() != first


@pytest.mark.parametrize("status", [404, 500])
def test_a_tracker_that_responds_with_an_error_is_no_hint_and_reported(
    wire: Wire, tls: TlsFiles, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    wire.status = status
    emitted = Emitted(caplog)

    assert HttpReleaseTracker(connection(tls, release_tracker_url=wire.url)).digest() is None
    [properties] = emitted.properties("release_tracker_unreadable")
    assert properties["sentence"].startswith(str(status))


def test_a_tracker_that_is_switched_off_or_does_not_exist_is_no_hint(tls: TlsFiles) -> None:
    assert HttpReleaseTracker(connection(tls, release_tracker_url=None)).digest() is None
    assert HttpReleaseTracker(connection(tls, release_tracker_url="https://127.0.0.1:1/")).digest() is None


@pytest.mark.parametrize("url", ["none", "https://[", "ftp://a", "https://"])
def test_a_malformed_address_of_the_tracker_is_no_hint_and_reported_with_each_detection(
    tls: TlsFiles, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    emitted = Emitted(caplog)
    tracker = HttpReleaseTracker(connection(tls, release_tracker_url=url))

    assert [tracker.digest(), tracker.digest()] == [None, None]
    assert emitted.names() == ["release_tracker_unreadable"] * 2


def test_a_trackers_endless_response_is_not_read_to_its_end(wire: Wire, tls: TlsFiles) -> None:
    wire.body = b"x" * (9 * 1024 * 1024)

    assert HttpReleaseTracker(connection(tls, release_tracker_url=wire.url)).digest() is None


def test_a_simulations_clock_gives_its_time(wire: Wire, tls: TlsFiles) -> None:
    wire.body = b'{"now": "2025-01-18T02:06:04Z", "rate": 0}'

    assert make_clock(connection(tls, clock_url=wire.url)).now() == datetime(2025, 1, 18, 2, 6, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"time": 1}', b'{"now": "soon"}', b'{"now": "9999-12-31T23:59:59-14:00"}']
)
def test_a_clock_that_gives_no_time_is_a_transient_error(wire: Wire, tls: TlsFiles, body: bytes) -> None:
    wire.body = body

    with pytest.raises(TransientError, match="gave no time"):
        make_clock(connection(tls, clock_url=wire.url)).now()


def test_a_simulations_clock_may_be_a_file(tls: TlsFiles, tmp_path: Path) -> None:
    file = tmp_path / "clock of a simulation.json"
    clock = make_clock(connection(tls, clock_url=file.as_uri()))
    with pytest.raises(TransientError, match="gave no time"):
        clock.now()

    for day in (18, 19):
        file.write_text(f'{{"now": "2025-01-{day}T02:06:04Z"}}')
        assert clock.now() == datetime(2025, 1, day, 2, 6, 4, tzinfo=UTC)


def test_without_a_simulation_it_is_the_machines_time_in_utc(tls: TlsFiles) -> None:
    now = make_clock(connection(tls)).now()

    assert abs((datetime.now(UTC) - now).total_seconds()) < 5
    assert now.tzinfo is UTC
