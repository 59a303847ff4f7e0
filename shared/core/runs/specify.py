"""The run that brings a profile's clusters to a target."""

from __future__ import annotations

from shared.core.decision import Target
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.runs.specification import RunSpecification
from shared.errors import InternalError


def upgrade_type_of(profile: Profile) -> UpgradeType:
    """What a run of the profile upgrades, unless a policy splits it."""
    return UpgradeType.NODE_IMAGE_ONLY if profile.channel is Channel.NODE_IMAGE else UpgradeType.FULL


def selection_of(profile: Profile) -> NodeImageSelection:
    """How a run of the profile picks images: `Consistent` on channel NodeImage, else as the profile says.

    A profile may leave it out, and then gets the default of update runs (`az fleet updaterun create`): `Latest`.
    """
    if profile.channel is Channel.NODE_IMAGE:
        return NodeImageSelection.CONSISTENT
    selection = profile.node_image_selection
    return selection if isinstance(selection, NodeImageSelection) else NodeImageSelection.LATEST


def specify(
    profile: Profile, target: Target, upgrade_type: UpgradeType, *, names_images: bool = False
) -> RunSpecification:
    """The run's specification; with `names_images` it names the target's images itself.

    Raises:
        InternalError: the profile's channel is not one this app knows; such a profile is refused before.
    """
    if isinstance(profile.channel, Unparsed) or isinstance(profile.update_strategy_id, Unparsed):
        raise InternalError(f"profile {profile.id} was not validated before its run was specified")
    selection = NodeImageSelection.CUSTOM if names_images else selection_of(profile)
    return RunSpecification(
        profile_id=profile.id,
        channel=profile.channel,
        upgrade_type=upgrade_type,
        kubernetes_version=target.kubernetes_version,
        node_image_selection=None if upgrade_type is UpgradeType.CONTROL_PLANE_ONLY else selection,
        node_images=target.node_images,
        update_strategy_id=profile.update_strategy_id,
    )
