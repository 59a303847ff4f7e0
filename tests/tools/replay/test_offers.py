"""What a region offers, from the facts that have reached it."""

from __future__ import annotations

import pytest

from shared.core.model.catalog import OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.unknown import Unknown
from tests.tools.replay.builders import (
    UBUNTU,
    a_timeline,
    ga,
    image,
    image_withdrawn,
    minor,
    minor_is,
    patch,
    patch_removed,
    version,
)
from tools.releases import Fact, MinorKind, Timeline
from tools.replay.node_families import NodeFamily
from tools.replay.offers import RegionOffers

DAY = "2025-02-03"
OFFICIAL, LONG_TERM = SupportPlan.KUBERNETES_OFFICIAL, SupportPlan.AKS_LONG_TERM_SUPPORT


def catalog_after(*facts: Fact, timeline: Timeline | None = None, family: str = UBUNTU) -> RegionCatalog:
    offers = RegionOffers("here", timeline or a_timeline())
    for fact in facts:
        offers.apply(fact)
    return offers.catalog([NodeFamily(family, UBUNTU)])


def offered(text: str, *facts: Fact) -> OfferedMinor | None:
    kubernetes = catalog_after(*facts).kubernetes
    assert not isinstance(kubernetes, Unknown)
    return kubernetes.get(minor(text))


def patches(text: str, plan: SupportPlan, *facts: Fact) -> list[str]:
    """What a cluster on the plan may take of the minor."""
    found = offered(text, *facts)
    return [] if found is None else sorted(str(patch) for patch in found.patches_on(plan))


def test_what_is_generally_available_at_the_start_is_offered_on_the_official_plan() -> None:
    assert patches("1.30", OFFICIAL) == ["1.30.1"]
    assert patches("1.30", LONG_TERM) == []


def test_a_minor_needs_both_general_availability_and_a_patch() -> None:
    assert patches("1.31", OFFICIAL, ga(DAY, "1.31")) == []
    assert patches("1.31", OFFICIAL, patch(DAY, "1.31.1")) == []
    assert patches("1.31", OFFICIAL, patch(DAY, "1.31.1"), ga(DAY, "1.31")) == ["1.31.1"]


def test_a_patch_that_is_a_preview_makes_no_minor_available() -> None:
    assert patches("1.31", OFFICIAL, ga(DAY, "1.31"), patch(DAY, "1.31.0", preview=True)) == []


def test_a_preview_patch_that_is_released_counts() -> None:
    facts = [ga(DAY, "1.31"), patch(DAY, "1.31.0", preview=True), patch(DAY, "1.31.0")]

    assert patches("1.31", OFFICIAL, *facts) == ["1.31.0"]


def test_a_minor_in_preview_only_is_offered_as_one() -> None:
    found = offered("1.31", minor_is(DAY, "minor_preview", "1.31"), patch(DAY, "1.31.0", preview=True))

    assert found == OfferedMinor(
        minor("1.31"), frozenset({OFFICIAL}), is_preview=True, patches=frozenset({version("1.31.0")})
    )


def test_a_preview_ends_with_general_availability() -> None:
    found = offered("1.31", minor_is(DAY, "minor_preview", "1.31"), ga(DAY, "1.31"), patch(DAY, "1.31.1"))

    assert found is not None
    assert not found.is_preview


@pytest.mark.parametrize(
    "fact",
    [
        minor_is(DAY, "minor_deprecated", "1.30"),
        minor_is(DAY, "minor_deprecated", "1.30", "lts"),
        minor_is(DAY, "minor_lts_only", "1.30"),
        minor_is(DAY, "minor_removed", "1.30"),
    ],
    ids=["deprecated", "deprecated-lts", "lts-only", "removed"],
)
def test_a_minor_out_of_standard_support_is_not_on_the_official_plan(fact: Fact) -> None:
    assert patches("1.30", OFFICIAL, fact) == []
    assert patches("1.30", OFFICIAL, fact, patch(DAY, "1.30.2")) == []


def test_a_minor_declared_for_long_term_support_has_its_standard_patches_on_the_lts_plan() -> None:
    assert patches("1.30", LONG_TERM, minor_is(DAY, "minor_lts", "1.30")) == ["1.30.1"]


def test_long_term_support_outlives_standard_support() -> None:
    facts = [
        minor_is(DAY, "minor_lts", "1.30"),
        minor_is(DAY, "minor_deprecated", "1.30"),
        patch(DAY, "1.30.100"),
    ]

    assert patches("1.30", LONG_TERM, *facts) == ["1.30.1", "1.30.100"]


def test_an_lts_build_is_on_the_lts_plan_alone_and_puts_its_minor_there_undeclared() -> None:
    assert patches("1.30", LONG_TERM, patch(DAY, "1.30.100")) == ["1.30.1", "1.30.100"]
    assert patches("1.30", OFFICIAL, patch(DAY, "1.30.100")) == ["1.30.1"]


def test_a_minor_that_has_lts_builds_only_was_never_official_here() -> None:
    assert patches("1.27", LONG_TERM, patch(DAY, "1.27.101")) == ["1.27.101"]
    assert patches("1.27", OFFICIAL, patch(DAY, "1.27.101")) == []


@pytest.mark.parametrize("kind", ["minor_deprecated", "minor_removed"])
def test_the_end_of_long_term_support_ends_everything(kind: MinorKind) -> None:
    assert offered("1.30", patch(DAY, "1.30.100"), minor_is(DAY, kind, "1.30", "lts")) is None


def test_a_patch_that_is_removed_is_not_offered() -> None:
    assert patches("1.30", OFFICIAL, patch(DAY, "1.30.2"), patch_removed(DAY, "1.30.2")) == ["1.30.1"]
    assert offered("1.30", patch_removed(DAY, "1.30.1")) is None


def test_a_region_with_no_version_at_all_is_unknown_and_not_empty() -> None:
    nothing = a_timeline(ga_minors=(), patches=())

    assert isinstance(catalog_after(timeline=nothing).kubernetes, Unknown)


def test_the_newest_image_counts_and_not_the_last_to_arrive() -> None:
    found = catalog_after(image(DAY, "202502.02.0"), image(DAY, "202501.10.0"))

    assert str(found.node_image(UBUNTU)) == "202502.02.0"


def test_an_image_that_is_withdrawn_leaves_the_newest_of_the_others() -> None:
    found = catalog_after(image(DAY, "202502.02.0"), image_withdrawn(DAY, "202502.02.0"))

    assert str(found.node_image(UBUNTU)) == "202412.20.0"


def test_a_family_whose_every_image_was_withdrawn_is_unknown() -> None:
    assert isinstance(catalog_after(image_withdrawn(DAY, "202412.20.0")).node_image(UBUNTU), Unknown)


def test_a_pools_family_has_the_images_of_its_folder() -> None:
    family = f"{UBUNTU}gen2containerd"

    assert str(catalog_after(family=family).node_image(family)) == "202412.20.0"


def test_a_family_without_any_image_yet_is_not_offered() -> None:
    assert catalog_after(timeline=a_timeline(images={})).node_images == {}
