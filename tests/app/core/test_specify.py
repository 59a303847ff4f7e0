"""The run that brings a profile's clusters to a target."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.runs.specification import specify
from shared.core.targets.target import Target
from shared.errors import InternalError
from tests.app.builders import FLEET, UBUNTU, a_profile

VERSION = Target(KubernetesVersion.parse("1.35.6"))
IMAGES = Target(node_images=(NodeImage.parse(f"{UBUNTU}-202607.09.0"),))


@pytest.mark.parametrize("selection", [NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT])
def test_the_selection_is_the_profiles(selection: NodeImageSelection) -> None:
    specification = specify(a_profile(selection=selection), VERSION, UpgradeType.FULL)

    assert specification.node_image_selection is selection


def test_a_run_for_control_planes_selects_no_images() -> None:
    consistent = a_profile(selection=NodeImageSelection.CONSISTENT)

    assert specify(consistent, VERSION, UpgradeType.CONTROL_PLANE_ONLY).node_image_selection is None


def test_a_run_that_names_its_images_selects_them_as_custom() -> None:
    specification = specify(a_profile(Channel.NODE_IMAGE), IMAGES, UpgradeType.NODE_IMAGE_ONLY, names_images=True)

    assert specification.node_image_selection is NodeImageSelection.CUSTOM
    assert specification.node_images == IMAGES.node_images


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
    with pytest.raises(InternalError):
        specify(unchecked, VERSION, UpgradeType.FULL)
