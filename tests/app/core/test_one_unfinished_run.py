"""A profile has one unfinished run: a start or restart of another asks first, and looks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.waits import look_again
from tests.app.builders import NOW, a_profile, a_run, facts, run_of, with_runs
from tests.app.core.reading import first_specification, specification_of, verdict

PROFILE = a_profile()
OTHER = KubernetesVersion.parse("1.34.9")
DONE = {"one": UpdateState.COMPLETED}
"""Every member is done, and the run waits for something else, such as a gate."""


def older(version: str = "1.35.5", state: UpdateState = UpdateState.PENDING) -> UpdateRun:
    """Another run of the profile, which no longer needs its clusters."""
    return a_run("older", state, version=version, profile=PROFILE, members=DONE)


def own(state: UpdateState, other: UpdateRun, active_run: str = "wait", on_demand: Intent | None = None) -> Facts:
    """The wanted run, which the app generated to be started, beside another one of the profile."""
    given = facts(PROFILE, policy={"active-run": active_run, "retry": "1"}, on_demand=on_demand)
    run = run_of(first_specification(given), state, completed_at=NOW - timedelta(hours=1))
    return with_runs(given, other, run, records={run.name: RunRecord(Intent.UPGRADE)})


@pytest.mark.parametrize("state", [UpdateState.NOT_STARTED, UpdateState.FAILED])
class TestExistingRun:
    """The wanted run exists and would be started or restarted."""

    def test_it_waits_for_the_other_one(self, state: UpdateState) -> None:
        decision = decide(own(state, older()))

        assert verdict(decision) == (Outcome.WAITING, Reason.ACTIVE_RUN)
        assert decision.sentence == "An update run of this profile is unfinished: older. 1.35.6 comes after it."
        assert (decision.restarts, decision.failed_at) == (0, None)

    def test_an_older_one_is_stopped_for_it_where_the_policy_says_so(self, state: UpdateState) -> None:
        decision = decide(own(state, older(), "replace"))

        assert verdict(decision) == (Outcome.REPLACE, Reason.ACTIVE_RUN_REPLACED)
        assert decision.runs_to_stop == (older().id,)

    def test_a_newer_one_is_not_stopped(self, state: UpdateState) -> None:
        assert decide(own(state, older("1.35.7"), "replace")).reason is Reason.ACTIVE_RUN

    def test_with_ignore_it_does_not_wait(self, state: UpdateState) -> None:
        assert decide(own(state, older(), "ignore")).starts_run

    def test_nor_does_a_person_who_asks(self, state: UpdateState) -> None:
        assert decide(own(state, older(), on_demand=Intent.UPGRADE)).starts_run

    @pytest.mark.parametrize("ended", [UpdateState.COMPLETED, UpdateState.STOPPED, UpdateState.NOT_STARTED])
    def test_one_that_fleet_does_not_work_on_keeps_nothing_back(self, state: UpdateState, ended: UpdateState) -> None:
        assert decide(own(state, older(state=ended))).starts_run


@pytest.mark.parametrize("channel", list(Channel))
def test_a_run_from_before_the_channel_was_changed_is_waited_for(channel: Channel) -> None:
    before = replace(first_specification(facts(PROFILE)), channel=channel, kubernetes_version=OTHER)
    run = run_of(before, members=DONE)

    assert decide(facts(PROFILE, runs=[run])).reason is Reason.ACTIVE_RUN


class TestLookAgain:
    """Another run of the profile was started after the decision."""

    def again(self, other: UpdateRun, active_run: str = "wait", *, on_demand: bool = False) -> Decision:
        decision = decide(facts(PROFILE, policy={"active-run": active_run}))
        mine = a_run(specification_of(decision).name, members=DONE)
        return look_again(decision, [mine, other], mine.id, NOW, on_demand=on_demand)

    @pytest.mark.parametrize("active_run", ["wait", "replace"])
    def test_it_is_waited_for(self, active_run: str) -> None:
        decision = self.again(older(), active_run)

        assert verdict(decision) == (Outcome.WAITING, Reason.ACTIVE_RUN)
        assert decision.sentence == "An update run of this profile is unfinished: older. 1.35.6 comes after it."
        assert not decision.starts_run

    def test_not_with_ignore(self) -> None:
        assert self.again(older(), "ignore").starts_run

    def test_not_for_a_person_who_asks(self) -> None:
        assert self.again(older(), on_demand=True).starts_run

    def test_not_for_a_run_of_another_profile(self) -> None:
        assert self.again(replace(older(), auto_upgrade_profile_id=a_profile(name="other").id)).starts_run

    def test_a_restart_that_waits_is_not_counted(self) -> None:
        decision = replace(decide(facts(PROFILE)), outcome=Outcome.RETRY, restarts=2)

        assert look_again(decision, [older()], a_run("own").id, NOW).restarts == 0
