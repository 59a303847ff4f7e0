"""Event Grid: an approval gate of an update run was reached, approved or deleted."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("gate_events")
@blueprint.event_grid_trigger(arg_name="event")
def gate_events(event: func.EventGridEvent) -> None:
    """Look at the gate's run, and tell telemetry of the gates in it that wait for approval."""
    from functions.incoming import incoming_event
    from functions.observed import observed
    from shared.composition import services
    from shared.events import read_gate_run
    from shared.use_cases.watch_gates import watch_gates

    with observed("gate event"):
        watch_gates(services(), read_gate_run(incoming_event(event)))
