"""A run's name: golden for ever, different whenever the run is, and always one that Fleet takes."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.runs.specification import RunSpecification, is_name_of, is_name_under_any_channel, specify
from shared.core.targets.target import Target
from shared.errors import InternalError
from tests.app.builders import FLEET, UBUNTU, a_profile

NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
RAPID = RunSpecification(
    profile_id=FLEET.child("autoUpgradeProfiles", "rapid"),
    channel=Channel.RAPID,
    upgrade_type=UpgradeType.FULL,
    kubernetes_version=KubernetesVersion.parse("1.36.2"),
    node_image_selection=NodeImageSelection.LATEST,
    update_strategy_id=FLEET.child("updateStrategies", "staged"),
)
IMAGES = RunSpecification(
    profile_id=FLEET.child("autoUpgradeProfiles", "images"),
    channel=Channel.NODE_IMAGE,
    upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
    kubernetes_version=None,
    node_image_selection=NodeImageSelection.CONSISTENT,
    node_images=(NodeImage.parse(f"{UBUNTU}-202607.09.0"),),
)
LONG = replace(
    RAPID,
    profile_id=FLEET.child("autoUpgradeProfiles", "a-very-long-profile-name-of-the-payments-team"),
    channel=Channel.TARGET_KUBERNETES_VERSION,
)

CUT_AT_A_HYPHEN = replace(
    LONG, profile_id=FLEET.child("autoUpgradeProfiles", "a-very-long-prof-of-the-payments-team-in-europe")
)


@pytest.mark.parametrize(
    ("specification", "name"),
    [
        (RAPID, "auto-rapid-rapid-1-36-2-3pujljdk"),
        (IMAGES, "auto-images-nodeimage-2tpql7eo"),
        (LONG, "auto-a-very-long-profi-ymcr-target-1-36-2-kef7qsqg"),
        (CUT_AT_A_HYPHEN, "auto-a-very-long-prof-mozu-target-1-36-2-g2o7bxlb"),
        (
            replace(RAPID, upgrade_type=UpgradeType.CONTROL_PLANE_ONLY, node_image_selection=None),
            "auto-rapid-rapid-1-36-2-oen3fbgm",
        ),
        (RAPID.following("auto-earlier"), "auto-rapid-rapid-1-36-2-o6dczyk2"),
    ],
)
def test_golden_names_never_change(specification: RunSpecification, name: str) -> None:
    """A name that changed would have every run of every user generated a second time."""
    assert specification.name == name


@pytest.mark.parametrize(
    "other",
    [
        replace(RAPID, profile_id=FLEET.child("autoUpgradeProfiles", "other")),
        replace(RAPID, upgrade_type=UpgradeType.CONTROL_PLANE_ONLY),
        replace(RAPID, kubernetes_version=KubernetesVersion.parse("1.36.3")),
        replace(RAPID, node_image_selection=NodeImageSelection.CONSISTENT),
        replace(RAPID, node_images=(NodeImage.parse(f"{UBUNTU}-202607.09.0"),)),
        replace(RAPID, update_strategy_id=None),
        replace(RAPID, follows="auto-earlier"),
    ],
)
def test_everything_that_defines_the_run_is_in_its_name(other: RunSpecification) -> None:
    assert other.name.rpartition("-")[2] != RAPID.name.rpartition("-")[2]


def test_the_case_of_ids_makes_no_difference() -> None:
    shouted = replace(RAPID, profile_id=ResourceId.parse(RAPID.profile_id.text.upper()))

    assert shouted.name == RAPID.name


def test_the_order_of_images_makes_no_difference() -> None:
    images = (NodeImage.parse(f"{UBUNTU}-202607.09.0"), NodeImage.parse("AKSAzureLinux-V3gen2-202607.09.0"))

    assert replace(IMAGES, node_images=images).name == replace(IMAGES, node_images=images[::-1]).name


def test_long_names_with_a_common_beginning_stay_apart() -> None:
    other = replace(
        LONG, profile_id=FLEET.child("autoUpgradeProfiles", "a-very-long-profile-name-of-the-payments-crew")
    )

    assert other.name.rpartition("-")[0] != LONG.name.rpartition("-")[0]
    assert not is_name_of(other.profile_id, other.channel, LONG.name)


@given(
    profile=st.from_regex(r"[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?", fullmatch=True),
    channel=st.sampled_from(list(Channel)),
    patch=st.integers(0, 999),
)
def test_every_name_is_one_that_fleet_takes_and_this_app_knows_again(
    profile: str, channel: Channel, patch: int
) -> None:
    version = None if channel is Channel.NODE_IMAGE else KubernetesVersion(1, 36, patch)
    profile_id = FLEET.child("autoUpgradeProfiles", profile)
    name = replace(RAPID, profile_id=profile_id, channel=channel, kubernetes_version=version).name

    assert len(name) <= 50
    assert NAME.fullmatch(name)
    assert is_name_of(profile_id, channel, name)
    assert is_name_under_any_channel(profile_id, name)


@pytest.mark.parametrize(
    "name", ["auto-rapid-rapid-1-33-2-1cnmmzn", "auto-rapid", "rapid", "auto-other-rapid-1-36-2-abcdefgh"]
)
def test_names_by_azure_or_for_another_profile_are_not_this_apps(name: str) -> None:
    assert not is_name_of(RAPID.profile_id, Channel.RAPID, name)
    assert not is_name_under_any_channel(RAPID.profile_id, name)


@pytest.mark.slow
def test_a_name_is_the_same_in_another_process() -> None:
    code = "from tests.app.core.runs.test_specification import RAPID, IMAGES; print(RAPID.name, IMAGES.name)"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": ".", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert said == {f"{RAPID.name} {IMAGES.name}\n"}


VERSION = Target(KubernetesVersion.parse("1.35.6"))
NEWEST_IMAGES = Target(node_images=(NodeImage.parse(f"{UBUNTU}-202607.09.0"),))


@pytest.mark.parametrize("selection", [NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT])
def test_the_selection_is_the_profiles(selection: NodeImageSelection) -> None:
    specification = specify(a_profile(selection=selection), VERSION, UpgradeType.FULL)

    assert specification.node_image_selection is selection


def test_a_run_for_control_planes_selects_no_images() -> None:
    consistent = a_profile(selection=NodeImageSelection.CONSISTENT)

    assert specify(consistent, VERSION, UpgradeType.CONTROL_PLANE_ONLY).node_image_selection is None


def test_a_run_that_names_its_images_selects_them_as_custom() -> None:
    specification = specify(
        a_profile(Channel.NODE_IMAGE), NEWEST_IMAGES, UpgradeType.NODE_IMAGE_ONLY, names_images=True
    )

    assert specification.node_image_selection is NodeImageSelection.CUSTOM
    assert specification.node_images == NEWEST_IMAGES.node_images


def test_everything_else_is_taken_over_from_profile_and_target() -> None:
    profile = a_profile(Channel.STABLE, strategy="staged")

    specification = specify(profile, VERSION, UpgradeType.FULL)

    assert specification.profile_id == profile.id
    assert specification.channel is Channel.STABLE
    assert specification.upgrade_type is UpgradeType.FULL
    assert str(specification.kubernetes_version) == "1.35.6"
    assert specification.update_strategy_id == FLEET.child("updateStrategies", "staged")
    assert specification.follows is None


@pytest.mark.parametrize(
    "unchecked",
    [
        a_profile(Unparsed("SecurityPatch")),
        replace(a_profile(), update_strategy_id=Unparsed("staged")),
    ],
)
def test_specifying_an_unchecked_profile_is_a_bug(unchecked: Profile) -> None:
    with pytest.raises(InternalError, match=f"^profile {unchecked.id} was not validated before its run was specified$"):
        specify(unchecked, VERSION, UpgradeType.FULL)
