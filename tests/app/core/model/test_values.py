"""Versions, images and ids: parsed once, ordered by integers, compared as Azure does."""

from __future__ import annotations

from datetime import date

import pytest

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.ids import FLEET_TYPE, MAXIMUM_LENGTH, PROFILE_TYPE, ResourceId, normalize_region
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unknown
from shared.errors import InvalidInputError
from tests.app.builders import FLEET, a_profile


def test_versions_are_ordered_by_integers() -> None:
    assert MinorVersion.parse("1.9") < MinorVersion.parse("1.10")
    assert KubernetesVersion.parse("1.33.9") < KubernetesVersion.parse("1.33.10") < KubernetesVersion.parse("1.34.0")


@pytest.mark.parametrize(
    "text", ["", "1", "1.33", "v1.33.5", "1.33.5-rc1", "1.33.5.1", "1.033.5", " 1.33.5", "\u0661.33.5"]
)
def test_anything_but_a_full_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a full version"):
        KubernetesVersion.parse(text)


@pytest.mark.parametrize("text", ["", "1", "1.33.5", "v1.33", "1.x"])
def test_anything_but_a_minor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a minor version"):
        MinorVersion.parse(text)


def test_a_patch_belongs_to_its_own_minor_alone() -> None:
    assert KubernetesVersion.parse("1.33.5").is_patch_of(MinorVersion(1, 33))
    assert not KubernetesVersion.parse("1.33.5").is_patch_of(MinorVersion(1, 34))
    assert not KubernetesVersion.parse("1.33.5").is_patch_of(MinorVersion(2, 33))


def test_a_region_that_could_not_be_read_is_not_known_to_offer_anything() -> None:
    unread = RegionCatalog("eastus", Unknown("it did not answer"))

    assert not unread.offers(KubernetesVersion.parse("1.33.5"), SupportPlan.KUBERNETES_OFFICIAL)


def test_a_version_reads_back_as_it_was_written() -> None:
    assert str(KubernetesVersion.parse("1.33.10")) == "1.33.10"
    assert str(KubernetesVersion.parse("1.33.10").minor_version) == "1.33"


@pytest.mark.parametrize(("text", "is_build"), [("1.29.15", False), ("1.29.99", False), ("1.29.100", True)])
def test_patches_from_100_on_are_lts_builds(text: str, is_build: bool) -> None:
    assert KubernetesVersion.parse(text).is_long_term_support_build is is_build


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("202603.18.0", "202603.18.1"),
        ("202609.30.0", "202610.01.0"),
        ("2022.10.03", "202202.01.0"),
        ("26100.7462.251212", "26100.33158.260715"),
        ("2021.10.12", "2021.10.17"),
    ],
)
def test_images_are_ordered_by_integers(lower: str, higher: str) -> None:
    assert NodeImageVersion.parse(lower) < NodeImageVersion.parse(higher)


def test_zeros_before_a_number_make_no_difference_to_an_image() -> None:
    one, other = NodeImageVersion.parse("202603.18.1"), NodeImageVersion.parse("202603.18.01")

    assert one == other
    assert not one < other
    assert not other < one


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("202607.09.0", date(2026, 7, 9)),
        ("2022.10.03", date(2022, 10, 3)),
        ("20348.5386.260715", date(2026, 7, 15)),
    ],
)
def test_an_image_knows_the_day_it_carries(text: str, day: date) -> None:
    assert NodeImageVersion.parse(text).released == day
    assert str(NodeImageVersion.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "latest",
        "202607",
        "202613.01.0",
        "202602.30.0",
        "1.2.3",
        "20348.1.261301",
        "202410.27.0-",
        "202410.27.0-2024.13.01",
        "202410.27.0-202412.01.0",
        "202410.27.0-2024.12.01-2024.12.02",
        "2024.10.27-2024.12.01",
        "20348.5386.260715-2026.08.01",
    ],
)
def test_an_image_version_of_no_known_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        NodeImageVersion.parse(text)


def test_an_image_is_a_family_and_a_version() -> None:
    image = NodeImage.parse("AKSWindows-2022-containerd-20348.5386.260715")

    assert (image.family, str(image.version)) == ("AKSWindows-2022-containerd", "20348.5386.260715")
    assert str(image) == "AKSWindows-2022-containerd-20348.5386.260715"


@pytest.mark.parametrize("text", ["", "202607.09.0", "-202607.09.0", "AKSUbuntu"])
def test_an_image_without_a_family_or_a_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        NodeImage.parse(text)


def test_resource_ids_are_compared_without_case() -> None:
    lower, upper = ResourceId.parse(FLEET.text.lower()), ResourceId.parse(FLEET.text.upper())

    assert lower == upper
    assert len({lower, upper}) == 1
    assert upper.text == FLEET.text.upper()


def test_an_id_of_one_type_is_taken_in_any_case_and_that_of_another_refused() -> None:
    assert ResourceId.parse_of_type(FLEET.text.upper(), FLEET_TYPE, "fleet") == FLEET
    with pytest.raises(InvalidInputError, match=f"profile is .* expected the id of a resource of type {PROFILE_TYPE}"):
        ResourceId.parse_of_type(FLEET.text, PROFILE_TYPE, "profile")


def test_a_resource_id_knows_its_parts() -> None:
    profile = FLEET.child("autoUpgradeProfiles", "rapid")

    assert profile.parent == FLEET
    assert a_profile().fleet_id == FLEET
    assert (profile.name, profile.subscription, profile.resource_group) == ("rapid", "s", "g")
    assert profile.type == "microsoft.containerservice/fleets/autoupgradeprofiles"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/subscriptions/s",
        "/subscriptions/s/resourceGroups/g",
        f"{FLEET}/members",
        f"{FLEET}/members/a\n",
        f"{FLEET}/members/a\nb",
        f"{FLEET}/members/a\x1b[31m",
        f"{FLEET}/members/\u202ea",
        f"{FLEET}/members/\ud800",
        f"{FLEET}/members/{'a' * MAXIMUM_LENGTH}",
        f"{FLEET}/members/.",
        f"{FLEET}/members/..",
        f"{FLEET}/../managedClusters/a",
        FLEET.text.replace("/retail", "/."),
        FLEET.text.replace("/s/", "/../"),
        FLEET.text.replace("/g/", "/./"),
        FLEET.text.replace("Microsoft.ContainerService", ".."),
        *(f"{FLEET}/members/a{character}b" for character in "\\<>*%&:?#'\"`"),
        f"{FLEET}/members/%2e%2e",
    ],
)
def test_anything_but_the_id_of_a_resource_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="resource id"):
        ResourceId.parse(text)


@pytest.mark.parametrize("name", ["a.b", "...", ".a", "a..", "Größe", "a (b)_c-d", "a b"])
def test_a_name_that_azure_allows_is_kept(name: str) -> None:
    assert ResourceId.parse(f"{FLEET}/members/{name}").name == name


def test_a_region_is_the_same_by_either_name() -> None:
    assert normalize_region("West US 2") == normalize_region("westus2") == "westus2"
