"""Acting on a profile: once, wherever the process stops, and only as far as requested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel, Profile
from shared.core.model.run_record import Intent
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import Outcome, Reason
from shared.core.runs.specification import RunSpecification
from shared.errors import NotFoundError, NotReadyError
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.generate_update_run import RunRefusedError, generate_update_run
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_catalog, a_member

WRITES = 3
"""Creating, skipping and starting a run whose members include one to skip."""


def one_stopped() -> UseCaseScene:
    return UseCaseScene(a_member("one"), a_member("two", stopped=True))


def test_a_due_profile_gets_one_run_started() -> None:
    scene = UseCaseScene()

    action = act_on_profile(scene.services, PROFILE)

    assert action.started
    assert (
        scene.azure.started
        == scene.azure.created
        == [action.decision.specification and action.decision.specification.name]
    )


def test_acting_again_does_nothing_more() -> None:
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)

    again = act_on_profile(scene.services, PROFILE)

    assert again.decision.reason is Reason.RUN_IN_PROGRESS
    assert not again.started
    assert len(scene.azure.created) == len(scene.azure.started) == 1


@pytest.mark.parametrize("when", ["stops_before", "stops_after"])
@pytest.mark.parametrize("write", range(1, WRITES + 1))
def test_a_stop_around_any_write_still_gives_one_run_started_once(when: str, write: int) -> None:
    scene = one_stopped()
    setattr(scene.azure, when, write)
    with pytest.raises(ProcessStopped):
        act_on_profile(scene.services, PROFILE)

    scene.again()
    act_on_profile(scene.services, PROFILE)

    assert len(scene.azure.created) == 1
    assert len(scene.azure.started) == 1
    [run] = scene.azure.fleet.update_runs
    assert run.member_states == {"one": UpdateState.NOT_STARTED, "two": UpdateState.SKIPPED}


def test_stopped_members_are_skipped_before_the_run_starts() -> None:
    scene = one_stopped()

    act_on_profile(scene.services, PROFILE)

    [(_, members)] = scene.azure.skipped
    assert members == ("two",)


def test_a_stopped_member_is_caught_up_by_a_second_run_once_it_is_running() -> None:
    scene = one_stopped()
    act_on_profile(scene.services, PROFILE)
    scene.azure.finish(scene.azure.created[0])
    scene.set_members(a_member("one", "1.35.6"), a_member("two"))

    action = act_on_profile(scene.services, PROFILE)

    assert action.decision.reason is Reason.CATCH_UP_DUE
    assert len(scene.azure.started) == 2


def test_on_demand_creates_and_does_not_start() -> None:
    scene = UseCaseScene()

    run_id = generate_update_run(scene.services, PROFILE, start=False)

    assert scene.azure.created == [run_id.name]
    assert scene.azure.started == []


def test_a_run_created_for_review_is_never_started_by_a_trigger() -> None:
    scene = UseCaseScene()
    generate_update_run(scene.services, PROFILE, start=False)

    for days in range(3):
        scene.azure.time += timedelta(days=days)
        action = act_on_profile(scene.services, PROFILE)
        assert action.decision.reason is Reason.RUN_AWAITS_REVIEW

    assert scene.azure.started == []


def test_a_person_may_start_what_was_created_for_review() -> None:
    scene = UseCaseScene()
    first = generate_update_run(scene.services, PROFILE, start=False)

    second = generate_update_run(scene.services, PROFILE, start=True)

    assert first == second
    assert scene.azure.started == [first.name]


def test_on_demand_serves_a_disabled_profile_and_a_trigger_does_not() -> None:
    scene = UseCaseScene(profile=Profile(PROFILE, Channel.RAPID, disabled=True))

    assert act_on_profile(scene.services, PROFILE).decision.reason is Reason.PROFILE_DISABLED
    assert scene.azure.created == []
    assert generate_update_run(scene.services, PROFILE, start=False).name == scene.azure.created[0]


def test_a_trigger_respects_a_review_that_is_being_created() -> None:
    scene = UseCaseScene()
    scene.azure.stops_before = 1
    with pytest.raises(ProcessStopped):
        generate_update_run(scene.services, PROFILE, start=False)
    scene.again()

    with pytest.raises(NotReadyError):
        act_on_profile(scene.services, PROFILE)

    assert scene.azure.created == []


def test_a_trigger_takes_over_from_a_review_that_stopped_before_creating_anything() -> None:
    scene = UseCaseScene()
    scene.azure.stops_before = 1
    with pytest.raises(ProcessStopped):
        generate_update_run(scene.services, PROFILE, start=False)
    scene.again()
    scene.azure.time += timedelta(minutes=11)

    act_on_profile(scene.services, PROFILE)

    assert len(scene.azure.started) == 1


def test_nothing_to_upgrade_is_refused_with_the_decision() -> None:
    scene = UseCaseScene(a_member("one", "1.35.6"))

    with pytest.raises(RunRefusedError) as refused:
        generate_update_run(scene.services, PROFILE, start=False)

    assert refused.value.decision.outcome is Outcome.UP_TO_DATE


def test_an_unknown_profile_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="missing"):
        act_on_profile(UseCaseScene().services, FLEET.child("autoUpgradeProfiles", "missing"))


def test_a_newer_release_waits_for_the_unfinished_run() -> None:
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)
    scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")

    action = act_on_profile(scene.services, PROFILE)

    assert (action.decision.outcome, action.decision.reason) == (Outcome.WAITING, Reason.ACTIVE_RUN)
    assert len(scene.azure.created) == 1


def test_on_demand_returns_the_finished_run_of_the_same_specification() -> None:
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)
    scene.azure.finish(scene.azure.created[0])
    scene.set_members(a_member("one", "1.35.6"), a_member("two", "1.35.6"))

    assert generate_update_run(scene.services, PROFILE, start=False).name == scene.azure.created[0]
    assert len(scene.azure.created) == 1


def test_on_demand_a_start_is_refused_if_the_run_has_finished_and_left_clusters_below_the_target() -> None:
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)
    scene.azure.finish(scene.azure.created[0])

    assert generate_update_run(scene.services, PROFILE, start=False).name == scene.azure.created[0]
    with pytest.raises(RunRefusedError, match="still below the target"):
        generate_update_run(scene.services, PROFILE, start=True)


def test_the_intent_is_remembered_before_anything_is_created() -> None:
    scene = UseCaseScene()
    scene.azure.stops_before = 1
    with pytest.raises(ProcessStopped):
        act_on_profile(scene.services, PROFILE, Intent.UPGRADE)

    [(record, _)] = scene.ledger.records.values()
    assert record.intent is Intent.UPGRADE


def test_a_run_that_changes_after_it_was_read_is_not_started_before_its_members_are_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = one_stopped()
    skip = scene.azure.skip_members
    refusals = iter([False])

    def refused_once(run: UpdateRun, members: Sequence[str]) -> bool:
        return next(refusals, True) and skip(run, members)

    monkeypatch.setattr(scene.azure, "skip_members", refused_once)

    act_on_profile(scene.services, PROFILE)

    [run] = scene.azure.fleet.update_runs
    assert run.state is UpdateState.RUNNING
    assert run.member_states["two"] is UpdateState.SKIPPED


def test_the_response_to_the_creation_is_the_run_that_is_started() -> None:
    scene = UseCaseScene()
    assert act_on_profile(scene.services, PROFILE).started
    assert scene.azure.read_alone == []


@pytest.mark.parametrize(
    "incomplete",
    [
        lambda run: replace(run, etag=""),
        lambda run: replace(run, member_states={"one": UpdateState.NOT_STARTED}),
        lambda run: replace(run, state=Unparsed("")),
    ],
)
def test_a_run_that_the_response_to_its_creation_does_not_show_whole_is_read_before_it_is_started(
    incomplete: Callable[[UpdateRun], UpdateRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = one_stopped()
    create = scene.azure.create_run

    def create_run(fleet_id: ResourceId, specification: RunSpecification) -> UpdateRun | None:
        created = create(fleet_id, specification)
        return incomplete(created) if created is not None else None

    monkeypatch.setattr(scene.azure, "create_run", create_run)
    assert act_on_profile(scene.services, PROFILE).started
    assert scene.azure.read_alone[0] is UpdateState.NOT_STARTED
    assert [members for _, members in scene.azure.skipped] == [("two",)]
