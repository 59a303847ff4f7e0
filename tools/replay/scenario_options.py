"""From the command line to the scenario; an option that breaks a rule is rejected with the rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.policies.rules import find_policy_rule
from shared.core.policies.sources import PolicySources, read_policies
from shared.core.profile_rules import broken_rule
from shared.core.reasons import Reason, Verdict
from shared.errors import InvalidInputError, UserMustFixError
from tools.releases import Timeline
from tools.replay.arguments import Arguments
from tools.replay.node_families import find_families
from tools.replay.scenario import PROFILE, Scenario, region_names

_OPTIONS = {
    Reason.CHANNEL_NOT_SUPPORTED: "--channel",
    Reason.TARGET_VERSION_NOT_ALLOWED: "--target-kubernetes-version",
    Reason.TARGET_VERSION_MISSING: "--target-kubernetes-version",
    Reason.TARGET_VERSION_MALFORMED: "--target-kubernetes-version",
    Reason.LONG_TERM_SUPPORT_NOT_ALLOWED: "--long-term-support",
    Reason.NODE_IMAGE_SELECTION_NOT_ALLOWED: "--node-image-selection",
    Reason.NODE_IMAGE_SELECTION_NOT_SUPPORTED: "--node-image-selection",
}
"""Which option a broken rule of the profile is about."""

_Known = TypeVar("_Known", Channel, NodeImageSelection)


class RuleBrokenError(UserMustFixError):
    """The core refuses the profile or its policies; the message is the core's sentence."""


def make_profile(arguments: Arguments) -> Profile:
    """The profile.

    Raises:
        RuleBrokenError: it breaks a rule of profiles, or its channel cannot be replayed.
    """
    selection = arguments.node_image_selection
    target = arguments.target_kubernetes_version
    profile = Profile(
        id=PROFILE,
        channel=_known(Channel, arguments.channel),
        node_image_selection=None if selection is None else _known(NodeImageSelection, selection),
        target_kubernetes_version=None if target is None else _minor(target),
        long_term_support=arguments.long_term_support,
    )
    if profile.channel is Channel.SECURITY_PATCH:
        raise RuleBrokenError("--channel: SecurityPatch has nothing to replay: no timeline lists security patches.")
    broken = broken_rule(profile)
    if broken is not None:
        raise RuleBrokenError(f"{_OPTIONS.get(broken.reason, 'the profile')}: {broken.sentence}")
    return profile


def make_scenario(arguments: Arguments, profile: Profile, timeline: Timeline) -> Scenario:
    """The whole scenario.

    Raises:
        InvalidInputError: an option has another form, or names what does not exist.
        RuleBrokenError: a policy does not parse, or two exclude each other.
    """
    sources = _policy_sources(arguments.policies)
    policies = read_policies({}, profile.name, sources)
    if isinstance(policies, Verdict):
        raise RuleBrokenError(f"--policy: {policies.sentence}")
    start = arguments.start_version
    return Scenario(
        profile=profile,
        policy_sources=sources,
        policies=policies,
        regions=region_names(arguments.regions),
        rollout_days=arguments.rollout_days,
        families=find_families(
            arguments.node_families, timeline.families, images_needed=profile.channel is Channel.NODE_IMAGE
        ),
        start_version=None if start is None else KubernetesVersion.parse(start, "--start-version"),
    )


def _known(kind: type[_Known], text: str) -> _Known | Unparsed:
    return kind(text) if text in set(kind) else Unparsed(text)


def _minor(text: str) -> MinorVersion | Unparsed:
    try:
        return MinorVersion.parse(text)
    except InvalidInputError:
        return Unparsed(text)


def _policy_sources(policies: Iterable[str]) -> PolicySources:
    overrides: dict[str, str] = {}
    for text in policies:
        written, separator, value = text.partition("=")
        if not separator:
            raise InvalidInputError("--policy", text, "KEY=VALUE, such as soak=P7D")
        key = find_policy_rule(written.strip(), "--policy").key
        if key in overrides:
            raise InvalidInputError("--policy", text, f"each key once; {key}={overrides[key]} is given already")
        overrides[key] = value
    return PolicySources(overrides=overrides)
