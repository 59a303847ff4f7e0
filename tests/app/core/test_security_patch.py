"""Channel SecurityPatch: once a week Fleet is asked for a run, and what it generated is the week's run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.core.facts import Facts
from shared.core.lag import lag_of
from shared.core.model.fleet import Member
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import PREVIEW_SETTING, MemberAction, MemberReason, Outcome, Reason
from shared.core.runs.specification import is_name_of
from shared.core.runs.wanted_run import differences_between
from tests.app.builders import NOW, a_catalog, a_cluster, a_member, a_profile, a_region, a_run, facts
from tests.app.core.reading import actions_of, reasons_of, specification_of, target_of, verdict

PROFILE = a_profile(Channel.SECURITY_PATCH)
MEMBERS = (a_member(), a_member(name="two"))
UNREAD = replace(a_region(), kubernetes=Unknown("it did not answer"), node_images={})


def given(*members: Member, state: UpdateState | None = None) -> Facts:
    """The facts, with a run that Fleet generated this week in that state."""
    fresh = facts(PROFILE, members or MEMBERS, a_catalog(UNREAD), is_preview=True)
    if state is None:
        return fresh
    run = native(state)
    record = RunRecord(Intent.UPGRADE, generated=run.name)
    name = specification_of(decide(fresh)).name
    records = {name: record, run.name: RunRecord(Intent.UPGRADE)}
    return replace(fresh, fleet=replace(fresh.fleet, update_runs=(run,)), run_records=records)


def native(state: UpdateState = UpdateState.NOT_STARTED, **members: UpdateState) -> UpdateRun:
    return a_run(
        "auto-profile-securitypatch-1abcdef",
        state,
        version=None,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
        profile=PROFILE,
        members=members or {"one": UpdateState.COMPLETED, "two": UpdateState.FAILED},
        completed_at=NOW,
    )


def test_a_run_is_due_once_a_week_and_what_the_regions_list_does_not_matter() -> None:
    decision = decide(given())

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert decision.sentence == (
        "2 clusters may lack the security patches of the week of 2026-08-03; Fleet generates the run."
    )
    assert target_of(decision) == "the security patches of the week of 2026-08-03"
    assert decide(given(a_member())).sentence.startswith("1 cluster may lack")
    assert set(reasons_of(decision).values()) == {MemberReason.SECURITY_PATCHES_DUE}


def test_the_stable_version_has_no_such_channel_and_the_sentence_says_which_setting_does() -> None:
    decision = decide(facts(PROFILE))

    assert verdict(decision) == (Outcome.SKIPPED, Reason.CHANNEL_NOT_SUPPORTED)
    assert PREVIEW_SETTING in decision.sentence


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 8, 3, 0, 0, tzinfo=UTC), date(2026, 8, 3)),
        (datetime(2026, 8, 9, 23, 59, tzinfo=UTC), date(2026, 8, 3)),
        (datetime(2026, 8, 10, 0, 0, tzinfo=UTC), date(2026, 8, 10)),
    ],
)
def test_a_week_begins_on_monday_in_utc_and_has_one_name(moment: datetime, week: date) -> None:
    specification = specification_of(decide(replace(given(), now=moment)))
    monday = datetime.combine(week, datetime.min.time(), UTC)

    assert specification.patch_week == week
    assert specification.name == specification_of(decide(replace(given(), now=monday))).name
    assert specification.name != specification_of(decide(replace(given(), now=monday - timedelta(days=1)))).name
    assert is_name_of(PROFILE.id, Channel.SECURITY_PATCH, specification.name)


@pytest.mark.parametrize(
    ("state", "outcome", "reason"),
    [
        (UpdateState.NOT_STARTED, Outcome.START, Reason.RUN_NOT_STARTED),
        (UpdateState.RUNNING, Outcome.GENERATED, Reason.RUN_IN_PROGRESS),
        (UpdateState.FAILED, Outcome.BLOCKED, Reason.RUN_FAILED),
        (UpdateState.COMPLETED, Outcome.UP_TO_DATE, Reason.UP_TO_DATE),
        (UpdateState.SKIPPED, Outcome.UP_TO_DATE, Reason.UP_TO_DATE),
    ],
)
def test_the_run_that_fleet_generated_is_the_weeks_run(state: UpdateState, outcome: Outcome, reason: Reason) -> None:
    decision = decide(given(state=state))

    assert verdict(decision) == (outcome, reason)
    assert decision.run_id == native().id


def test_after_the_weeks_run_nothing_is_due_before_the_next_week_also_for_what_it_missed() -> None:
    late = a_member(name="late")
    decision = decide(given(*MEMBERS, late, state=UpdateState.COMPLETED))

    assert decision.sentence == (
        "Update run auto-profile-securitypatch-1abcdef is finished; Fleet is asked again from 2026-08-10 on."
    )
    skip, up_to_date = MemberAction.SKIP, MemberAction.UP_TO_DATE
    assert actions_of(decision) == {"late": skip, "one": up_to_date, "two": skip}
    assert specification_of(decision).patch_week == date(2026, 8, 3)
    next_week = replace(given(state=UpdateState.COMPLETED), now=NOW + timedelta(days=7))
    assert decide(next_week).outcome is Outcome.GENERATE


def test_a_weeks_run_that_was_deleted_is_asked_for_again() -> None:
    finished = given(state=UpdateState.COMPLETED)

    assert decide(replace(finished, fleet=replace(finished.fleet, update_runs=()))).outcome is Outcome.GENERATE


def test_an_unfinished_run_of_last_week_is_waited_for() -> None:
    running = given(state=UpdateState.RUNNING)

    decision = decide(replace(running, now=NOW + timedelta(days=7)))
    assert verdict(decision) == (Outcome.WAITING, Reason.ACTIVE_RUN)


def test_clusters_that_no_run_can_patch_are_skipped_and_nothing_is_due_without_others() -> None:
    members = (
        a_member(a_cluster(name="stopped", stopped=True), name="stopped"),
        a_member(a_cluster(name="auto", auto_provisioning=True), name="auto"),
    )

    decision = decide(given(*members))
    assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
    assert set(actions_of(decision).values()) == {MemberAction.SKIP}
    assert specification_of(decision).patch_week == date(2026, 8, 3)
    assert actions_of(decide(given(*members, a_member(), state=UpdateState.COMPLETED)))["auto"] is MemberAction.SKIP


def test_clusters_are_not_counted_as_behind_since_it_is_not_known() -> None:
    situation = given()

    lag = lag_of(decide(situation), situation.fleet, situation.catalog, situation.first_seen)
    assert (lag.clusters, lag.clusters_behind) == (2, 0)


@pytest.mark.parametrize(
    ("run", "differences"),
    [
        (native(), []),
        (replace(native(), node_image_selection=None), []),
        (replace(native(), upgrade_type=UpgradeType.FULL), ["upgrades Full instead of NodeImageOnly"]),
        (replace(native(), auto_upgrade_profile_id=None), ["was not generated from this profile"]),
    ],
)
def test_a_run_of_fleet_must_upgrade_node_images_alone_and_be_the_profiles(
    run: UpdateRun, differences: list[str]
) -> None:
    assert differences_between(run, specification_of(decide(given()))) == differences
