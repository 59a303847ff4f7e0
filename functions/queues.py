"""Queues: evaluate all profiles, evaluate one, or read the gates of an update run.

The app sends itself these messages, so that events and timers end at once and instances share the work. A message may
come twice: the use cases allow for that.
"""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

STORAGE = "AzureWebJobsStorage"
"""The connection of the triggers: the host's own storage account, reached with the app's identity."""

blueprint = new_blueprint()


@blueprint.function_name("evaluate_estate")
@blueprint.queue_trigger(arg_name="message", queue_name="evaluate-estate", connection=STORAGE)
def evaluate_estate(message: func.QueueMessage) -> None:
    """Evaluate all profiles, unless that is done already or another instance does it."""
    from functions.queue_message import handled
    from shared.composition import services
    from shared.messages import read_message
    from shared.use_cases.requested_evaluation import evaluate_if_requested

    with handled("evaluate estate", message):
        read_message(message.get_body())
        evaluate_if_requested(services(), message.id or "")


@blueprint.function_name("evaluate_profile")
@blueprint.queue_trigger(arg_name="message", queue_name="evaluate-profile", connection=STORAGE)
def evaluate_profile(message: func.QueueMessage) -> None:
    """Decide one profile on fresh facts, and act on the decision: generate and start its run if it is due."""
    from functions.queue_message import handled
    from shared.composition import services
    from shared.messages import profile_of, read_message
    from shared.use_cases.act_on_profile import act_on_profile

    with handled("evaluate profile", message):
        act_on_profile(services(), profile_of(read_message(message.get_body())))


@blueprint.function_name("watch_gates")
@blueprint.queue_trigger(arg_name="message", queue_name="watch-gates", connection=STORAGE)
def watch_gates(message: func.QueueMessage) -> None:
    """Read the run of an approval gate, and report its gates that wait for approval. The app approves none."""
    from functions.queue_message import handled
    from shared.composition import services
    from shared.messages import read_message, run_of
    from shared.use_cases.watch_gates import watch_gates as use_case

    with handled("watch gates", message):
        use_case(services(), run_of(read_message(message.get_body())))
