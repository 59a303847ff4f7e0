"""What each channel decides, one channel a file; `channel_of` finds a profile's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from shared.core.facts import Facts
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import Policy
from shared.core.scope import Scope
from shared.core.targets.channels.node_image import NODE_IMAGE
from shared.core.targets.channels.rapid import RAPID
from shared.core.targets.channels.security_patch import SECURITY_PATCH
from shared.core.targets.channels.stable import STABLE
from shared.core.targets.channels.target_kubernetes_version import TARGET_KUBERNETES_VERSION
from shared.core.targets.choice import TargetChoice
from shared.errors import InternalError


class UpgradeChannel(Protocol):
    """How a channel behaves."""

    @property
    def upgrade_type(self) -> UpgradeType:
        """What a run of the channel upgrades, unless a policy splits it."""

    @property
    def prescribed_selection(self) -> NodeImageSelection | None:
        """The node image selection of every run of the channel; None if the profile chooses."""

    def choose(self, facts: Facts, scope: Scope, policy: Policy) -> TargetChoice:
        """The target for the scope."""


CHANNELS: Mapping[Channel, UpgradeChannel] = {
    Channel.RAPID: RAPID,
    Channel.STABLE: STABLE,
    Channel.TARGET_KUBERNETES_VERSION: TARGET_KUBERNETES_VERSION,
    Channel.NODE_IMAGE: NODE_IMAGE,
    Channel.SECURITY_PATCH: SECURITY_PATCH,
}


KUBERNETES_CHANNELS = frozenset(name for name, kind in CHANNELS.items() if kind.upgrade_type is UpgradeType.FULL)
"""The channels whose runs upgrade Kubernetes."""


def channel_of(profile: Profile) -> UpgradeChannel:
    """The profile's channel.

    Raises:
        InternalError: the channel is unknown; such a profile is refused before.
    """
    if isinstance(profile.channel, Unparsed):
        raise InternalError(f"profile {profile.id} was not validated before its channel was asked")
    return CHANNELS[profile.channel]


def selection_of(profile: Profile) -> NodeImageSelection:
    """How a run of the profile selects node images: as its channel prescribes, else as the profile says.

    A profile may omit it; the default is that of update runs (`az fleet updaterun create`): `Latest`.
    """
    prescribed = channel_of(profile).prescribed_selection
    if prescribed is not None:
        return prescribed
    selection = profile.node_image_selection
    return selection if isinstance(selection, NodeImageSelection) else NodeImageSelection.LATEST
