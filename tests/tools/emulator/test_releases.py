"""What a region offers, and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.tools.emulator.builders import MONDAY, REGIONS, at, image, minor, patch, timeline
from tools.emulator.changes import Changes
from tools.emulator.documents import DocumentError
from tools.emulator.journal import Journal
from tools.emulator.releases import LONG_TERM, OFFICIAL, Fact, RegionOffers, load_timeline, read_fact
from tools.emulator.releases.catalog import Catalog, OfferedMinor
from tools.emulator.releases.rollout import arrival
from tools.emulator.ticker import RunningClock


def catalog(*facts: Fact) -> Catalog:
    built = Catalog(timeline())
    for fact in facts:
        built.apply(fact)
    return built


def offered(name: str, *facts: Fact) -> OfferedMinor | None:
    return next((minor for minor in catalog(*facts).minors() if minor.minor == name), None)


def plans(name: str, *facts: Fact) -> tuple[str, ...] | None:
    found = offered(name, *facts)
    return None if found is None else found.plans


@pytest.mark.parametrize(
    ("published", "index", "expected"),
    [
        (at(5, 10), 0, at(5, 10)),
        (at(5, 10), 1, at(12, 10)),
        (at(5, 10), 2, at(19, 10)),
        (at(9, 1), 1, at(16, 1)),
        (at(10, 1), 0, at(10, 1)),
        (at(10, 1), 1, at(16, 1)),
        (at(11, 1), 1, at(16, 1)),
    ],
)
def test_a_release_reaches_the_regions_in_turn_on_business_days(
    published: datetime, index: int, expected: datetime
) -> None:
    assert arrival(published, index, 3, 10) == expected


def test_parts_of_days_are_rounded_up() -> None:
    assert [arrival(at(5), index, 4, 10).day for index in range(4)] == [5, 9, 14, 19]


def test_one_region_alone_has_everything_at_once() -> None:
    assert arrival(at(10), 0, 1, 10) == at(10)


def test_a_generally_available_minor_is_offered_once_it_has_a_patch() -> None:
    assert plans("1.31") is None
    assert plans("1.31", patch("1.31.1", preview=True)) is None
    assert plans("1.31", patch("1.31.1")) == (OFFICIAL,)


def test_a_minor_in_preview_is_offered_as_such_until_it_is_generally_available() -> None:
    early = (minor("preview", "1.32"), patch("1.32.0"))
    shown = offered("1.32", *early)
    assert shown is not None
    assert shown.is_preview
    released = offered("1.32", *early, minor("ga", "1.32"))
    assert released is not None
    assert not released.is_preview


def test_a_minor_nobody_announced_is_not_offered() -> None:
    assert plans("1.32", patch("1.32.0")) is None


def test_long_term_support_is_another_plan_of_the_minor() -> None:
    assert plans("1.30", minor("lts", "1.30")) == (OFFICIAL, LONG_TERM)


def test_an_lts_patch_puts_its_minor_on_the_plan() -> None:
    assert plans("1.27", patch("1.27.100", lts=True)) == (LONG_TERM,)
    assert plans("1.30", patch("1.30.100", lts=True)) == (OFFICIAL, LONG_TERM)


@pytest.mark.parametrize("kind", ["lts_only", "deprecated"])
def test_the_end_of_standard_support_leaves_the_lts_plan_or_nothing(kind: str) -> None:
    assert plans("1.30", minor(kind, "1.30")) is None
    assert plans("1.30", minor("lts", "1.30"), minor(kind, "1.30")) == (LONG_TERM,)


@pytest.mark.parametrize("end", [minor("removed", "1.30"), minor("deprecated", "1.30", tier="lts")])
def test_the_end_of_a_minor_leaves_nothing(end: Fact) -> None:
    assert plans("1.30", minor("lts", "1.30"), end) is None


def test_lts_patches_are_for_the_lts_plan_only() -> None:
    here = catalog(patch("1.30.100", lts=True))
    assert here.offers("1.30.100", LONG_TERM)
    assert not here.offers("1.30.100", OFFICIAL)
    assert here.offers("1.30.5", LONG_TERM)
    assert here.offers("1.30.5", OFFICIAL)


def test_a_preview_is_shown_but_on_no_plan_offered_for_upgrades() -> None:
    here = catalog(minor("preview", "1.32"), patch("1.32.0"))
    assert "1.32.0" in here.versions()
    assert not here.offers("1.32.0", OFFICIAL)
    assert not here.offers("1.32.0", LONG_TERM)


def test_a_removed_patch_is_gone() -> None:
    assert not catalog(Fact(MONDAY, "patch_removed", "1.30.5")).offers("1.30.5", OFFICIAL)


def test_patches_are_ordered_as_numbers() -> None:
    found = offered("1.30", patch("1.30.10"), patch("1.30.9"))
    assert found is not None
    assert found.patches == ("1.30.4", "1.30.5", "1.30.9", "1.30.10")


def test_an_image_is_for_every_pool_family_that_its_own_begins() -> None:
    here = catalog(image("AKSUbuntu-2204", "202501.12.0"), image("AKSUbuntu-2204", "202501.02.0"))
    assert here.newest_image("AKSUbuntu-2204gen2containerd") == "202501.12.0"
    assert here.newest_image("AKSUbuntu-2404gen2containerd") is None


def test_a_withdrawn_image_gives_way_to_the_one_before() -> None:
    withdrawn = Fact(MONDAY, "node_image_withdrawn", "202501.12.0", family="AKSUbuntu-2204")
    assert catalog(image("AKSUbuntu-2204", "202501.12.0"), withdrawn).images()["AKSUbuntu-2204"] == "202409.30.0"


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


def test_a_fact_without_its_version_is_no_fact() -> None:
    with pytest.raises(DocumentError, match="version"):
        read_fact({"kind": "patch"}, MONDAY)


def test_a_timeline_with_a_mistake_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "timeline.json"
    start: dict[str, object] = {"ga_minors": [], "patches": {}, "node_images": {}}
    facts = [{"at": "2026-01-01T00:00:00Z", "kind": "patch", "version": "1.30"}]
    file.write_text(json.dumps({"from": "2026-01-01", "state_at_start": start, "facts": facts}))
    with pytest.raises(DocumentError, match=r"timeline\.json: facts\[0\]\.version"):
        load_timeline(file)
