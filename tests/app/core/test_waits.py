"""Busy clusters: whom a run waits for, how long, and what then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.fleet import Member
from shared.core.model.profile import Channel, Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.planner import decide
from shared.core.reasons import MemberAction, MemberReason, Outcome, Reason
from shared.core.waits import look_again
from tests.app.builders import (
    NOW,
    UBUNTU,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_run,
    a_strategy,
    facts,
    run_of,
    with_runs,
)
from tests.app.core.reading import actions_of, first_specification, reasons_of, specification_of, verdict

WAITING = (Outcome.WAITING, Reason.MEMBERS_BUSY)
STATES = UpdateState
OLD_IMAGE = f"{UBUNTU}-202606.08.1"


def member(
    name: str = "one", *, state: str = "Succeeded", pool_state: str | None = None, version: str = "1.35.5"
) -> Member:
    """A joined member, one patch behind by default."""
    pools = [a_pool(provisioning_state=pool_state)]
    return a_member(a_cluster(version, name=name, provisioning_state=state, pools=pools), name=name)


def in_run(*, state: UpdateState | Unparsed = STATES.RUNNING, **members: UpdateState | Unparsed) -> UpdateRun:
    """Someone else's run for something else, with the members in these states."""
    return a_run("theirs", state, version="1.35.4", members=members)


class TestOperationUnderWay:
    """No run is started on a cluster on which AKS is at work."""

    @pytest.mark.parametrize(
        "state",
        ["Creating", "Updating", "Upgrading", "UpgradingNodeImageVersion", "Scaling", "Starting", "Migrating", "Odd"],
    )
    def test_a_run_waits_for_a_cluster_with_an_operation_under_way(self, state: str) -> None:
        decision = decide(facts(members=[member(), member("two", state=state)]))

        assert verdict(decision) == WAITING
        assert actions_of(decision) == {"one": MemberAction.UPGRADE, "two": MemberAction.WAIT}
        assert reasons_of(decision)["two"] is MemberReason.OPERATION_UNDER_WAY
        assert decision.sentence == (
            f"1.35.6 waits for busy clusters. two: An operation is under way on the cluster ({state}). "
            "The run starts without those that are still busy at 2026-08-03 12:00 UTC."
        )
        assert decision.until == NOW + timedelta(hours=6)

    def test_a_run_waits_for_a_node_pool_with_an_operation_under_way(self) -> None:
        decision = decide(facts(members=[member(pool_state="Scaling")]))

        assert verdict(decision) == WAITING
        assert "An operation is under way on node pool system (Scaling)." in decision.sentence

    @pytest.mark.parametrize("state", ["Succeeded", "succeeded", "Canceled"])
    def test_a_run_does_not_wait_for_a_cluster_at_rest(self, state: str) -> None:
        assert decide(facts(members=[member(state=state, pool_state=state)])).outcome is Outcome.GENERATE

    def test_a_failed_node_pool_is_at_rest(self) -> None:
        assert decide(facts(members=[member(pool_state="Failed")])).outcome is Outcome.GENERATE

    def test_a_busy_cluster_that_needs_no_upgrade_is_not_waited_for_but_skipped_in_the_run(self) -> None:
        decision = decide(facts(members=[member(), member("two", state="Updating", version="1.35.6")]))

        assert decision.outcome is Outcome.GENERATE
        assert decision.members_to_skip == ("two",)
        assert reasons_of(decision)["two"] is MemberReason.AT_TARGET
        assert decision.members[1].sentence == "On 1.35.6. An operation is under way on the cluster (Updating)."

    def test_a_run_contains_all_members_of_the_scope_but_those_it_skips(self) -> None:
        members = [member(), member("two", version="1.35.6"), member("three", state="Updating", version="1.35.6")]

        assert decide(facts(members=members)).members_in_run == ("one", "two")

    def test_nothing_waits_where_nothing_is_due(self) -> None:
        assert decide(facts(members=[member(state="Updating", version="1.35.6")])).reason is Reason.UP_TO_DATE


class TestInAnotherRun:
    """No run is started on a cluster that another run has yet to finish."""

    @pytest.mark.parametrize("state", [STATES.NOT_STARTED, STATES.RUNNING, STATES.PENDING, Unparsed("Odd")])
    def test_a_run_waits_for_a_member_that_anyone_elses_unfinished_run_has_yet_to_finish(
        self, state: UpdateState | Unparsed
    ) -> None:
        decision = decide(facts(runs=[in_run(one=state)]))

        assert verdict(decision) == WAITING
        assert reasons_of(decision) == {"one": MemberReason.IN_ANOTHER_RUN}
        assert "one: Update run theirs has yet to finish with the cluster." in decision.sentence

    @pytest.mark.parametrize("state", [STATES.COMPLETED, STATES.SKIPPED, STATES.FAILED])
    def test_a_run_does_not_wait_for_a_member_that_the_other_run_has_finished(self, state: UpdateState) -> None:
        assert decide(facts(runs=[in_run(one=state, two=STATES.RUNNING)])).outcome is Outcome.GENERATE

    def test_a_run_does_not_wait_for_a_member_that_the_other_run_does_not_contain(self) -> None:
        assert decide(facts(runs=[in_run(two=STATES.RUNNING)])).outcome is Outcome.GENERATE

    def test_an_unfinished_run_that_reports_no_members_may_contain_any(self) -> None:
        assert verdict(decide(facts(runs=[in_run()]))) == WAITING

    @pytest.mark.parametrize("state", [STATES.NOT_STARTED, STATES.STOPPED, STATES.FAILED, STATES.COMPLETED])
    def test_a_run_that_fleet_does_not_work_on_occupies_no_member(self, state: UpdateState) -> None:
        assert decide(facts(runs=[in_run(state=state, one=STATES.NOT_STARTED)])).outcome is Outcome.GENERATE

    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            (STATES.NOT_STARTED, Outcome.GENERATE),
            (STATES.STOPPED, Outcome.GENERATE),
            (STATES.RUNNING, Outcome.WAITING),
            (STATES.STOPPING, Outcome.WAITING),
        ],
    )
    def test_a_run_that_is_stopping_occupies_only_members_it_has_begun(
        self, state: UpdateState, outcome: Outcome
    ) -> None:
        assert decide(facts(runs=[in_run(state=STATES.STOPPING, one=state)])).outcome is outcome

    def test_the_run_to_start_does_not_wait_for_itself(self) -> None:
        given = facts(policy={"retry": "1"})
        failed = run_of(
            first_specification(given),
            STATES.FAILED,
            members={"one": STATES.RUNNING},
            completed_at=NOW - timedelta(days=1),
        )

        decision = decide(with_runs(given, failed, records={failed.name: RunRecord(Intent.UPGRADE)}))

        assert decision.outcome is Outcome.RETRY

    def test_neither_a_start_nor_a_restart_goes_to_a_busy_member(self) -> None:
        given = facts(members=[member(state="Updating")], policy={"retry": "1"})
        for state in (STATES.NOT_STARTED, STATES.FAILED):
            run = run_of(first_specification(given), state, completed_at=NOW - timedelta(days=1))

            decision = decide(with_runs(given, run, records={run.name: RunRecord(Intent.UPGRADE)}))

            assert (*verdict(decision), decision.run_id, decision.restarts) == (*WAITING, run.id, 0)

    def test_a_run_for_review_waits_for_nothing(self) -> None:
        busy = [member(state="Updating")]

        assert decide(facts(members=busy, on_demand=Intent.REVIEW)).outcome is Outcome.GENERATE
        assert decide(facts(members=busy, policy={"start": "manual"})).outcome is Outcome.GENERATE


class TestEndOfWait:
    """A cluster that stays busy stops no one for ever."""

    busy = (member(), member("two", state="Updating"))
    after = timedelta(hours=6)

    def test_the_wait_begins_when_it_is_first_decided(self) -> None:
        assert decide(facts(members=self.busy)).waiting_since == NOW

    def test_the_wait_goes_on_from_when_it_began(self) -> None:
        since = NOW - timedelta(hours=5)

        decision = decide(facts(members=self.busy, waiting_since=since))

        assert verdict(decision) == WAITING
        assert decision.waiting_since == since
        assert "at 2026-08-03 07:00 UTC." in decision.sentence

    def test_after_the_wait_the_run_goes_on_without_busy_members_which_are_caught_up_later(self) -> None:
        decision = decide(facts(members=self.busy, waiting_since=NOW - self.after))

        assert decision.outcome is Outcome.GENERATE
        assert decision.members_to_skip == ("two",)
        assert decision.sentence == "2 clusters are below 1.35.6. Not waited for: two."
        assert decision.members[1].sentence == (
            "An operation is under way on the cluster (Updating). It is caught up later."
        )

    def test_all_members_that_are_waited_for_and_those_that_no_longer_are_get_named(self) -> None:
        busy = [*self.busy, member("three", pool_state="Scaling")]

        waiting = decide(facts(members=busy))
        going_on = decide(facts(members=busy, waiting_since=NOW - self.after))

        assert waiting.sentence == (
            "1.35.6 waits for busy clusters. three: An operation is under way on node pool system (Scaling). "
            "two: An operation is under way on the cluster (Updating). "
            "The run starts without those that are still busy at 2026-08-03 12:00 UTC."
        )
        assert going_on.sentence == "3 clusters are below 1.35.6. Not waited for: three, two."

    def test_members_that_were_not_waited_for_any_longer_get_a_run_once_they_are_free(self) -> None:
        first = decide(facts(members=self.busy, waiting_since=NOW - self.after))
        run = run_of(
            specification_of(first), STATES.COMPLETED, members={"one": STATES.COMPLETED, "two": STATES.SKIPPED}
        )
        record = RunRecord(Intent.UPGRADE, frozenset({"two"}))
        later = facts(members=[member(version="1.35.6"), member("two")])

        decision = decide(with_runs(later, run, records={run.name: record}))

        assert verdict(decision) == (Outcome.GENERATE, Reason.CATCH_UP_DUE)

    def test_a_start_that_failed_after_the_wait_does_not_begin_another_wait(self) -> None:
        """The ledger keeps the time with the decision to start, until a later decision has none."""
        since = NOW - self.after

        assert decide(facts(members=self.busy, waiting_since=since)).waiting_since == since

    def test_with_upgrade_the_run_goes_on_with_busy_members_after_the_wait(self) -> None:
        decision = decide(facts(members=self.busy, waiting_since=NOW - self.after, policy={"busy-clusters": "upgrade"}))

        assert decision.outcome is Outcome.GENERATE
        assert decision.members_to_skip == ()
        assert decision.members[1].sentence.endswith("It is upgraded all the same (busy-clusters=upgrade).")

    def test_with_upgrade_it_says_that_it_starts_all_the_same(self) -> None:
        decision = decide(facts(members=self.busy, policy={"busy-clusters": "upgrade"}))

        assert decision.sentence.endswith("The run starts all the same at 2026-08-03 12:00 UTC.")

    def test_where_no_other_member_is_due_it_waits_on(self) -> None:
        decision = decide(facts(members=[self.busy[1]], waiting_since=NOW - timedelta(days=9)))

        assert verdict(decision) == WAITING
        assert decision.sentence.endswith("No other cluster is due, so the run starts when one of them is free.")

    @pytest.mark.parametrize(("wait", "outcome"), [("PT0S", Outcome.GENERATE), ("PT1S", Outcome.WAITING)])
    def test_how_long_it_waits_is_a_policy_and_it_may_be_not_at_all(self, wait: str, outcome: Outcome) -> None:
        assert decide(facts(members=self.busy, policy={"busy-wait": wait})).outcome is outcome

    def test_once_no_member_is_busy_there_is_no_wait_any_more(self) -> None:
        decision = decide(facts(waiting_since=NOW - timedelta(hours=1)))

        assert (decision.outcome, decision.waiting_since) == (Outcome.GENERATE, None)

    def test_a_person_who_asks_for_a_start_does_not_wait_and_busy_members_are_skipped(self) -> None:
        decision = decide(facts(members=self.busy, on_demand=Intent.UPGRADE))

        assert decision.outcome is Outcome.GENERATE
        assert decision.members_to_skip == ("two",)

    def test_a_person_who_asks_for_a_start_on_busy_members_alone_is_refused(self) -> None:
        decision = decide(facts(members=[self.busy[1]], on_demand=Intent.UPGRADE))

        assert verdict(decision) == WAITING
        assert decision.refuses_start


class TestKubernetesRunFirst:
    """One drain instead of two: where both are due for a cluster, the Kubernetes run goes first."""

    images = a_profile(Channel.NODE_IMAGE, name="images")
    stable = a_profile(name="stable")

    def given(self, *members: Member, kubernetes: Profile | None = None, **changes: object) -> Facts:
        """One cluster that is behind in both by default, unless other members are given."""
        return facts(
            self.images,
            members or [self.behind()],
            other_profiles=[kubernetes or self.stable],
            **changes,  # type: ignore[arg-type] # passed on as they are
        )

    @staticmethod
    def behind(name: str = "one", version: str = "1.35.5", group: str = "all") -> Member:
        return a_member(a_cluster(version, name=name, pools=[a_pool(OLD_IMAGE)]), name=name, group=group)

    def test_the_node_image_run_waits_for_members_that_a_kubernetes_run_is_due_for(self) -> None:
        decision = decide(self.given())

        assert verdict(decision) == WAITING
        assert reasons_of(decision) == {"one": MemberReason.KUBERNETES_RUN_FIRST}
        assert decision.sentence == (
            f"{OLD_IMAGE.replace('202606.08.1', '202607.09.0')} waits for busy clusters. one: The Kubernetes run of "
            "profile stable goes first, and may bring the node images too. The run starts all the same at "
            "2026-08-03 12:00 UTC."
        )

    def test_a_decision_on_the_kubernetes_profile_that_was_made_already_counts(self) -> None:
        given = self.given()
        kubernetes = decide(replace(given, profile=self.stable))
        assert decide(given, {self.stable.id: kubernetes}) == decide(given)

        nothing_due = replace(kubernetes, outcome=Outcome.UP_TO_DATE)
        assert decide(given, {self.stable.id: nothing_due}).starts_run

    def test_the_kubernetes_run_does_not_wait_for_the_node_image_run(self) -> None:
        given = self.given()

        assert decide(replace(given, profile=self.stable)).outcome is Outcome.GENERATE

    @pytest.mark.parametrize("state", [STATES.NOT_STARTED, STATES.FAILED])
    def test_a_kubernetes_run_that_is_to_be_started_or_restarted_goes_first_too(self, state: UpdateState) -> None:
        given = self.given(policy={"retry": "1"})
        own = first_specification(replace(given, profile=self.stable))
        run = run_of(own, state, completed_at=NOW - timedelta(days=1))

        decision = decide(with_runs(given, run, records={run.name: RunRecord(Intent.UPGRADE)}))

        assert verdict(decision) == WAITING

    @pytest.mark.parametrize(
        ("kubernetes", "tags"),
        [
            (a_profile(name="stable", disabled=True), {}),
            (a_profile(Channel.NODE_IMAGE, name="stable"), {}),
            (a_profile(Unparsed("SecurityPatch"), name="stable"), {}),
            (a_profile(name="stable", target="1.35"), {}),
            (a_profile(name="stable"), {"auto-upgrade.stable.freeze": "2026-08-03/2026-08-03"}),
            (a_profile(name="stable"), {"auto-upgrade.stable.start": "manual"}),
        ],
    )
    def test_a_kubernetes_run_that_is_held_back_does_not_go_first(
        self, kubernetes: Profile, tags: dict[str, str]
    ) -> None:
        assert decide(self.given(kubernetes=kubernetes, tags=tags)).outcome is Outcome.GENERATE

    def test_only_members_that_both_are_due_for_wait(self) -> None:
        decision = decide(self.given(self.behind(), self.behind("two", "1.35.6")))

        assert actions_of(decision) == {"one": MemberAction.WAIT, "two": MemberAction.UPGRADE}

    def test_a_kubernetes_run_on_other_members_is_not_waited_for(self) -> None:
        given = self.given(
            self.behind(version="1.35.6"),
            self.behind("two", group="two"),
            kubernetes=a_profile(name="stable", strategy="strategy"),
            strategies=[a_strategy("two")],
        )
        only_one = replace(given, profile=replace(self.images, update_strategy_id=a_strategy("all", name="a").id))
        strategies = {strategy.id: strategy for strategy in (a_strategy("two"), a_strategy("all", name="a"))}

        decision = decide(replace(only_one, fleet=replace(given.fleet, strategies=strategies)))

        assert decision.outcome is Outcome.GENERATE

    def test_the_wait_for_the_kubernetes_run_ends_with_busy_wait_and_then_nothing_is_skipped(self) -> None:
        decision = decide(self.given(waiting_since=NOW - timedelta(hours=6)))

        assert decision.outcome is Outcome.GENERATE
        assert actions_of(decision) == {"one": MemberAction.UPGRADE}
        assert reasons_of(decision) == {"one": MemberReason.BELOW_TARGET}

    def test_a_person_who_asks_for_the_node_images_does_not_wait_for_the_kubernetes_run(self) -> None:
        assert decide(self.given(on_demand=Intent.UPGRADE)).outcome is Outcome.GENERATE

    def test_a_request_for_the_node_images_enables_no_kubernetes_profile_that_would_go_first(self) -> None:
        disabled = a_profile(name="stable", disabled=True)

        assert "Not waited for" not in decide(self.given(kubernetes=disabled, on_demand=Intent.UPGRADE)).sentence

    def test_while_the_kubernetes_run_is_in_progress_its_members_are_waited_for(self) -> None:
        given = self.given()
        own = first_specification(replace(given, profile=self.stable))

        decision = decide(with_runs(given, run_of(own, members={"one": STATES.RUNNING})))

        assert reasons_of(decision) == {"one": MemberReason.IN_ANOTHER_RUN}

    def test_once_the_kubernetes_run_has_brought_the_images_no_other_run_is_needed(self) -> None:
        up_to_date = a_member(a_cluster("1.35.6"))

        assert decide(self.given(up_to_date)).reason is Reason.UP_TO_DATE


class TestLookAgain:
    """What was started meanwhile, by someone who decided at the same moment, is seen before the start."""

    def decided(self, **changes: object) -> Decision:
        return decide(facts(members=[member(), member("two")], **changes))  # type: ignore[arg-type] # passed on

    def test_what_is_still_free_is_started(self) -> None:
        decision = self.decided()
        own = a_run(specification_of(decision).name, members={"one": STATES.RUNNING})

        assert look_again(decision, [own, in_run(one=STATES.COMPLETED)], own.id, NOW) == decision

    def test_a_run_that_overlaps_with_one_started_meanwhile_is_not_started_yet(self) -> None:
        decision = look_again(self.decided(), [in_run(two=STATES.NOT_STARTED)], a_run("own").id, NOW)

        assert verdict(decision) == WAITING
        assert actions_of(decision) == {"one": MemberAction.UPGRADE, "two": MemberAction.WAIT}
        assert decision.waiting_since == NOW
        assert "without those that are still busy at 2026-08-03 12:00 UTC." in decision.sentence

    @pytest.mark.parametrize("hours", [6, 7])
    def test_the_wait_that_had_ended_is_not_begun_again(self, hours: int) -> None:
        since = NOW - timedelta(hours=hours)
        decision = replace(self.decided(), waiting_since=since)

        waiting = look_again(decision, [in_run(two=STATES.RUNNING)], a_run("own").id, NOW)

        assert waiting.waiting_since == since
        assert waiting.sentence.endswith("without those that are still busy at the next evaluation.")

    def test_a_member_that_needs_no_upgrade_is_skipped_if_another_run_has_it(self) -> None:
        decision = decide(facts(members=[member(), member("two", version="1.35.6")]))

        again = look_again(decision, [in_run(two=STATES.RUNNING)], a_run("own").id, NOW)

        assert again.outcome is Outcome.GENERATE
        assert again.members_to_skip == ("two",)

    def test_a_member_that_is_upgraded_by_policy_although_it_is_in_another_run_is_not_waited_for(self) -> None:
        other = in_run(two=STATES.RUNNING)
        policy = {"busy-clusters": "upgrade", "busy-wait": "PT0S"}
        decision = self.decided(runs=[other], policy=policy)
        assert decision.outcome is Outcome.GENERATE

        assert look_again(decision, [other], a_run("own").id, NOW) == decision
