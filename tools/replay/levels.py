"""The levels of clusters, and the channel's target: the Kubernetes version, or the image of each family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.core.model.fleet import Member
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import Channel, Profile
from shared.core.targets.target import Target
from tools.replay.clusters import cluster_of

KUBERNETES = "Kubernetes"


@dataclass(frozen=True, order=True, slots=True)
class Level:
    """A version, comparable with others of its kind."""

    numbers: tuple[int, ...]
    text: str = field(compare=False)
    released: date | None = field(default=None, compare=False)
    """The day that an image's version carries in its name."""


Levels = Mapping[str, Level]
"""By family of node images; a channel of Kubernetes versions has one level only, under `KUBERNETES`."""


def target_levels(target: Target | None) -> Levels:
    """What the target asks for; nothing without one."""
    if target is None:
        return {}
    if target.kubernetes_version is not None:
        return {KUBERNETES: _version_level(target.kubernetes_version)}
    return {image.family: _image_level(image.version) for image in target.node_images}


def lowest_levels(profile: Profile, members: Iterable[Member]) -> Levels:
    """What the slowest of the clusters has: control plane and pools, or each family's oldest image."""
    clusters = [cluster_of(member) for member in members]
    pools = [pool for cluster in clusters for pool in cluster.node_pools]
    if profile.channel is not Channel.NODE_IMAGE:
        versions = [cluster.kubernetes_version for cluster in clusters]
        versions += [pool.kubernetes_version for pool in pools if pool.kubernetes_version is not None]
        known = [version for version in versions if isinstance(version, KubernetesVersion)]
        return {KUBERNETES: _version_level(min(known))} if known else {}
    lowest: dict[str, NodeImageVersion] = {}
    for pool in pools:
        if isinstance(pool.image, NodeImage):
            family, version = pool.image.family, pool.image.version
            lowest[family] = min(lowest.get(family, version), version)
    return {family: _image_level(version) for family, version in lowest.items()}


def is_above(target: Levels, had: Levels) -> bool:
    """Whether the target has a higher level than the clusters; families that they do not have do not count."""
    return any(family in had and level > had[family] for family, level in target.items())


def _version_level(version: KubernetesVersion) -> Level:
    return Level((version.major, version.minor, version.patch), str(version))


def _image_level(version: NodeImageVersion) -> Level:
    return Level(version.segments, version.text, version.released)
