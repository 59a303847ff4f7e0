"""Timer: follows runs under way, and does what comes after them."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("watch_runs")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_WATCH_SCHEDULE%")
def watch_runs(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Tell where runs stand, and hand on profiles for which a restart or the next run is due."""
    from functions.observed import observed
    from shared.composition import services
    from shared.use_cases import watch_runs as use_case

    with observed("watch runs"):
        use_case.watch_runs(services())
