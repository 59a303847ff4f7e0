"""Evaluation: every profile is decided, those that are due get a message, and one failure stops no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import Channel, Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.planner import decide
from shared.core.reasons import Reason
from shared.errors import IncompleteError
from shared.use_cases import evaluate_estate as module
from shared.use_cases.decide_profile import EvaluationOptions, decide_profile
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_member


def with_profiles(scene: UseCaseScene, *profiles: Profile) -> UseCaseScene:
    scene.azure.fleet = replace(scene.azure.fleet, profiles=profiles)
    return scene


def test_a_due_profile_gets_a_message_and_nothing_is_written_from_the_sweep() -> None:
    scene = UseCaseScene()

    scene.evaluate()

    assert scene.azure.due == [PROFILE]
    assert scene.azure.created == []


def test_a_profile_that_is_up_to_date_gets_none() -> None:
    scene = UseCaseScene(a_member("one", "1.35.6"))

    [decision] = scene.evaluate().decisions

    assert decision.reason is Reason.UP_TO_DATE
    assert scene.azure.due == []


def test_a_profile_that_breaks_a_rule_stops_no_other() -> None:
    odd = Profile(FLEET.child("autoUpgradeProfiles", "odd"), Unparsed("SecurityPatch"))
    scene = with_profiles(UseCaseScene(), odd, Profile(PROFILE, Channel.RAPID))

    decisions = scene.evaluate().decisions

    assert [decision.reason for decision in decisions] == [Reason.CHANNEL_NOT_SUPPORTED, Reason.UPGRADE_DUE]
    assert scene.azure.due == [PROFILE]


def test_a_record_that_cannot_be_read_blocks_its_profile_and_stops_no_other() -> None:
    spoilt = FLEET.child("autoUpgradeProfiles", "spoilt")
    scene = with_profiles(UseCaseScene(), Profile(spoilt, Channel.RAPID), Profile(PROFILE, Channel.RAPID))
    specification = decide_profile(scene.services, spoilt, EvaluationOptions()).specification
    assert specification is not None
    run_id = FLEET.child("updateRuns", specification.name)
    scene.ledger.unreadable_runs[run_id] = Unknown("row 'a' is not readable")

    decisions = scene.evaluate().decisions

    assert [decision.reason for decision in decisions] == [Reason.LEDGER_UNREADABLE, Reason.UPGRADE_DUE]
    assert scene.azure.due == [PROFILE]


def test_a_bug_met_in_one_profile_stops_no_other_and_is_raised_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Profile(FLEET.child("autoUpgradeProfiles", "broken"), Channel.RAPID)
    scene = with_profiles(UseCaseScene(), broken, Profile(PROFILE, Channel.RAPID))

    def failing(facts: Facts, _: object) -> Decision:
        if facts.profile is broken:
            raise ZeroDivisionError("a bug")
        return decide(facts)

    monkeypatch.setattr(module, "decide", failing)

    with pytest.raises(IncompleteError, match="broken: a bug"):
        scene.evaluate()

    assert scene.azure.due == [PROFILE]
    assert scene.ledger.last_evaluation() is None, "an event must still cause an evaluation"
