"""Which of a timeline's families a pool's images come from."""

from __future__ import annotations

import pytest

from shared.errors import InvalidInputError
from tools.replay.node_families import NodeFamily, find_families

FOLDERS = ["AKSUbuntu-2204", "AKSUbuntu-2204-FIPS", "AKSWindows-2022"]


@pytest.mark.parametrize(
    ("family", "folder"),
    [
        ("AKSUbuntu-2204", "AKSUbuntu-2204"),
        ("AKSUbuntu-2204gen2containerd", "AKSUbuntu-2204"),
        ("AKSUbuntu-2204-FIPSgen2", "AKSUbuntu-2204-FIPS"),
        ("AKSWindows-2022-containerd-gen2", "AKSWindows-2022"),
    ],
)
def test_the_longest_folder_that_a_family_begins_with_has_its_images(family: str, folder: str) -> None:
    assert find_families([family], FOLDERS, images_needed=False) == (NodeFamily(family, folder),)


def test_a_family_that_is_asked_for_twice_counts_once() -> None:
    assert len(find_families(["AKSWindows-2022", "AKSWindows-2022"], FOLDERS, images_needed=False)) == 1


def test_without_any_the_default_is_taken() -> None:
    assert find_families([], FOLDERS, images_needed=True) == (NodeFamily("AKSUbuntu-2204", "AKSUbuntu-2204"),)


def test_a_default_that_the_timeline_lacks_matters_only_where_images_are_needed() -> None:
    assert find_families([], ["AKSWindows-2022"], images_needed=False) == ()
    with pytest.raises(InvalidInputError, match="AKSWindows-2022"):
        find_families([], ["AKSWindows-2022"], images_needed=True)


def test_an_unknown_family_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInputError, match="AKSUbuntu-2204, AKSUbuntu-2204-FIPS, AKSWindows-2022") as caught:
        find_families(["AKSMars"], FOLDERS, images_needed=False)

    assert caught.value.value == "AKSMars"
