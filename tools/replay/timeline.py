"""The form of a timeline (tools/data/README.md): what was offered at the start, and dated facts after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion


class PatchKind(StrEnum):
    """What happened to a Kubernetes patch."""

    OFFERED = "patch"
    REMOVED = "patch_removed"


class MinorKind(StrEnum):
    """What happened to a minor."""

    PREVIEW = "minor_preview"
    GENERALLY_AVAILABLE = "minor_ga"
    LONG_TERM_SUPPORT = "minor_lts"
    LONG_TERM_SUPPORT_ONLY = "minor_lts_only"
    DEPRECATED = "minor_deprecated"
    REMOVED = "minor_removed"


class ImageKind(StrEnum):
    """What happened to a node image."""

    OFFERED = "node_image"
    WITHDRAWN = "node_image_withdrawn"


class Tier(StrEnum):
    """Which support a deprecation ends."""

    STANDARD = "standard"
    LONG_TERM_SUPPORT = "lts"


@dataclass(frozen=True, slots=True)
class PatchFact:
    """A Kubernetes patch is offered, or is not any more."""

    at: datetime
    kind: PatchKind
    version: KubernetesVersion
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class MinorFact:
    """The state of a minor has changed."""

    at: datetime
    kind: MinorKind
    minor: MinorVersion
    tier: Tier = Tier.STANDARD


@dataclass(frozen=True, slots=True)
class ImageFact:
    """An image of a family is offered, or was withdrawn; the family is the folder-level one."""

    at: datetime
    kind: ImageKind
    family: str
    version: NodeImageVersion


Fact = PatchFact | MinorFact | ImageFact


@dataclass(frozen=True, slots=True)
class Timeline:
    """What every region offers at `starts`, and the facts, oldest first."""

    starts: datetime
    ends: datetime | None
    """Where the file says it ends; None if it does not say."""
    ga_minors: tuple[MinorVersion, ...]
    patches: tuple[KubernetesVersion, ...]
    node_images: Mapping[str, NodeImageVersion]
    """The newest image of each folder-level family at the start."""
    facts: tuple[Fact, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The folder-level families that have an image at some time, sorted."""
        offered = {fact.family for fact in self.facts if isinstance(fact, ImageFact) and fact.kind is ImageKind.OFFERED}
        return tuple(sorted(offered | set(self.node_images)))
