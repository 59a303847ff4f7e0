"""What keeps a run from being generated or started now, though it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from shared.core.decision import Decision
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import MemberReason, Outcome, Reason
from tests.app.builders import (
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    a_run,
    facts,
    run_of,
    with_runs,
)
from tests.app.core.reading import first_specification, reasons_of, verdict

HOLIDAYS = {"freeze": "2026-12-15/2027-01-05"}


class TestFreeze:
    """Nothing is generated or started in a freeze."""

    @pytest.mark.parametrize(
        ("moment", "outcome"),
        [
            (datetime(2026, 12, 14, 23, 59, tzinfo=UTC), Outcome.GENERATE),
            (datetime(2026, 12, 15, tzinfo=UTC), Outcome.WAITING),
            (datetime(2027, 1, 5, 23, 59, tzinfo=UTC), Outcome.WAITING),
            (datetime(2027, 1, 6, tzinfo=UTC), Outcome.GENERATE),
        ],
    )
    def test_it_lasts_from_the_first_day_to_the_last_inclusive(self, moment: datetime, outcome: Outcome) -> None:
        assert decide(facts(policy=HOLIDAYS, now=moment)).outcome is outcome

    def test_it_says_which_one_it_is_and_when_it_ends(self) -> None:
        policy = {"freeze": "2026-08-01/2026-08-09,2026-08-03/2026-08-05,2026-12-15/2027-01-05"}

        decision = decide(facts(policy=policy))

        assert verdict(decision) == (Outcome.WAITING, Reason.FREEZE)
        assert decision.sentence == (
            "Frozen by policy (2026-08-01/2026-08-09, 2026-08-03/2026-08-05); it continues after 2026-08-09, in UTC."
        )
        assert decision.until == datetime(2026, 8, 10, tzinfo=UTC)

    def test_it_ends_after_the_last_of_the_periods_that_follow_without_a_day_between(self) -> None:
        policy = {"freeze": "2026-08-09/2026-08-12,2026-08-01/2026-08-08,2026-08-14/2026-08-20"}

        assert decide(facts(policy=policy)).until == datetime(2026, 8, 13, tzinfo=UTC)

    def test_it_may_last_for_ever(self) -> None:
        decision = decide(facts(policy={"freeze": "2026-08-01/9999-12-31"}))

        assert (decision.reason, decision.until) == (Reason.FREEZE, None)

    def test_a_person_who_asks_is_held_back_too(self) -> None:
        assert (
            decide(facts(policy={"freeze": "2026-08-03/2026-08-03"}, on_demand=Intent.REVIEW)).reason is Reason.FREEZE
        )

    def test_where_nothing_is_due_it_is_not_spoken_of(self) -> None:
        given = facts(members=[a_member(a_cluster("1.35.6"))], policy={"freeze": "2026-08-03/2026-08-03"})

        assert decide(given).reason is Reason.UP_TO_DATE

    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            (UpdateState.NOT_STARTED, Reason.FREEZE),
            (UpdateState.FAILED, Reason.FREEZE),
            (UpdateState.RUNNING, Reason.RUN_IN_PROGRESS),
            (UpdateState.STOPPED, Reason.RUN_STOPPED),
        ],
    )
    def test_what_would_be_started_or_restarted_waits_and_what_runs_is_left_alone(
        self, state: UpdateState, reason: Reason
    ) -> None:
        given = facts(policy={"freeze": "2026-08-03/2026-08-03", "retry": "1"})
        run = run_of(first_specification(given), state, members={"one": UpdateState.FAILED})

        decision = decide(with_runs(given, run, records={run.name: RunRecord(Intent.UPGRADE)}))

        assert decision.reason is reason
        assert decision.run_id == run.id
        assert decision.restarts == 0


class TestStoppedClusters:
    """With `stopped-clusters=fail`, nothing is generated while a cluster that needs it is stopped."""

    stopped = a_member(a_cluster(name="two", stopped=True), name="two")

    def test_by_default_they_are_skipped(self) -> None:
        decision = decide(facts(members=[a_member(), self.stopped]))

        assert decision.outcome is Outcome.GENERATE
        assert decision.members_to_skip == ("two",)

    def test_with_fail_they_stand_in_everybodys_way(self) -> None:
        decision = decide(facts(members=[a_member(), self.stopped], policy={"stopped-clusters": "fail"}))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.CLUSTERS_STOPPED)
        assert decision.sentence == "Stopped clusters, which policy stopped-clusters=fail does not skip: two."
        assert reasons_of(decision)["two"] is MemberReason.STOPPED

    def test_one_that_is_up_to_date_blocks_no_one(self) -> None:
        there = a_member(a_cluster("1.35.6", name="two", stopped=True), name="two")

        decision = decide(facts(members=[a_member(), there], policy={"stopped-clusters": "fail"}))

        assert decision.outcome is Outcome.GENERATE

    def test_with_no_cluster_stopped_the_policy_changes_nothing(self) -> None:
        assert decide(facts(policy={"stopped-clusters": "fail"})).outcome is Outcome.GENERATE

    def test_a_run_that_was_not_started_yet_is_not_started(self) -> None:
        given = facts(members=[a_member(), self.stopped], policy={"stopped-clusters": "fail"})
        run = run_of(first_specification(given), UpdateState.NOT_STARTED)

        decision = decide(with_runs(given, run, records={run.name: RunRecord(Intent.UPGRADE)}))

        assert decision.reason is Reason.CLUSTERS_STOPPED


class TestActiveRun:
    """Unfinished runs of the same profile: waited for, replaced, or ignored."""

    profile = a_profile()

    def decided(self, *runs: UpdateRun, active_run: str = "replace", on_demand: Intent | None = None) -> Decision:
        return decide(facts(self.profile, runs=runs, policy={"active-run": active_run}, on_demand=on_demand))

    def native(
        self,
        name: str = "older",
        *,
        state: UpdateState | Unparsed = UpdateState.RUNNING,
        version: str | MinorVersion | Unparsed | None = "1.35.5",
        members: Mapping[str, UpdateState] | None = None,
    ) -> UpdateRun:
        return a_run(name, state, version=version, profile=self.profile, members=members)

    def test_by_default_it_is_waited_for(self) -> None:
        decision = decide(facts(self.profile, runs=[self.native()]))

        assert verdict(decision) == (Outcome.WAITING, Reason.ACTIVE_RUN)
        assert decision.sentence == "An update run of this profile is unfinished: older. 1.35.6 comes after it."
        assert decision.runs_to_stop == ()

    def test_with_ignore_it_is_not_except_for_clusters_that_it_has_yet_to_finish(self) -> None:
        finished = self.native(members={"one": UpdateState.COMPLETED, "two": UpdateState.RUNNING})

        assert self.decided(finished, active_run="ignore").outcome is Outcome.GENERATE
        assert self.decided(self.native(), active_run="ignore").reason is Reason.MEMBERS_BUSY

    @pytest.mark.parametrize("state", [UpdateState.RUNNING, UpdateState.PENDING])
    def test_with_replace_an_older_one_is_stopped(self, state: UpdateState) -> None:
        older = self.native(state=state)

        decision = self.decided(older)

        assert verdict(decision) == (Outcome.REPLACE, Reason.ACTIVE_RUN_REPLACED)
        assert decision.sentence == "Older than 1.35.6 and stopped for it by policy: older."
        assert decision.runs_to_stop == (older.id,)

    @pytest.mark.parametrize("state", [UpdateState.STOPPING, Unparsed("Dreaming")])
    def test_one_that_is_stopping_or_in_a_state_we_do_not_know_is_waited_for(
        self, state: UpdateState | Unparsed
    ) -> None:
        assert self.decided(self.native(state=state)).reason is Reason.ACTIVE_RUN

    def test_one_for_the_newest_patch_of_an_older_minor_is_older(self) -> None:
        assert self.decided(self.native(version=MinorVersion(1, 34))).outcome is Outcome.REPLACE

    @pytest.mark.parametrize("version", ["1.35.7", "1.36.0", "1.35.6", MinorVersion(1, 35), Unparsed("newest"), None])
    def test_one_that_is_not_older_is_waited_for(self, version: str | MinorVersion | Unparsed | None) -> None:
        """One for the same version selects images another way, and is no answer to what is wanted."""
        other = a_run("other", version=version, selection=NodeImageSelection.CONSISTENT, profile=self.profile)

        assert self.decided(other).reason is Reason.ACTIVE_RUN

    def test_either_all_of_them_are_stopped_or_none(self) -> None:
        older, newer = self.native(), self.native("newer", version="1.36.0")

        assert self.decided(older, newer).reason is Reason.ACTIVE_RUN
        assert self.decided(self.native("b"), self.native("a")).runs_to_stop == (
            self.native("a").id,
            self.native("b").id,
        )

    def test_runs_of_others_are_never_stopped(self) -> None:
        assert self.decided(a_run(version="1.35.5")).runs_to_stop == ()

    def test_a_person_who_asks_waits_for_nothing_and_stops_nothing(self) -> None:
        assert self.decided(self.native(), on_demand=Intent.REVIEW).outcome is Outcome.GENERATE

    def test_a_freeze_goes_before_it(self) -> None:
        policy = {"active-run": "replace", "freeze": "2026-08-03/2026-08-03"}

        assert decide(facts(self.profile, runs=[self.native()], policy=policy)).reason is Reason.FREEZE

    @pytest.mark.parametrize(
        ("images", "outcome"),
        [
            ([f"{UBUNTU}-202607.02.0"], Outcome.REPLACE),
            ([f"{UBUNTU}-202607.02.0", f"{WINDOWS}-26100.33158.260715"], Outcome.REPLACE),
            ([f"{UBUNTU}-202607.02.0", f"{WINDOWS}-26100.40000.260801"], Outcome.WAITING),
            ([f"{WINDOWS}-26100.33158.260715"], Outcome.WAITING),
            (["AKSAzureLinux-V3-202601.01.0"], Outcome.WAITING),
            ([Unparsed("odd")], Outcome.WAITING),
            ([], Outcome.WAITING),
        ],
    )
    def test_a_run_for_images_is_older_if_one_of_its_images_is_and_none_is_newer(
        self, images: list[str | Unparsed], outcome: Outcome
    ) -> None:
        profile = a_profile(Channel.NODE_IMAGE)
        pools = [a_pool(f"{UBUNTU}-202606.08.1"), a_pool(f"{WINDOWS}-26100.7462.251212", name="windows")]
        region = a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"})
        run = a_run(
            version=None,
            upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
            selection=NodeImageSelection.CUSTOM,
            images=images,
            profile=profile,
        )

        decision = decide(
            facts(
                profile,
                [a_member(a_cluster(pools=pools))],
                a_catalog(region),
                runs=[run],
                policy={"active-run": "replace"},
            )
        )

        assert decision.outcome is outcome
