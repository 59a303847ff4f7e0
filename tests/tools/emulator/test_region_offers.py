"""What regions offer, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.tools.emulator.builders import REGIONS, at
from tests.tools.releases.builders import MONDAY, image, patch, timeline
from tools.emulator.changes import Changes
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.ticker import RunningClock
from tools.releases import OFFICIAL, Fact


def rolling(*facts: Fact, start: datetime = MONDAY) -> tuple[RegionOffers, RunningClock, Journal]:
    clock = RunningClock(start, 0.0, Changes())
    journal = Journal(clock.now)
    return RegionOffers(REGIONS, timeline(*facts), clock, journal), clock, journal


def test_a_region_offers_a_version_from_its_arrival_on() -> None:
    offers, clock, _ = rolling(patch("1.30.6", at(6)))
    clock.advance(at(6))
    assert [offers.offers_version(region, "1.30.6", OFFICIAL) for region in REGIONS] == [True, False, False]
    clock.advance(at(13))
    assert [offers.offers_version(region, "1.30.6", OFFICIAL) for region in REGIONS] == [True, True, False]
    clock.advance(at(20))
    assert offers.offers_version("westeurope", "1.30.6", OFFICIAL)
    assert not offers.offers_version("mars", "1.30.6", OFFICIAL)


def test_the_journal_has_one_release_for_each_region_and_moment() -> None:
    _, clock, journal = rolling(
        patch("1.31.1", at(6)), patch("1.30.6", at(6)), image("AKSUbuntu-2204", "202601.01.0", at(6))
    )
    clock.advance(at(30))
    entries = journal.after(0)
    assert [(entry["region"], entry["at"]) for entry in entries] == [
        ("westus2", "2026-01-06T00:00:00.0000000Z"),
        ("eastus", "2026-01-13T00:00:00.0000000Z"),
        ("westeurope", "2026-01-20T00:00:00.0000000Z"),
    ]
    assert entries[0]["kubernetesVersions"] == ["1.30.6", "1.31.1"]
    assert entries[0]["nodeImages"] == ["AKSUbuntu-2204-202601.01.0"]


def test_what_was_released_before_the_start_is_there_without_a_word() -> None:
    offers, clock, journal = rolling(patch("1.30.6", at(6)), start=at(14))
    assert offers.offers_version("eastus", "1.30.6", OFFICIAL)
    assert not offers.offers_version("westeurope", "1.30.6", OFFICIAL)
    assert journal.last == 0
    assert clock.next_event_at == at(20)


def test_the_timeline_ends_when_the_last_region_has_the_last_fact() -> None:
    offers, _, _ = rolling(patch("1.30.6", at(6)), patch("1.30.7", at(7)))
    assert offers.timeline_end == at(21)


def test_new_versions_are_announced_new_images_are_not() -> None:
    offers, clock, _ = rolling(image("AKSUbuntu-2204", "202601.01.0", at(6)), patch("1.30.6", at(7)))
    announced: list[tuple[str, datetime]] = []

    def hear(region: str, versions: Sequence[str], _: Sequence[str]) -> None:
        if versions:
            announced.append((region, clock.now()))

    offers.listeners.append(hear)
    clock.advance(at(30))
    assert announced == [("westus2", at(7)), ("eastus", at(14)), ("westeurope", at(21))]
