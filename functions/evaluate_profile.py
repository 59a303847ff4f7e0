"""Event Grid: one profile looks due."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("evaluate_profile")
@blueprint.event_grid_trigger(arg_name="event")
def evaluate_profile(event: func.EventGridEvent) -> None:
    """Decide the profile on fresh facts, and generate and start its run if that is what follows."""
    from functions.incoming import incoming_event, trace_parent_of
    from functions.observed import observed
    from shared.composition import services
    from shared.events import read_due_profile
    from shared.use_cases.act_on_profile import act_on_profile

    with observed("evaluate profile", trace_parent_of(event)):
        act_on_profile(services(), read_due_profile(incoming_event(event)))
