"""Event Grid: a release was detected, or an approval gate changed.

An event causes an evaluation. What the app does depends on what it then reads from Azure, not on the event. Event Grid
waits 30 seconds for a response, so these functions only take note: the work is done from a queue.
"""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("release_events")
@blueprint.event_grid_trigger(arg_name="event")
def release_events(event: func.EventGridEvent) -> None:
    """Request an evaluation of all profiles, unless one covers the event. AKS and this app raise it."""
    from functions.incoming_event import incoming_event, trace_parent_of
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.events import read_release_notice
    from shared.use_cases.requested_evaluation import request_evaluation

    with instrumented("release event", trace_parent_of(event)):
        incoming = incoming_event(event)
        notice = read_release_notice(incoming)
        request_evaluation(services(), f"event {incoming.identity}", f"release in {notice.about}", notice.time)


@blueprint.function_name("gate_events")
@blueprint.event_grid_trigger(arg_name="event")
def gate_events(event: func.EventGridEvent) -> None:
    """Enqueue the run of an approval gate, whose gates are then read."""
    from functions.incoming_event import incoming_event
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.events import read_gate_run

    with instrumented("gate event"):
        services().queues.watch_gates(read_gate_run(incoming_event(event)))
