"""What a region offers, from the facts that have reached it."""

from __future__ import annotations

import pytest

from tests.tools.releases.builders import image, image_withdrawn, minor, patch, patch_removed, timeline
from tools.releases import LONG_TERM, OFFICIAL, Catalog, Fact, MinorKind, OfferedMinor


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


def test_a_generally_available_minor_is_offered_once_it_has_a_patch() -> None:
    assert plans("1.31") is None
    assert plans("1.31", patch("1.31.1", preview=True)) is None
    assert plans("1.31", patch("1.31.1")) == (OFFICIAL,)


def test_a_minor_in_preview_is_offered_as_such_until_it_is_generally_available() -> None:
    early = (minor("minor_preview", "1.32"), patch("1.32.0"))
    shown = offered("1.32", *early)
    assert shown is not None
    assert shown.is_preview
    released = offered("1.32", *early, minor("minor_ga", "1.32"))
    assert released is not None
    assert not released.is_preview


def test_an_unannounced_minor_is_not_offered() -> None:
    assert plans("1.32", patch("1.32.0")) is None


def test_long_term_support_is_another_plan_of_the_minor() -> None:
    assert plans("1.30", minor("minor_lts", "1.30")) == (OFFICIAL, LONG_TERM)


def test_an_lts_patch_puts_its_minor_on_the_plan() -> None:
    assert plans("1.27", patch("1.27.100")) == (LONG_TERM,)
    assert plans("1.30", patch("1.30.100")) == (OFFICIAL, LONG_TERM)


@pytest.mark.parametrize("kind", ["minor_lts_only", "minor_deprecated"])
def test_the_end_of_standard_support_leaves_the_lts_plan_or_nothing(kind: MinorKind) -> None:
    assert plans("1.30", minor(kind, "1.30")) is None
    assert plans("1.30", minor("minor_lts", "1.30"), minor(kind, "1.30")) == (LONG_TERM,)


@pytest.mark.parametrize("end", [minor("minor_removed", "1.30"), minor("minor_deprecated", "1.30", tier="lts")])
def test_the_end_of_a_minor_leaves_nothing(end: Fact) -> None:
    assert plans("1.30", minor("minor_lts", "1.30"), end) is None


def test_lts_patches_are_for_the_lts_plan_only() -> None:
    here = catalog(patch("1.30.100"))
    assert here.offers("1.30.100", LONG_TERM)
    assert not here.offers("1.30.100", OFFICIAL)
    assert here.offers("1.30.5", LONG_TERM)
    assert here.offers("1.30.5", OFFICIAL)


def test_a_preview_is_shown_but_on_no_plan_offered_for_upgrades() -> None:
    here = catalog(minor("minor_preview", "1.32"), patch("1.32.0"))
    assert "1.32.0" in here.versions()
    assert not here.offers("1.32.0", OFFICIAL)
    assert not here.offers("1.32.0", LONG_TERM)


def test_a_removed_patch_is_not_offered() -> None:
    assert not catalog(patch_removed("1.30.5")).offers("1.30.5", OFFICIAL)


def test_patches_are_ordered_as_numbers() -> None:
    found = offered("1.30", patch("1.30.10"), patch("1.30.9"))
    assert found is not None
    assert found.patches == ("1.30.4", "1.30.5", "1.30.9", "1.30.10")


def test_an_image_is_for_every_pool_family_that_its_own_begins() -> None:
    here = catalog(image("AKSUbuntu-2204", "202501.12.0"), image("AKSUbuntu-2204", "202501.02.0"))
    assert here.newest_image("AKSUbuntu-2204gen2containerd") == "202501.12.0"
    assert here.newest_image("AKSUbuntu-2404gen2containerd") is None


def test_a_withdrawn_image_gives_way_to_the_one_before() -> None:
    withdrawn = image_withdrawn("AKSUbuntu-2204", "202501.12.0")
    assert catalog(image("AKSUbuntu-2204", "202501.12.0"), withdrawn).images()["AKSUbuntu-2204"] == "202409.30.0"
