"""What a channel asks for, and what is told beside it."""

from __future__ import annotations

import pytest

from shared.core.model.profile import Channel
from shared.core.model.unknown import Unparsed
from shared.core.policies.policy import DEFAULT_POLICY
from shared.core.scope import Scope
from shared.core.targets.candidates import NO_CANDIDATES
from shared.core.targets.choice import choose_target
from shared.errors import InternalError
from tests.app.builders import a_profile, facts


def test_asking_for_the_target_of_an_unchecked_profile_is_a_bug() -> None:
    given = facts(a_profile(Unparsed("SecurityPatch")))

    with pytest.raises(InternalError):
        choose_target(given, Scope(given.fleet.members), DEFAULT_POLICY)


def test_a_channel_for_versions_tells_which_versions_steps_may_use() -> None:
    given = facts()

    choice = choose_target(given, Scope(given.fleet.members), DEFAULT_POLICY)

    assert {str(patch) for patch in choice.candidates.official.values()} == {"1.35.6"}


def test_the_channel_for_images_knows_no_versions() -> None:
    given = facts(a_profile(Channel.NODE_IMAGE))

    assert choose_target(given, Scope(given.fleet.members), DEFAULT_POLICY).candidates == NO_CANDIDATES
