"""Timers: detect new releases, request an evaluation of all profiles, and watch the update runs in progress."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("detect_releases")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_DETECT_SCHEDULE%")
def detect_releases(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Read what the regions in use offer, and publish what is new."""
    from functions.instrumented import instrumented
    from shared.composition import services, settings
    from shared.use_cases import detect_releases as use_case

    with instrumented("detect releases"):
        use_case.detect_releases(services(), settings().catalog_max_age)


@blueprint.function_name("reconcile")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_RECONCILE_SCHEDULE%")
def reconcile(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Request an evaluation of all profiles: it finds what a lost event would have found."""
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.use_cases.requested_evaluation import request_evaluation

    with instrumented("reconcile"):
        request_evaluation(services(), "reconcile", "reconcile")


@blueprint.function_name("watch_runs")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_WATCH_SCHEDULE%")
def watch_runs(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Report the runs in progress, and enqueue profiles for which a restart or the next run is due."""
    from functions.instrumented import instrumented
    from shared.composition import services
    from shared.use_cases import watch_runs as use_case

    with instrumented("watch runs"):
        use_case.watch_runs(services())
