"""Update runs as they exist in a fleet, whoever made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import NodeImageSelection
from shared.core.model.run_progress import NO_PROGRESS, RunProgress
from shared.core.model.unknown import Unparsed


class UpgradeType(StrEnum):
    """What a run upgrades."""

    FULL = "Full"
    NODE_IMAGE_ONLY = "NodeImageOnly"
    CONTROL_PLANE_ONLY = "ControlPlaneOnly"


class UpdateState(StrEnum):
    """The state of a run and of everything in it."""

    NOT_STARTED = "NotStarted"
    RUNNING = "Running"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    SKIPPED = "Skipped"
    FAILED = "Failed"
    PENDING = "Pending"
    COMPLETED = "Completed"


UNFINISHED_STATES = frozenset({UpdateState.RUNNING, UpdateState.STOPPING, UpdateState.PENDING})
"""States in which Fleet works on a run; a run not yet started, or stopped by a person, occupies nobody."""


STOPPABLE_STATES = frozenset({UpdateState.RUNNING, UpdateState.PENDING})
"""States in which a run can be stopped."""


@dataclass(frozen=True, slots=True)
class UpdateRun:
    """An update run; `Unparsed` holds what this version of the app does not know."""

    id: ResourceId
    upgrade_type: UpgradeType | Unparsed
    state: UpdateState | Unparsed
    kubernetes_version: KubernetesVersion | Unparsed | None = None
    node_image_selection: NodeImageSelection | Unparsed | None = None
    node_images: frozenset[NodeImage | Unparsed] = frozenset()
    """The images asked for (Custom) or picked by Fleet (Consistent); empty if not known."""
    update_strategy_id: ResourceId | Unparsed | None = None
    auto_upgrade_profile_id: ResourceId | Unparsed | None = None
    member_states: Mapping[str, UpdateState | Unparsed] = field(default_factory=dict)
    """The state of each member in the run, by the member's name in lower case."""
    completed_at: datetime | None = None
    """When it came to its end, failed or not; None while it has not, or if Fleet does not say."""
    progress: RunProgress = NO_PROGRESS
    """How far it is, for people to be told; nothing is decided on it."""
    etag: str = ""

    @property
    def name(self) -> str:
        """The run's name within its fleet."""
        return self.id.name

    @property
    def is_unfinished(self) -> bool:
        """Whether Fleet is at work on it; a state we do not know counts as work going on."""
        return isinstance(self.state, Unparsed) or self.state in UNFINISHED_STATES
