"""Timer: detects newly published Kubernetes versions and node images."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("detect_releases")
@blueprint.timer_trigger(arg_name="timer", schedule="%AUTO_UPGRADE_DETECT_SCHEDULE%")
def detect_releases(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
    """Read what the regions in use offer, and publish what is new."""
    from functions.observed import observed
    from shared.composition import services, settings
    from shared.use_cases import detect_releases as use_case

    with observed("detect releases"):
        use_case.detect_releases(services(), settings().catalog_max_age)
