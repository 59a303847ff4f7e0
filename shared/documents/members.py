"""Clusters found by name, with what was decided on each."""

from __future__ import annotations

from typing_extensions import TypedDict

from shared.core.reasons import Outcome
from shared.documents.decisions import MemberDocument


class MemberProfile(TypedDict):
    """The last decision on a profile of the member's fleet."""

    profileId: str
    profile: str
    outcome: Outcome | None
    """Null if no decision is recorded."""
    sentence: str
    """The decision's; empty if none is recorded."""
    member: MemberDocument | None
    """What the decision says of the member; null if it does not name it, or is on too many members to be kept."""


class FoundMember(TypedDict):
    """A member of a fleet."""

    name: str
    cluster: str
    """The name of its cluster, which may differ."""
    fleetId: str
    fleet: str
    profiles: list[MemberProfile]
    """Of its fleet; empty if the fleet has none, so that nothing upgrades the member."""


class MembersDocument(TypedDict):
    """Members whose names contain a text: the one of that name first, then those that begin so; at most 50."""

    value: list[FoundMember]
    isComplete: bool
    """Whether these are all."""
    evaluatedAt: str | None
    """When the evaluation began that found the names; null if none has recorded any."""
    ageSeconds: int | None
