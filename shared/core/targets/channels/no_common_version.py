"""The refusal every Kubernetes channel gives when N does not exist."""

from __future__ import annotations

from shared.core.decision import Verdict
from shared.core.reasons import Outcome, Reason


def no_common_version() -> Verdict:
    """No minor is generally available, on the standard plan, in the regions of the scope."""
    return Verdict(
        Outcome.BLOCKED,
        Reason.NO_COMMON_VERSION,
        "The regions of the profile's clusters have no generally available Kubernetes version in common.",
    )
