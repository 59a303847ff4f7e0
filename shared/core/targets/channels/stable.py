"""Stable: the highest patch of N-1, by number; if that minor is no candidate, no other one will do."""

from __future__ import annotations

from shared.core.model.profile import Profile
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels.kubernetes import NO_COMMON_VERSION, KubernetesChannel
from shared.core.targets.target import Target


def choose_stable(profile: Profile, candidates: Candidates) -> Target | Verdict:  # noqa: ARG001 - one signature
    """The highest patch of the minor before the newest candidate minor."""
    newest = candidates.newest
    if newest is None:
        return NO_COMMON_VERSION
    stable = newest.minus(1)
    patch = candidates.official.highest_patch(stable)
    if patch is None:
        return Verdict(
            Outcome.BLOCKED,
            Reason.STABLE_MINOR_NOT_OFFERED,
            f"The newest minor is {newest}, so Stable is {stable}, which the regions of the profile's clusters do "
            "not all offer on the standard support plan.",
        )
    return Target(patch)


STABLE = KubernetesChannel(choose_stable)
