"""Generates the update run of one profile on demand, for review or to start it at once."""

from __future__ import annotations

from dataclasses import replace

from shared.core.decision import Decision
from shared.core.holds import freeze_hold
from shared.core.model.ids import ResourceId
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import Reason
from shared.errors import UserMustFixError
from shared.use_cases.act_on_profile import Action, ActionRequest, act_on_profile
from shared.use_cases.run_writer import RunWriter
from shared.use_cases.services import Services


class RunRefusedError(UserMustFixError):
    """There is no run to return, or it cannot be started; the decision has the reason."""

    def __init__(self, decision: Decision, sentence: str) -> None:
        self.decision = decision
        super().__init__(sentence)


def generate_update_run(services: Services, profile_id: ResourceId, *, start: bool) -> ResourceId:
    """The id of the profile's run: created now, or an existing one with the same specification.

    Args:
        services: the ports.
        profile_id: the profile; it may be disabled, as in Azure.
        start: start the run too, unless it was started before.

    Raises:
        RunRefusedError: nothing to upgrade, a hold, or an existing run that must be started in Fleet itself.
        NotFoundError: the profile does not exist.
        NotReadyError: a trigger is creating the same run at this moment.
    """
    action = act_on_profile(services, profile_id, ActionRequest(trigger="http", on_demand=True, start=start))
    if action.run is None:
        raise RunRefusedError(action.decision, action.decision.sentence)
    if start:
        _ensure_started(services, action, action.run)
    return action.run.id


_STANDS_BY_ITSELF = frozenset(
    {
        Reason.RUN_FAILED,
        Reason.RUN_STOPPED,
        Reason.RUN_STATE_UNKNOWN,
        Reason.RETRY_WAITS,
        Reason.RETRIES_EXHAUSTED,
        Reason.NATIVE_RUN_DISAGREES,
        Reason.FREEZE,
        Reason.CLUSTERS_STOPPED,
    }
)
"""Reasons that a request on demand does not override: the run can still be started in Fleet itself."""


def _ensure_started(services: Services, action: Action, run: UpdateRun) -> None:
    """Start a run that was created for review. A run that failed or was stopped is not restarted on demand."""
    decision = action.decision
    if decision.reason in _STANDS_BY_ITSELF:
        raise RunRefusedError(decision, decision.sentence)
    if run.state is UpdateState.NOT_STARTED and not action.started:
        frozen = freeze_hold(services.clock.now(), decision.policy)
        if frozen is not None:
            raise RunRefusedError(replace(decision, outcome=frozen.outcome, reason=frozen.reason), frozen.sentence)
        RunWriter(services, decision).start(run)
