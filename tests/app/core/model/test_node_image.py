"""Node images with the date of their security patches, and families: what no form allows is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.errors import InvalidInputError
from tests.app.builders import UBUNTU

DAYS = st.dates(date(2020, 1, 1), date(2039, 12, 31))
LINUX = st.builds(lambda day, number: f"{day:%Y%m.%d}.{number}", DAYS, st.integers(0, 12))
PATCHED = st.builds(lambda image, day: f"{image}-{day:%Y.%m.%d}", LINUX, DAYS)
LEGACY = st.builds(lambda day: f"{day:%Y.%m.%d}", DAYS)
WINDOWS = st.builds(
    lambda build, revision, day: f"{build}.{revision}.{day:%y%m%d}",
    st.integers(17763, 26999),
    st.integers(1, 99999),
    DAYS,
)
VERSIONS = st.one_of(LINUX, PATCHED, LEGACY, WINDOWS)
PARTS = st.text(ascii_letters + digits, min_size=1, max_size=12)
FAMILIES = st.lists(PARTS, min_size=1, max_size=4).map("-".join)
NUMBERS = st.lists(st.integers(0, 9999), min_size=2, max_size=4).map(lambda parts: ".".join(map(str, parts)))


def test_an_image_with_security_patches_is_of_a_separate_family() -> None:
    image = NodeImage.parse(f"{UBUNTU}-202410.27.0-2024.12.01")

    assert (image.family, str(image.version)) == (UBUNTU, "202410.27.0-2024.12.01")
    assert image.version.released == date(2024, 10, 27)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("202410.27.0", "202410.27.0-2024.12.01"),
        ("202410.27.0-2024.12.01", "202410.27.0-2024.12.15"),
        ("202410.27.0-2024.12.15", "202410.27.1"),
        ("202410.27.0-2025.12.01", "202411.03.0"),
    ],
)
def test_security_patches_order_the_same_image_and_no_others(lower: str, higher: str) -> None:
    assert NodeImageVersion.parse(lower) < NodeImageVersion.parse(higher)


@given(FAMILIES, VERSIONS)
def test_every_family_with_every_form_of_version_reads_back_as_it_was_written(family: str, version: str) -> None:
    image = NodeImage.parse(f"{family}-{version}")

    assert (image.family, str(image.version), str(image)) == (family, version, f"{family}-{version}")


@given(FAMILIES, NUMBERS, VERSIONS)
def test_no_family_ends_in_something_that_is_itself_a_version(family: str, numbers: str, version: str) -> None:
    text = f"{family}-{numbers}-{version}"
    try:
        image = NodeImage.parse(text)
    except InvalidInputError:
        return
    assert image.family == family
    assert re.fullmatch(r"\d{6}\.\d{2}\.\d+-\d{4}\.\d{2}\.\d{2}", str(image.version)), text


@given(LINUX, DAYS, st.integers(1, 400))
def test_later_patches_make_the_same_image_newer(image: str, day: date, days: int) -> None:
    plain = NodeImageVersion.parse(image)
    patched = NodeImageVersion.parse(f"{image}-{day:%Y.%m.%d}")
    patched_later = NodeImageVersion.parse(f"{image}-{day + timedelta(days):%Y.%m.%d}")

    assert plain < patched < patched_later


@given(LINUX, LINUX, DAYS)
def test_a_newer_image_is_newer_regardless_of_the_patches_of_the_older_one(one: str, other: str, day: date) -> None:
    older, newer = sorted([one, other], key=NodeImageVersion.parse)
    if NodeImageVersion.parse(older) < NodeImageVersion.parse(newer):
        assert NodeImageVersion.parse(f"{older}-{day:%Y.%m.%d}") < NodeImageVersion.parse(newer)


@pytest.mark.parametrize(
    "text",
    [
        f"{UBUNTU}-202410.27.0-2024.12.01-2025.01.01",
        f"{UBUNTU}-202410.27.0-20241201",
        f"{UBUNTU}-202410.27.0-patched-2024.12.01",
        f"{UBUNTU}-1.2-202410.27.0",
        f"{UBUNTU}-2024.10.27-2024.12.01",
        "AKSWindows-2022-containerd-20348.5386.260715-2026.08.01",
        "202410.27.0-2024.12.01",
    ],
)
def test_a_form_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        NodeImage.parse(text)


def test_where_there_is_no_number_the_last_part_is_what_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        NodeImage.parse(f"{UBUNTU}-gen2-latest")

    assert refused.value.value == "latest"


FORMS = "a node image version such as 202607.09.0, 2022.10.03, 20348.5386.260715 or 202410.27.0-2024.12.01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latest", FORMS),
        ("20348.5386.260715-2024.12.01", FORMS),
        ("202413.27.0", f"{FORMS}, with a date that exists"),
        ("202410.27.0-2024.13.01", f"{FORMS}, with a date that exists"),
    ],
)
def test_a_refusal_has_the_whole_version_and_what_would_be_right(text: str, expected: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        NodeImageVersion.parse(text)

    assert (refused.value.field, refused.value.value, refused.value.expected) == ("node image version", text, expected)
