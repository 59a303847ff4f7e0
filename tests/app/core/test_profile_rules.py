"""Each rule of a profile, broken once, and the good profiles that break none."""

from __future__ import annotations

import pytest

from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.profile_rules import broken_rule
from shared.core.reasons import Outcome, Reason
from tests.app.builders import a_profile

TARGET = Channel.TARGET_KUBERNETES_VERSION


@pytest.mark.parametrize(
    "profile",
    [
        a_profile(Channel.RAPID),
        a_profile(Channel.STABLE, selection=NodeImageSelection.LATEST),
        a_profile(Channel.STABLE, selection=NodeImageSelection.CONSISTENT),
        a_profile(TARGET, target="1.33", long_term_support=True),
        a_profile(Channel.NODE_IMAGE),
    ],
)
def test_a_good_profile_breaks_no_rule(profile: Profile) -> None:
    assert broken_rule(profile) is None


@pytest.mark.parametrize(
    ("profile", "reason", "word"),
    [
        (a_profile(TARGET), Reason.TARGET_VERSION_MISSING, "targetKubernetesVersion"),
        (a_profile(TARGET, target=Unparsed("1.33.5")), Reason.TARGET_VERSION_MALFORMED, '"1.33.5"'),
        (a_profile(Channel.RAPID, target="1.33"), Reason.TARGET_VERSION_NOT_ALLOWED, "targetKubernetesVersion"),
        (a_profile(Channel.STABLE, long_term_support=True), Reason.LONG_TERM_SUPPORT_NOT_ALLOWED, "longTermSupport"),
        (
            a_profile(Channel.NODE_IMAGE, selection=NodeImageSelection.CONSISTENT),
            Reason.NODE_IMAGE_SELECTION_NOT_ALLOWED,
            "nodeImageSelection",
        ),
        (
            a_profile(selection=NodeImageSelection.CUSTOM),
            Reason.NODE_IMAGE_SELECTION_NOT_SUPPORTED,
            "Custom",
        ),
        (a_profile(selection=Unparsed("Newest")), Reason.NODE_IMAGE_SELECTION_NOT_SUPPORTED, "Newest"),
    ],
)
def test_a_broken_rule_is_named_in_the_words_of_the_field(profile: Profile, reason: Reason, word: str) -> None:
    verdict = broken_rule(profile)

    assert verdict is not None
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, reason)
    assert word in verdict.sentence


def test_a_channel_we_do_not_know_is_skipped_with_its_name() -> None:
    verdict = broken_rule(a_profile(Unparsed("SecurityPatch")))

    assert verdict is not None
    assert (verdict.outcome, verdict.reason) == (Outcome.SKIPPED, Reason.CHANNEL_NOT_SUPPORTED)
    assert "SecurityPatch" in verdict.sentence
