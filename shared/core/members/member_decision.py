"""A member decision: what a run does to one member, and why. A member verdict: the same without the member's name."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.reasons import MemberAction, MemberReason


@dataclass(frozen=True, slots=True)
class MemberDecision:
    """What a run does to one member, and why."""

    member: str
    action: MemberAction
    reason: MemberReason
    sentence: str


MemberVerdict = tuple[MemberAction, MemberReason, str]
"""Action, reason and sentence."""
