"""Timer: evaluates everything, so that whatever an event lost is found."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("reconcile")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_RECONCILE_SCHEDULE%")
def reconcile(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Decide every profile, and hand on those that are due."""
    from functions.observed import observed
    from shared.composition import services
    from shared.use_cases.evaluate_estate import evaluate_estate

    with observed("reconcile"):
        evaluate_estate(services(), trigger="reconcile")
