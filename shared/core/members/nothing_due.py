"""The verdict where no member is to be upgraded."""

from __future__ import annotations

from collections.abc import Sequence

from shared.core.members.member_decision import MemberDecision
from shared.core.reasons import MemberAction, Outcome, Reason, Verdict


def nothing_due(members: Sequence[MemberDecision], soaking: Verdict | None = None) -> Verdict:
    """That some are blocked, that a version soaks, or that all are up to date."""
    blocked = [member for member in members if member.action is MemberAction.BLOCKED]
    if blocked:
        why = "; ".join(f"{member.member}: {member.sentence}" for member in blocked)
        return Verdict(Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE, f"No cluster can be upgraded. {why}")
    if soaking is not None:
        return soaking
    skipped = [member.member for member in members if member.action is MemberAction.SKIP]
    if skipped:
        names = ", ".join(skipped)
        return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, f"Up to date, except for skipped members: {names}.")
    return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Every cluster is up to date.")
