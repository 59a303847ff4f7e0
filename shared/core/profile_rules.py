"""Profile rules: what makes a profile invalid (Fleet's documentation of auto-upgrade profiles)."""

from __future__ import annotations

from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.reasons import PREVIEW_SETTING, Outcome, Reason, Verdict
from shared.core.targets.channels import channel_of

_PROFILE_SELECTIONS = (NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT)


def broken_rule(profile: Profile, *, is_preview: bool = False) -> Verdict | None:
    """The verdict of the first rule that the profile breaks; None if it is valid.

    Args:
        profile: the profile.
        is_preview: whether the app uses Fleet's preview.
    """
    if profile.channel is Channel.SECURITY_PATCH and not is_preview:
        sentence = f"Channel SecurityPatch is in Fleet's preview only; it needs {PREVIEW_SETTING}."
        return Verdict(Outcome.SKIPPED, Reason.CHANNEL_NOT_SUPPORTED, sentence)
    for rule in (_channel, _target_version, _long_term_support, _node_image_selection):
        refusal = rule(profile)
        if refusal is not None:
            return refusal
    return None


def _invalid(reason: Reason, sentence: str) -> Verdict:
    return Verdict(Outcome.INVALID, reason, sentence)


def _channel(profile: Profile) -> Verdict | None:
    if isinstance(profile.channel, Unparsed):
        return Verdict(
            Outcome.SKIPPED,
            Reason.CHANNEL_NOT_SUPPORTED,
            f"Channel {profile.channel.text} is not supported; supported are {', '.join(Channel)}.",
        )
    return None


def _target_version(profile: Profile) -> Verdict | None:
    target = profile.target_kubernetes_version
    if profile.channel is not Channel.TARGET_KUBERNETES_VERSION:
        if target is None:
            return None
        return _invalid(
            Reason.TARGET_VERSION_NOT_ALLOWED,
            "targetKubernetesVersion must be empty unless the channel is TargetKubernetesVersion.",
        )
    if target is None:
        return _invalid(
            Reason.TARGET_VERSION_MISSING,
            'Channel TargetKubernetesVersion needs targetKubernetesVersion, a minor version in the form "1.33".',
        )
    if isinstance(target, Unparsed):
        return _invalid(
            Reason.TARGET_VERSION_MALFORMED,
            f'targetKubernetesVersion is "{target.text}"; it must be a minor version in the form "1.33".',
        )
    return None


def _long_term_support(profile: Profile) -> Verdict | None:
    if profile.long_term_support and profile.channel is not Channel.TARGET_KUBERNETES_VERSION:
        return _invalid(
            Reason.LONG_TERM_SUPPORT_NOT_ALLOWED,
            "longTermSupport must be false unless the channel is TargetKubernetesVersion.",
        )
    return None


def _node_image_selection(profile: Profile) -> Verdict | None:
    selection = profile.node_image_selection
    if selection is None:
        return None
    prescribed = channel_of(profile).prescribed_selection
    if prescribed is not None:
        return _invalid(
            Reason.NODE_IMAGE_SELECTION_NOT_ALLOWED,
            f"nodeImageSelection must not be set on channel {profile.channel}, which is always {prescribed}.",
        )
    if selection not in _PROFILE_SELECTIONS:
        shown = selection.text if isinstance(selection, Unparsed) else selection
        return _invalid(
            Reason.NODE_IMAGE_SELECTION_NOT_SUPPORTED,
            f"nodeImageSelection is {shown}; supported are {', '.join(_PROFILE_SELECTIONS)}.",
        )
    return None
