"""Update runs of a fleet, with or without a record of this app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
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
"""States in which Fleet works on a run; a run that is not started or was stopped occupies no cluster."""


_FINISHED_MEMBER = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED, UpdateState.FAILED})
_NEVER_BEGUN = frozenset({UpdateState.NOT_STARTED, UpdateState.STOPPED})

STOPPABLE_STATES = frozenset({UpdateState.RUNNING, UpdateState.PENDING})
"""States in which a run can be stopped."""


@dataclass(frozen=True, slots=True)
class UpdateRun:
    """An update run; `Unparsed` holds what this version of the app does not know."""

    id: ResourceId
    upgrade_type: UpgradeType | Unparsed
    state: UpdateState | Unparsed
    kubernetes_version: KubernetesVersion | MinorVersion | Unparsed | None = None
    """The version requested; a minor stands for its newest patch where each cluster is."""
    node_image_selection: NodeImageSelection | Unparsed | None = None
    node_images: frozenset[NodeImage | Unparsed] = frozenset()
    """The images requested (Custom) or selected by Fleet (Consistent); empty if unknown."""
    update_strategy_id: ResourceId | Unparsed | None = None
    auto_upgrade_profile_id: ResourceId | Unparsed | None = None
    member_states: Mapping[str, UpdateState | Unparsed] = field(default_factory=dict)
    """The state of each member in the run, by the member's name in lower case."""
    created_at: datetime | None = None
    """When it was created; another time once it was deleted and generated anew. None in rows of Resource Graph."""
    completed_at: datetime | None = None
    """When it finished or failed; None before that, or if Fleet does not report it."""
    progress: RunProgress = NO_PROGRESS
    """How far it is, for telemetry and people; no decision depends on it."""
    etag: str = ""

    @property
    def name(self) -> str:
        """The run's name within its fleet."""
        return self.id.name

    @property
    def is_unfinished(self) -> bool:
        """Whether Fleet works on it; an unknown state counts as unfinished."""
        return isinstance(self.state, Unparsed) or self.state in UNFINISHED_STATES

    def has_yet_to_finish(self, member: str) -> bool:
        """Whether Fleet works on the run and has not finished with the member, given by name in lower case.

        A run that is stopping begins no further member. One that reports no members at all may contain any.
        """
        if not self.is_unfinished:
            return False
        if not self.member_states:
            return True
        state = self.member_states.get(member, UpdateState.SKIPPED)
        if self.state is UpdateState.STOPPING and state in _NEVER_BEGUN:
            return False
        return state not in _FINISHED_MEMBER
