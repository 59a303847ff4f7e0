"""Members that a person skipped in one run of several for the same target: the runs that come after skip them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.core.members.member_decision import MemberDecision
from shared.core.reasons import MemberAction, MemberReason


def respect_skips(members: Iterable[MemberDecision], skips: Mapping[str, str]) -> tuple[MemberDecision, ...]:
    """The members, those that were skipped with the action Skip.

    Args:
        members: the decisions on them.
        skips: the run in which each was skipped, by the member's name in lower case.
    """
    return tuple(_respect_skip(member, skips) for member in members)


def _respect_skip(member: MemberDecision, skips: Mapping[str, str]) -> MemberDecision:
    name = member.member.lower()
    if name not in skips:
        return member
    sentence = (
        f"Skipped in update run {skips[name]}, which went before this one; delete that run to upgrade the cluster."
    )
    return MemberDecision(member.member, MemberAction.SKIP, MemberReason.SKIPPED_IN_RUN, sentence)
