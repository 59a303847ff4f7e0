"""Rules for runs of channel SecurityPatch: which nodes lack patches is for Fleet to find, not for this app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.core.members.image_rules import nodes_are_for_auto_provisioning
from shared.core.members.member_decision import MemberDecision, MemberVerdict
from shared.core.members.state_rules import has_failed, is_being_deleted, is_stopped
from shared.core.members.upgrade_context import ClusterRule
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import MemberAction, MemberReason

PATCH_RULES: Sequence[ClusterRule] = (
    nodes_are_for_auto_provisioning,
    is_being_deleted,
    has_failed,
    is_stopped,
)

_HANDLED = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED})

PATCHES_DUE: MemberVerdict = (
    MemberAction.UPGRADE,
    MemberReason.SECURITY_PATCHES_DUE,
    "Fleet's run applies the security patches that its Linux nodes lack.",
)


def after_run(members: Sequence[MemberDecision], run: UpdateRun) -> tuple[MemberDecision, ...]:
    """The members once the week's run is finished: nothing is due before the next week, also for what it missed."""
    return tuple(_after(member, run) if member.action is MemberAction.UPGRADE else member for member in members)


def _after(member: MemberDecision, run: UpdateRun) -> MemberDecision:
    if run.member_states.get(member.member.lower()) in _HANDLED:
        sentence = f"Update run {run.name} of this week has handled it."
        return replace(member, action=MemberAction.UP_TO_DATE, reason=MemberReason.AT_TARGET, sentence=sentence)
    sentence = f"Update run {run.name} of this week did not upgrade it; next week's run can."
    return replace(member, action=MemberAction.SKIP, sentence=sentence)
