"""A run that follows another one for the same target, where the first one was deleted."""

from __future__ import annotations

import pytest

from shared.core.decision import Decision
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from tests.app.builders import UBUNTU, a_catalog, a_profile, a_region, facts, run_of, with_runs
from tests.app.core.reading import first_specification, verdict

COMPLETED, FAILED, SKIPPED = UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.SKIPPED


class TestDeletedFirst:
    """The first run for the target was deleted, and the one that follows it exists."""

    def decided(self, state: UpdateState) -> Decision:
        given = facts()
        follow_up = run_of(first_specification(given).following("deleted"), state)
        return decide(with_runs(given, follow_up, records={follow_up.name: RunRecord(Intent.UPGRADE)}))

    def test_no_second_run_is_generated_beside_it(self) -> None:
        assert self.decided(UpdateState.NOT_STARTED).outcome is Outcome.START
        assert self.decided(UpdateState.RUNNING).reason is Reason.RUN_IN_PROGRESS
        assert self.decided(UpdateState.FAILED).reason is Reason.RUN_FAILED

    @pytest.mark.parametrize("state", [COMPLETED, SKIPPED])
    def test_once_it_is_finished_the_first_one_is_repeated(self, state: UpdateState) -> None:
        assert verdict(self.decided(state)) == (Outcome.GENERATE, Reason.UPGRADE_DUE)

    def test_of_two_the_one_in_progress_counts(self) -> None:
        given = facts()
        first = first_specification(given)
        runs = [run_of(first.following(name), state) for name, state in (("a", FAILED), ("b", UpdateState.RUNNING))]

        for order in (runs, runs[::-1]):
            assert decide(with_runs(given, *order)).run_id == runs[1].id

    def test_one_of_node_images_may_be_for_others(self) -> None:
        newer = a_catalog(a_region("1.35.5", images={UBUNTU: "202608.01.0"}))
        given = facts(a_profile(Channel.NODE_IMAGE), catalog=newer)
        follow_up = run_of(first_specification(given).following("deleted"), UpdateState.NOT_STARTED)

        decision = decide(with_runs(given, follow_up, records={follow_up.name: RunRecord(Intent.UPGRADE)}))

        assert decision.outcome is Outcome.GENERATE
