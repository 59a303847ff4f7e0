"""Event Grid: a release was detected, a profile is due, or an approval gate changed.

An event causes an evaluation. What the app does depends on what it then reads from Azure, not on the event.
"""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("release_events")
@blueprint.event_grid_trigger(arg_name="event")
def release_events(event: func.EventGridEvent) -> None:
    """Evaluate every profile, unless an evaluation began after the event was raised. AKS and this app raise it."""
    from functions.incoming_event import incoming_event, trace_parent_of
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.events import read_release_notice
    from shared.use_cases.evaluate_estate import evaluate_after_event

    with instrumented("release event", trace_parent_of(event)):
        notice = read_release_notice(incoming_event(event))
        evaluate_after_event(services(), notice.time, trigger=f"release in {notice.about}")


@blueprint.function_name("evaluate_profile")
@blueprint.event_grid_trigger(arg_name="event")
def evaluate_profile(event: func.EventGridEvent) -> None:
    """Decide one profile on fresh facts, and act on the decision: generate and start its run if it is due."""
    from functions.incoming_event import incoming_event, trace_parent_of
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.events import read_due_profile
    from shared.use_cases.act_on_profile import act_on_profile

    with instrumented("evaluate profile", trace_parent_of(event)):
        act_on_profile(services(), read_due_profile(incoming_event(event)))


@blueprint.function_name("gate_events")
@blueprint.event_grid_trigger(arg_name="event")
def gate_events(event: func.EventGridEvent) -> None:
    """Read the run of an approval gate, and report its gates that wait for approval. The app approves none."""
    from functions.incoming_event import incoming_event
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.events import read_gate_run
    from shared.use_cases.watch_gates import watch_gates

    with instrumented("gate event"):
        watch_gates(services(), read_gate_run(incoming_event(event)))
