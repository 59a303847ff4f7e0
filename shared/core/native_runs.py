"""Native runs: those that Fleet generates itself, which are checked against the decision before they are started."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import NodeImageSelection
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun
from shared.core.policies.policy import Generator
from shared.core.reasons import Outcome, Reason
from shared.core.runs.wanted_run import FINISHED, differences_between

ASKED_AGAIN_AFTER = timedelta(days=1)
"""How long Fleet is not asked again for a run instead of which it generated another. It may follow later."""


def is_for_fleet_to_generate(decision: Decision) -> bool:
    """Whether Fleet is to generate the run itself: it generates no follow-ups and no steps, and names no images.

    Only Fleet can generate runs of channel SecurityPatch.
    """
    specification, target = decision.specification, decision.target
    if specification is not None and specification.patch_week is not None:
        return True
    return (
        decision.policy.generator is Generator.NATIVE
        and specification is not None
        and specification.follows is None
        and (target is None or target.towards is None)
        and specification.node_image_selection is not NodeImageSelection.CUSTOM
    )


def checked(decision: Decision, run: UpdateRun) -> Decision:
    """The decision if Fleet generated what it wants; otherwise one that blocks, and says how the run differs."""
    differences = differences_between(run, decision.specification) if decision.specification is not None else []
    if not differences:
        return replace(decision, run_id=run.id)
    return replace(
        decision,
        outcome=Outcome.BLOCKED,
        reason=Reason.NATIVE_RUN_DISAGREES,
        sentence=f"Fleet generated {run.name}, which {' and '.join(differences)}; it is not started.",
        run_id=run.id,
    )


def unless_fleet_disagreed(decision: Decision, facts: Facts) -> Decision:
    """The decision, or that Fleet generated another run when it was asked less than a day ago, and the run is there.

    A person's request asks Fleet again.
    """
    specification = decision.specification
    if specification is None or decision.outcome is not Outcome.GENERATE or facts.on_demand is not None:
        return decision
    record = facts.run_records.get(specification.name)
    if not isinstance(record, RunRecord) or record.call is None or not is_for_fleet_to_generate(decision):
        return decision
    run = next((run for run in facts.fleet.update_runs if run.name.lower() == record.generated), None)
    if run is None or run.state in FINISHED or facts.now >= record.call.until + ASKED_AGAIN_AFTER:
        return decision
    blocked = checked(decision, run)
    return blocked if blocked.outcome is Outcome.BLOCKED else decision
