"""Policy `generator=native`: Fleet is not asked again and again for a run instead of which it generated another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.run_record import Intent, NativeCall, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from tests.app.builders import NOW, UBUNTU, a_catalog, a_profile, a_region, a_run, facts, with_runs
from tests.app.core.reading import reasons_of, specification_of, verdict

PROFILE = a_profile()
OTHER = a_run("auto-profile-rapid-1-36-0-1abcde", UpdateState.NOT_STARTED, version="1.36.0", profile=PROFILE)
"""What Fleet generated when it was asked for 1.35.6."""

NEWER_IMAGE = a_catalog(a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.16.0"}))


def asked(given: Facts, *, generated: str = OTHER.name, ago: timedelta = timedelta()) -> Facts:
    """The app has asked Fleet for the run, with the answer; the claim that it asked under ended so long ago."""
    call = NativeCall(given.profile.id, NOW - ago, frozenset())
    record = RunRecord(Intent.UPGRADE, call=call, generated=generated)
    runs = given.fleet.update_runs
    return with_runs(given, *runs, records={specification_of(decide(given)).name: record})


def decided(*, generator: str = "native", on_demand: Intent | None = None, ago: timedelta = timedelta()) -> Decision:
    given = facts(PROFILE, runs=[OTHER], policy={"generator": generator}, on_demand=on_demand)
    return decide(asked(given, ago=ago))


def test_what_fleet_generated_instead_blocks_while_it_is_there() -> None:
    decision = decided()

    assert verdict(decision) == (Outcome.BLOCKED, Reason.NATIVE_RUN_DISAGREES)
    assert decision.sentence.endswith(f" {OTHER.name}, which brings 1.36.0 instead of 1.35.6; it is not started.")
    assert decision.run_id == OTHER.id


@pytest.mark.parametrize("state", [UpdateState.FAILED, UpdateState.STOPPED])
def test_also_if_it_was_started_and_is_not_finished(state: UpdateState) -> None:
    given = facts(PROFILE, runs=[replace(OTHER, state=state)], policy={"generator": "native"})

    assert decide(asked(given)).reason is Reason.NATIVE_RUN_DISAGREES


def test_a_day_later_fleet_is_asked_again() -> None:
    assert decided(ago=timedelta(hours=23, minutes=59)).outcome is Outcome.BLOCKED
    assert decided(ago=timedelta(days=1)).outcome is Outcome.GENERATE


def test_a_person_s_request_asks_at_once() -> None:
    assert decided(on_demand=Intent.UPGRADE).outcome is Outcome.GENERATE


def test_what_this_app_composes_does_not_wait_for_fleet() -> None:
    assert decided(generator="compose").outcome is Outcome.GENERATE


@pytest.mark.parametrize("runs", [[], [replace(OTHER, state=UpdateState.COMPLETED)]])
def test_once_it_is_deleted_or_finished_it_is_no_obstacle(runs: list[UpdateRun]) -> None:
    given = facts(PROFILE, runs=runs, policy={"generator": "native"})

    assert decide(asked(given)).outcome is Outcome.GENERATE


def test_a_call_that_was_not_answered_is_made_again() -> None:
    given = facts(PROFILE, runs=[OTHER], policy={"generator": "native"})

    assert decide(asked(given, generated="")).outcome is Outcome.GENERATE


def test_a_failed_run_for_what_is_wanted_does_not_disagree() -> None:
    """It failed before it selected node images, and is no match without them."""
    profile = a_profile(Channel.NODE_IMAGE)
    failed = a_run(
        "auto-profile-nodeimage-1abcde",
        UpdateState.FAILED,
        version=None,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
        selection=NodeImageSelection.CONSISTENT,
        profile=profile,
    )
    given = facts(profile, None, NEWER_IMAGE, runs=[failed], policy={"generator": "native"})

    assert decide(asked(given, generated=failed.name)).outcome is Outcome.GENERATE


def test_a_run_of_security_patches_that_was_deleted_is_generated_again() -> None:
    given = facts(a_profile(Channel.SECURITY_PATCH), is_preview=True)

    assert decide(asked(given)).outcome is Outcome.GENERATE


def test_node_images_do_not_wait_for_a_kubernetes_run_that_fleet_generated_otherwise() -> None:
    images = a_profile(Channel.NODE_IMAGE, name="images")
    native = {"generator": "native"}
    kubernetes = facts(PROFILE, None, NEWER_IMAGE, runs=[OTHER], policy=native, other_profiles=[images])
    known = asked(kubernetes)

    waits, goes_on = (decide(replace(given, profile=images)) for given in (kubernetes, known))

    assert waits.reason is Reason.MEMBERS_BUSY
    assert goes_on.outcome is Outcome.GENERATE, reasons_of(goes_on)
