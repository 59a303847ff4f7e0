"""Follow-ups: which finished runs are followed by another of the same target, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import NodeImageSelection
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.runs.wanted_run import differences_between, runs_of
from tests.app.builders import NOW, a_cluster, a_member, a_profile, a_run, facts, run_of, with_runs
from tests.app.core.reading import first_specification, specification_of, verdict

COMPLETED, FAILED, SKIPPED = UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.SKIPPED
RETRY = {"retry": "2"}


def two_members(policy: Mapping[str, str] | None = None) -> Facts:
    return facts(members=[a_member(), a_member(name="two")], policy=policy)


def after(
    given: Facts,
    members: Mapping[str, UpdateState | Unparsed],
    *,
    state: UpdateState = COMPLETED,
    skipped: frozenset[str] = frozenset(),
    minutes_ago: float | None = 60,
) -> Facts:
    """The facts once the run that they ask for was made by this app and came to this end."""
    completed_at = NOW - timedelta(minutes=minutes_ago) if minutes_ago is not None else None
    run = run_of(specification_of(decide(given)), state, members=members, completed_at=completed_at)
    records = {**given.run_records, run.name: RunRecord(Intent.UPGRADE, skipped)}
    return with_runs(given, *given.fleet.update_runs, run, records=records)


def follows(decision: Decision) -> str | None:
    return specification_of(decision).follows


class TestWhoIsFollowedUp:
    """Members that a finished run did not deal with, or in which they failed."""

    def test_a_member_that_joined_later(self) -> None:
        given = after(two_members(), {"one": COMPLETED})

        decision = decide(given)

        assert verdict(decision) == (Outcome.GENERATE, Reason.CATCH_UP_DUE)
        [first] = given.fleet.update_runs
        assert follows(decision) == first.name
        assert specification_of(decision).name != first.name
        assert (
            decision.sentence == f"2 clusters are below 1.35.6; the finished run {first.name} did not bring it there."
        )

    def test_a_member_that_this_app_had_skipped(self) -> None:
        given = after(two_members(), {"one": COMPLETED, "two": SKIPPED}, skipped=frozenset({"two"}))

        assert decide(given).reason is Reason.CATCH_UP_DUE

    def test_a_member_that_fleet_skipped_was_handled(self) -> None:
        given = after(two_members(), {"one": COMPLETED, "two": SKIPPED})

        assert verdict(decide(given)) == (Outcome.BLOCKED, Reason.RUN_INCOMPLETE)

    def test_a_member_that_was_skipped_first_and_went_through_was_handled(self) -> None:
        """A person took the skip back before the run began."""
        given = after(two_members(), {"one": COMPLETED, "two": COMPLETED}, skipped=frozenset({"two"}))

        assert decide(given).reason is Reason.RUN_INCOMPLETE

    def test_names_are_compared_without_case(self) -> None:
        given = facts(members=[a_member(name="One")])

        assert decide(after(given, {"one": SKIPPED}, skipped=frozenset({"one"}))).reason is Reason.CATCH_UP_DUE
        assert decide(after(given, {"one": COMPLETED})).reason is Reason.RUN_INCOMPLETE

    def test_no_member_that_is_no_longer_due(self) -> None:
        there = a_member(a_cluster("1.35.6", name="two"), name="two")
        given = after(facts(members=[a_member()]), {"one": COMPLETED}, skipped=frozenset({"two"}))
        fleet = replace(given.fleet, members=(a_member(a_cluster("1.35.6")), there))

        assert decide(replace(given, fleet=fleet)).reason is Reason.UP_TO_DATE

    @pytest.mark.parametrize("state", [COMPLETED, SKIPPED])
    def test_a_run_that_was_skipped_as_a_whole_is_finished_too(self, state: UpdateState) -> None:
        assert decide(after(two_members(), {"one": COMPLETED}, state=state)).reason is Reason.CATCH_UP_DUE

    @pytest.mark.parametrize("state", [UpdateState.RUNNING, UpdateState.STOPPED, FAILED])
    def test_a_run_that_is_not_finished_is_not_followed(self, state: UpdateState) -> None:
        decision = decide(after(two_members(), {"one": COMPLETED}, state=state))

        assert decision.outcome is not Outcome.GENERATE
        assert follows(decision) is None

    def test_a_follow_up_is_followed_in_its_turn(self) -> None:
        given = facts(members=[a_member(), a_member(name="two"), a_member(name="three")])
        given = after(given, {"one": COMPLETED})
        given = after(given, {"one": COMPLETED, "two": COMPLETED})
        decision = decide(given)

        assert decision.reason is Reason.CATCH_UP_DUE
        assert follows(decision) == given.fleet.update_runs[1].name
        assert len({run.name for run in given.fleet.update_runs} | {specification_of(decision).name}) == 3

    def test_a_follow_up_that_is_going_on_is_found_again(self) -> None:
        given = after(two_members(), {"one": COMPLETED})
        going_on = after(given, {"two": UpdateState.RUNNING}, state=UpdateState.RUNNING)

        decision = decide(going_on)

        assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_IN_PROGRESS)
        assert decision.run_id == going_on.fleet.update_runs[1].id

    def test_a_finished_run_by_someone_else_is_followed_as_well(self) -> None:
        someone_elses = a_run("Monday", COMPLETED, members={"one": COMPLETED})

        decision = decide(with_runs(two_members(), someone_elses))

        assert decision.reason is Reason.CATCH_UP_DUE
        assert follows(decision) == "monday"


class TestFailedMembers:
    """Members that failed in a run whose strategy tolerates it are tried again, up to `retry` times."""

    def test_without_the_policy_a_failed_member_is_for_a_person(self) -> None:
        given = after(two_members(), {"one": COMPLETED, "two": FAILED})

        assert verdict(decide(given)) == (Outcome.BLOCKED, Reason.RUN_INCOMPLETE)

    def test_they_are_tried_again_as_often_as_the_policy_says_and_then_it_is_said_loudly(self) -> None:
        given = facts(policy=RETRY)
        reasons = [decide(given).reason]
        for _ in range(3):
            given = after(given, {"one": FAILED})
            reasons.append(decide(given).reason)

        assert reasons == [
            Reason.UPGRADE_DUE,
            Reason.CATCH_UP_DUE,
            Reason.CATCH_UP_DUE,
            Reason.RETRIES_EXHAUSTED,
        ]
        exhausted = decide(given)
        assert exhausted.outcome is Outcome.BLOCKED
        assert given.fleet.update_runs[-1].name in exhausted.sentence
        assert exhausted.run_id == given.fleet.update_runs[-1].id

    @pytest.mark.parametrize(
        ("failures", "minutes_ago", "reason"),
        [
            (1, 14, Reason.RETRY_WAITS),
            (1, 15, Reason.CATCH_UP_DUE),
            (2, 29, Reason.RETRY_WAITS),
            (2, 30, Reason.CATCH_UP_DUE),
            (1, None, Reason.CATCH_UP_DUE),
        ],
    )
    def test_there_is_a_pause_that_doubles_before_each_trial(
        self, failures: int, minutes_ago: float | None, reason: Reason
    ) -> None:
        given = facts(policy=RETRY)
        for _ in range(failures):
            given = after(given, {"one": FAILED}, minutes_ago=minutes_ago)

        assert decide(given).reason is reason

    def test_the_pause_says_which_run_failed_and_when_it_goes_on(self) -> None:
        given = after(facts(policy=RETRY), {"one": FAILED}, minutes_ago=5)

        decision = decide(given)

        assert decision.outcome is Outcome.WAITING
        assert decision.sentence == (
            f"Members failed in the finished run {given.fleet.update_runs[0].name}; they are tried again at "
            "2026-08-03 06:10 UTC."
        )
        assert decision.until == NOW + timedelta(minutes=10)

    def test_a_person_does_not_wait_for_the_pause(self) -> None:
        given = after(facts(policy=RETRY), {"one": FAILED}, minutes_ago=1)

        assert decide(replace(given, on_demand=Intent.REVIEW)).reason is Reason.CATCH_UP_DUE

    def test_a_member_that_was_missed_does_not_wait_for_the_pause_of_those_that_failed(self) -> None:
        given = after(two_members(RETRY), {"one": FAILED}, minutes_ago=1)

        assert decide(given).reason is Reason.CATCH_UP_DUE

    def test_such_a_run_counts_as_a_trial_of_those_that_failed(self) -> None:
        given = after(two_members({"retry": "1"}), {"one": FAILED})
        given = after(given, {"one": FAILED, "two": COMPLETED})
        fleet = replace(given.fleet, members=(a_member(), a_member(a_cluster("1.35.6", name="two"), name="two")))

        assert decide(replace(given, fleet=fleet)).reason is Reason.RETRIES_EXHAUSTED

    def test_after_it_no_member_is_tried_more_often_than_the_policy_says(self) -> None:
        given = after(two_members({"retry": "1"}), {"one": FAILED})
        given = after(given, {"one": FAILED, "two": FAILED})

        assert decide(given).reason is Reason.RETRIES_EXHAUSTED

    def test_a_run_that_only_missed_a_member_is_no_trial(self) -> None:
        given = after(two_members({"retry": "1"}), {"one": COMPLETED})
        given = after(given, {"one": COMPLETED, "two": FAILED})

        assert decide(given).reason is Reason.CATCH_UP_DUE


class TestRunsByOthers:
    """A run with the same content counts as generated, even if someone else created it."""

    def test_one_that_fleet_is_at_work_on_goes_before_any_other(self) -> None:
        runs = [a_run("a", UpdateState.RUNNING), a_run("b", UpdateState.STOPPED)]

        assert decide(facts(runs=runs)).run_id == runs[0].id
        assert decide(facts(runs=runs[::-1])).run_id == runs[0].id

    def test_among_equals_the_last_by_name_counts(self) -> None:
        runs = [a_run("a", UpdateState.RUNNING), a_run("b", UpdateState.RUNNING)]

        assert decide(facts(runs=runs)).run_id == decide(facts(runs=runs[::-1])).run_id == runs[1].id

    @pytest.mark.parametrize("state", [UpdateState.STOPPED, FAILED, UpdateState.NOT_STARTED])
    def test_one_that_fleet_generated_from_the_profile_goes_before_one_from_another(self, state: UpdateState) -> None:
        native = a_run("a", state, profile=a_profile())
        runs = [native, a_run("b", COMPLETED, profile=a_profile(name="other"))]

        assert decide(facts(runs=runs)).run_id == decide(facts(runs=runs[::-1])).run_id == native.id

    def test_our_own_run_goes_before_any(self) -> None:
        given = facts()
        own = run_of(first_specification(given), UpdateState.STOPPED)

        assert decide(with_runs(given, a_run(), own)).run_id == own.id

    @pytest.mark.parametrize(
        ("other", "clauses"),
        [
            (a_run(), []),
            (a_run(selection=None), []),
            (a_run(upgrade_type=UpgradeType.CONTROL_PLANE_ONLY), ["upgrades ControlPlaneOnly instead of Full"]),
            (a_run(version="1.35.5"), ["brings 1.35.5 instead of 1.35.6"]),
            (a_run(version=Unparsed("1.35")), ["brings 1.35 instead of 1.35.6"]),
            (a_run(selection=NodeImageSelection.CONSISTENT), ["selects node images Consistent instead of Latest"]),
            (a_run(selection=Unparsed("Newest")), ["selects node images Newest instead of Latest"]),
            (
                a_run(version=None, selection=NodeImageSelection.CUSTOM),
                [
                    "brings None instead of 1.35.6",
                    "selects node images Custom instead of Latest",
                ],
            ),
        ],
    )
    def test_each_difference_of_a_run_is_one_clause(self, other: UpdateRun, clauses: list[str]) -> None:
        assert differences_between(other, first_specification(facts())) == clauses

    def test_another_strategy_disagrees_unless_the_profile_itself_made_the_run(self) -> None:
        profile = a_profile()
        staged = a_run(strategy="staged")

        assert differences_between(staged, first_specification(facts(profile))) == [
            f"follows {staged.update_strategy_id} instead of None"
        ]
        assert differences_between(a_run(strategy="staged", profile=profile), first_specification(facts(profile))) == []

    def test_images_do_not_matter_where_a_run_touches_no_nodes(self) -> None:
        given = facts(policy={"split": "control-plane-first"})
        other = a_run(upgrade_type=UpgradeType.CONTROL_PLANE_ONLY, selection=NodeImageSelection.CONSISTENT)

        assert differences_between(other, first_specification(given)) == []


def test_the_runs_of_a_profile_are_ours_by_name_and_native_ones_by_their_profile() -> None:
    profile, other = a_profile(), a_profile(name="other")
    ours = run_of(first_specification(facts(profile)))
    native, foreign = a_run("native", profile=profile), a_run("foreign", profile=other)

    assert runs_of(profile.id, [ours, native, foreign, a_run()]) == [ours, native]
