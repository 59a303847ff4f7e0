"""What defines an update run, and the name that follows from it.

Same specification, same name, on every machine and for ever: creating under that name with `If-None-Match: *` is
what makes a run unique however many instances try. `tests/app/core/runs/test_specification.py` holds golden names.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.targets.channels import selection_of
from shared.core.targets.target import Target
from shared.errors import InternalError

MAXIMUM_NAME_LENGTH = 50
"""Characters in an update run's name (Fleet's path validators)."""

_BEGINNING = "auto-"
_TAIL = re.compile(r"(?:-\d+-\d+-\d+)?-[a-z2-7]{8}", re.ASCII)
_HASH_LENGTH = 8
_MINIMUM_CHANNEL_LENGTH = 6
_PROFILE_HASH_LENGTH = 4


@dataclass(frozen=True, slots=True)
class RunSpecification:
    """Everything that defines an update run: two runs with the same specification are the same run."""

    profile_id: ResourceId
    channel: Channel
    upgrade_type: UpgradeType
    kubernetes_version: KubernetesVersion | None
    node_image_selection: NodeImageSelection | None
    """None for a run that touches no nodes, and where Fleet alone selects."""
    node_images: tuple[NodeImage, ...] = ()
    """The images chosen, sorted by family: those a `Custom` selection names, and those a NodeImage run is for. Empty
    where Fleet selects them when the run starts."""
    update_strategy_id: ResourceId | None = None
    follows: str | None = None
    """The finished run of the same target that this one catches up on; None for the first run."""
    patch_week: date | None = None
    """The Monday of the week that a run of channel SecurityPatch is for. Fleet generates it, under another name."""

    def following(self, run_name: str, pinned: tuple[NodeImage, ...] = ()) -> RunSpecification:
        """The run that catches up on what the finished run did not reach, with the images pinned if any are given."""
        follower = replace(self, follows=run_name.lower())
        if not pinned:
            return follower
        return replace(follower, node_image_selection=NodeImageSelection.CUSTOM, node_images=pinned)

    @property
    def name(self) -> str:
        """`auto-{profile}-{channel}-{version}-{hash}`, at most 50 characters of `[a-z0-9-]`.

        A longer name loses the end of the channel first, then the end of the profile. A shortened profile is followed
        by a short hash, so that two profiles with a common beginning have different names. The NodeImage channel has
        no version, as in Azure's own names.
        """
        version = f"-{self.kubernetes_version}".replace(".", "-") if self.kubernetes_version else ""
        tail = f"{version}-{_short_hash(self._canonical(), _HASH_LENGTH)}"
        return _head(self.profile_id, self.channel, len(tail)) + tail

    def _canonical(self) -> bytes:
        version, strategy = self.kubernetes_version, self.update_strategy_id
        fields = (
            self.profile_id.key,
            self.upgrade_type.value,
            str(version) if version else "",
            self.node_image_selection.value if self.node_image_selection else "",
            _length_delimited(*sorted(str(image) for image in self.node_images)).decode(),
            strategy.key if strategy else "",
            self.follows or "",
        )
        week = (self.patch_week.isoformat(),) if self.patch_week is not None else ()
        return _length_delimited(*fields, *week)


def is_name_of(profile_id: ResourceId, channel: Channel, run_name: str) -> bool:
    """Whether this app would give that name to some run of the profile; Azure's own suffixes are shorter."""
    return _has_head_of(profile_id, (channel,), run_name.lower())


def is_name_under_any_channel(profile_id: ResourceId, run_name: str) -> bool:
    """The same for any channel: the profile may have had another one when the run was generated."""
    return _has_head_of(profile_id, Channel, run_name.lower())


def _has_head_of(profile_id: ResourceId, channels: Iterable[Channel], name: str) -> bool:
    return name.startswith(_BEGINNING) and any(
        name[: tail.start()] == _head(profile_id, channel, len(tail[0]))
        for tail in _TAIL.finditer(name)
        if tail.end() == len(name)
        for channel in channels
    )


def _head(profile_id: ResourceId, channel: Channel, tail_length: int) -> str:
    room = MAXIMUM_NAME_LENGTH - len(_BEGINNING) - len("-") - tail_length
    profile, cut_channel = _fit(profile_id.name.lower(), channel.lower(), room)
    return f"{_BEGINNING}{profile}-{cut_channel}"


def _length_delimited(*fields: str) -> bytes:
    """Each field with its length in bytes before it, so that no two lists of fields look alike."""
    encoded = (field.encode() for field in fields)
    return b"".join(b"%d:%b," % (len(field), field) for field in encoded)


def _short_hash(data: bytes, length: int) -> str:
    return base64.b32encode(hashlib.sha256(data).digest()).decode().lower()[:length]


def _fit(profile: str, channel: str, room: int) -> tuple[str, str]:
    channel = channel[: max(_MINIMUM_CHANNEL_LENGTH, room - len(profile))]
    left = room - len(channel)
    if len(profile) <= left:
        return profile, channel
    kept = profile[: left - _PROFILE_HASH_LENGTH - 1].rstrip("-")
    return f"{kept}-{_short_hash(profile.encode(), _PROFILE_HASH_LENGTH)}", channel


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
    selects_none = upgrade_type is UpgradeType.CONTROL_PLANE_ONLY or target.patch_week is not None
    return RunSpecification(
        profile_id=profile.id,
        channel=profile.channel,
        upgrade_type=upgrade_type,
        kubernetes_version=target.kubernetes_version,
        node_image_selection=None if selects_none else selection,
        node_images=target.node_images,
        update_strategy_id=profile.update_strategy_id,
        patch_week=target.patch_week,
    )
