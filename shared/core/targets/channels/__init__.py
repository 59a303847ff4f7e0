"""What each Kubernetes channel asks for, one channel a file; `choose_version` picks the right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shared.core.model.profile import Channel, Profile
from shared.core.reasons import Verdict
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels.rapid import choose_rapid
from shared.core.targets.channels.stable import choose_stable
from shared.core.targets.channels.target_kubernetes_version import choose_target_kubernetes_version
from shared.core.targets.target import Target

_RULES: Mapping[Channel, Callable[[Profile, Candidates], Target | Verdict]] = {
    Channel.RAPID: choose_rapid,
    Channel.STABLE: choose_stable,
    Channel.TARGET_KUBERNETES_VERSION: choose_target_kubernetes_version,
}


def choose_version(channel: Channel, profile: Profile, candidates: Candidates) -> Target | Verdict:
    """The version the channel asks for; the NodeImage channel asks for none and is a `KeyError` here."""
    return _RULES[channel](profile, candidates)
