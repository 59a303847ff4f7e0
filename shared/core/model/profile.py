"""Auto-upgrade profiles, as ARM has them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.unknown import Unparsed


class Channel(StrEnum):
    """The channel of a profile."""

    STABLE = "Stable"
    RAPID = "Rapid"
    NODE_IMAGE = "NodeImage"
    TARGET_KUBERNETES_VERSION = "TargetKubernetesVersion"
    SECURITY_PATCH = "SecurityPatch"
    """Of Fleet's preview; only Fleet itself can generate its runs."""


class NodeImageSelection(StrEnum):
    """How a run selects node images."""

    LATEST = "Latest"
    CONSISTENT = "Consistent"
    CUSTOM = "Custom"


@dataclass(frozen=True, slots=True)
class Profile:
    """One auto-upgrade profile; `Unparsed` holds values that this app does not know."""

    id: ResourceId
    channel: Channel | Unparsed
    update_strategy_id: ResourceId | Unparsed | None = None
    node_image_selection: NodeImageSelection | Unparsed | None = None
    target_kubernetes_version: MinorVersion | Unparsed | None = None
    long_term_support: bool = False
    disabled: bool = False
    last_trigger_message: str = ""
    """What Fleet reports of the last trigger that it made, in its preview alone; no decision depends on it."""

    @property
    def name(self) -> str:
        """The profile's name within its fleet."""
        return self.id.name

    @property
    def fleet_id(self) -> ResourceId:
        """The fleet the profile belongs to."""
        return self.id.parent
