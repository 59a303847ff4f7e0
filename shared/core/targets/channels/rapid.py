"""Rapid: the highest patch of N."""

from __future__ import annotations

from shared.core.model.profile import Profile
from shared.core.reasons import Verdict
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels.kubernetes import NO_COMMON_VERSION, KubernetesChannel
from shared.core.targets.target import Target


def choose_rapid(profile: Profile, candidates: Candidates) -> Target | Verdict:  # noqa: ARG001 - one signature
    """The highest patch of the newest candidate minor."""
    newest = candidates.newest
    if newest is None:
        return NO_COMMON_VERSION
    return Target(candidates.official.highest_patch(newest))


RAPID = KubernetesChannel(choose_rapid)
