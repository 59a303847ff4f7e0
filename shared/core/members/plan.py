"""A plan: one way to bring the scope to a target, and what it does to each member."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.members.member_decision import MemberDecision
from shared.core.model.update_run import UpgradeType
from shared.core.reasons import MemberAction
from shared.core.targets.target import Target


@dataclass(frozen=True, slots=True)
class Plan:
    """The target, the type of the run, and the decision on each member."""

    target: Target
    upgrade_type: UpgradeType
    members: tuple[MemberDecision, ...]

    @property
    def due(self) -> frozenset[str]:
        """Names of the members to upgrade, in lower case."""
        return frozenset(member.member.lower() for member in self.members if member.action is MemberAction.UPGRADE)
