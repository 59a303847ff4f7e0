"""Event Grid: a release was detected, by this app or by AKS itself."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("release_events")
@blueprint.event_grid_trigger(arg_name="event")
def release_events(event: func.EventGridEvent) -> None:
    """Evaluate every profile, unless that was done since the event was raised."""
    from functions.incoming import incoming_event, trace_parent_of
    from functions.observed import observed
    from shared.composition import services
    from shared.events import read_release_notice
    from shared.use_cases.evaluate_estate import evaluate_after_event

    with observed("release event", trace_parent_of(event)):
        notice = read_release_notice(incoming_event(event))
        evaluate_after_event(services(), notice.time, trigger=f"release in {notice.about}")
