"""TargetKubernetesVersion: the highest patch of the minor the profile names.

A minor below N-2 has left standard support: it needs `longTermSupport: true` and the LTS plan offering it.
"""

from __future__ import annotations

from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.profile import Profile
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels.kubernetes import NO_COMMON_VERSION, KubernetesChannel
from shared.core.targets.target import Target
from shared.errors import InternalError

STANDARD_SUPPORT_MINORS = 2
"""How many minors before N are in standard support."""


def choose_target_kubernetes_version(profile: Profile, candidates: Candidates) -> Target | Verdict:
    """The highest patch of the named minor, on the standard plan or, where that is needed and wanted, on LTS.

    Raises:
        InternalError: the profile was not validated first.
    """
    minor = profile.target_kubernetes_version
    if not isinstance(minor, MinorVersion):
        raise InternalError(f"profile {profile.id} was not validated before its channel was asked")
    newest = candidates.newest
    if newest is None:
        return NO_COMMON_VERSION
    in_standard_support = minor >= newest.minus(STANDARD_SUPPORT_MINORS)
    standard_patch = candidates.official.highest_patch(minor)
    if in_standard_support and standard_patch is not None:
        return Target(standard_patch)
    if minor > newest:
        return Verdict(
            Outcome.BLOCKED,
            Reason.TARGET_MINOR_NOT_RELEASED,
            f"Kubernetes {minor} is not generally available yet in every region of the profile's clusters; the "
            f"newest minor they have in common is {newest}.",
        )
    return _long_term_support(minor, newest, profile, candidates)


def _long_term_support(
    minor: MinorVersion, newest: MinorVersion, profile: Profile, candidates: Candidates
) -> Target | Verdict:
    patch = candidates.long_term_support.highest_patch(minor)
    if profile.long_term_support and patch is not None:
        return Target(patch, needs_long_term_support=True)
    if profile.long_term_support:
        return Verdict(
            Outcome.BLOCKED,
            Reason.LONG_TERM_SUPPORT_NOT_OFFERED,
            f"Kubernetes {minor} is not offered for long-term support in every region of the profile's clusters.",
        )
    if patch is not None or minor < newest.minus(STANDARD_SUPPORT_MINORS):
        return Verdict(
            Outcome.BLOCKED,
            Reason.LONG_TERM_SUPPORT_REQUIRED,
            f"Kubernetes {minor} has left standard support (the newest minor is {newest}); it needs "
            "longTermSupport: true on the profile and clusters on the LTS plan.",
        )
    return Verdict(
        Outcome.BLOCKED,
        Reason.TARGET_MINOR_NOT_OFFERED,
        f"Kubernetes {minor} is not offered in every region of the profile's clusters.",
    )


TARGET_KUBERNETES_VERSION = KubernetesChannel(choose_target_kubernetes_version)
