"""Rapid: the highest patch of N."""

from __future__ import annotations

from shared.core.decision import Target, Verdict
from shared.core.model.profile import Profile
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels.no_common_version import no_common_version


def choose_rapid(profile: Profile, candidates: Candidates) -> Target | Verdict:  # noqa: ARG001 - one signature
    """The highest patch of the newest candidate minor."""
    newest = candidates.newest
    if newest is None:
        return no_common_version()
    return Target(candidates.official[newest])
