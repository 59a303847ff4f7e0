"""SecurityPatch: the security patches of the nodes' Linux images, once a week.

No API says which patches a region has: a region lists images without them. So the target is the week, from Monday on in
UTC: AKS publishes patches about weekly (AKS documentation of node OS auto-upgrade). UNVERIFIED: that Fleet generates a
new run only if there are newer patches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from shared.core.facts import Facts
from shared.core.model.profile import NodeImageSelection
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import Policy
from shared.core.scope import Scope
from shared.core.targets.choice import TargetChoice
from shared.core.targets.target import Target


@dataclass(frozen=True, slots=True)
class SecurityPatchChannel:
    """The channel whose runs Fleet alone can generate: no upgrade type of runs has security patches."""

    upgrade_type: ClassVar[UpgradeType] = UpgradeType.NODE_IMAGE_ONLY
    prescribed_selection: ClassVar[NodeImageSelection | None] = None

    def choose(self, facts: Facts, scope: Scope, policy: Policy) -> TargetChoice:  # noqa: ARG002 - one signature
        """The patches of this week."""
        day = facts.now.date()
        return TargetChoice(Target(patch_week=day - timedelta(days=day.weekday())))


SECURITY_PATCH = SecurityPatchChannel()
