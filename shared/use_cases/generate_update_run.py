"""Generates the update run of one profile on demand, for review or to start it at once."""

from __future__ import annotations

from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent
from shared.errors import UserMustFixError
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.services import Services


class RunRefusedError(UserMustFixError):
    """There is no run to return, or it cannot be started; the decision has the reason."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(decision.sentence)


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
    action = act_on_profile(services, profile_id, Intent.UPGRADE if start else Intent.REVIEW)
    if action.run is None or (start and action.decision.refuses_start):
        raise RunRefusedError(action.decision)
    return action.run.id
