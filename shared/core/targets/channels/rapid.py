"""Rapid: the highest patch of N."""

from __future__ import annotations

from shared.core.model.profile import Profile
from shared.core.reasons import Verdict
from shared.core.targets.candidates import Candidates, no_common_version
from shared.core.targets.target import Target


def choose_rapid(profile: Profile, candidates: Candidates) -> Target | Verdict:  # noqa: ARG001 - one signature
    """The highest patch of the newest candidate minor."""
    newest = candidates.newest
    if newest is None:
        return no_common_version()
    return Target(candidates.official[newest])
