"""When a release reaches which region."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tools.releases.builders import image, moment, patch
from tools.releases import arrival, find_arrivals

WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = "2025-01-01T09:30", "2025-01-03T09:30", "2025-01-04T09:30", "2025-01-05T09:30"


@pytest.mark.parametrize("published", [WEDNESDAY, FRIDAY, SATURDAY, SUNDAY])
def test_the_first_region_has_a_release_at_once_even_at_a_weekend(published: str) -> None:
    assert arrival(moment(published), 0, 5, 10) == moment(published)


def test_a_single_region_has_a_release_at_once() -> None:
    assert arrival(moment(SATURDAY), 0, 1, 10) == moment(SATURDAY)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (WEDNESDAY, "2025-01-15T09:30"),
        (FRIDAY, "2025-01-17T09:30"),
        (SATURDAY, "2025-01-17T09:30"),
        (SUNDAY, "2025-01-17T09:30"),
        ("2025-01-06T09:30", "2025-01-20T09:30"),
    ],
)
def test_the_last_region_has_it_ten_business_days_later_at_the_same_time_of_the_day(
    published: str, expected: str
) -> None:
    assert arrival(moment(published), 3, 4, 10) == moment(expected)


@pytest.mark.parametrize(
    ("index", "regions", "rollout_days", "expected"),
    [
        (1, 4, 10, "2025-01-07T09:30"),  # ceil(10/3) = 4
        (2, 4, 10, "2025-01-10T09:30"),  # ceil(20/3) = 7
        (1, 2, 1, "2025-01-02T09:30"),
        (1, 3, 1, "2025-01-02T09:30"),  # ceil(1/2) = 1
        (1, 12, 10, "2025-01-02T09:30"),  # ceil(10/11) = 1
        (10, 12, 10, "2025-01-15T09:30"),  # ceil(100/11) = 10
        (2, 3, 3, "2025-01-06T09:30"),
    ],
)
def test_regions_in_between_are_spread_evenly_rounded_up_to_whole_business_days(
    index: int, regions: int, rollout_days: int, expected: str
) -> None:
    assert arrival(moment(WEDNESDAY), index, regions, rollout_days) == moment(expected)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_rollout_of_no_days_is_everywhere_at_once_even_at_a_weekend(index: int) -> None:
    assert arrival(moment(SATURDAY), index, 3, 0) == moment(SATURDAY)


def test_from_friday_the_next_business_day_is_monday() -> None:
    assert arrival(moment(FRIDAY), 1, 2, 1) == moment("2025-01-06T09:30")
    assert arrival(moment(SATURDAY), 1, 2, 1) == moment("2025-01-06T09:30")


def test_facts_that_arrive_together_stay_in_their_order_and_moments_in_theirs() -> None:
    saturday, sunday = (
        patch("1.30.2", moment("2025-01-04")),
        image("AKSUbuntu-2204", "202501.01.0", moment("2025-01-05")),
    )

    found = find_arrivals([saturday, sunday], ["one", "two"], 1)

    assert list(found.items()) == [
        (moment("2025-01-04"), {"one": [saturday]}),
        (moment("2025-01-05"), {"one": [sunday]}),
        (moment("2025-01-06"), {"two": [saturday, sunday]}),
    ]


def test_a_slow_region_has_everything_later_than_its_turn() -> None:
    wednesday = patch("1.30.2", moment("2025-01-01"))

    found = find_arrivals([wednesday], ["one", "two", "three"], 2, {"two": timedelta(days=2.5)})

    assert {region: at for at, by_region in found.items() for region in by_region} == {
        "one": moment("2025-01-01"),
        "two": moment("2025-01-04T12:00"),
        "three": moment("2025-01-03"),
    }
