"""HTTP: generate the update run of one profile, preview its decision, or read its status. Routes are those of ARM."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import ACT, READ, http_function
from functions.http.profile_route import PROFILE_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("generate_update_run")
@blueprint.route(route=f"{PROFILE_ROUTE}/generateUpdateRun", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@http_function("generate on demand", ACT, is_limited=True)
def generate_update_run(req: func.HttpRequest) -> func.HttpResponse:
    """Create the run for review, or with `{"start": true}` start it. The response may name an existing run."""
    from functions.http.generate_request import read_generate_request
    from functions.http.responses import json_response
    from shared.composition import services
    from shared.use_cases.generate_update_run import generate_update_run as use_case
    from shared.use_cases.managed import require_managed

    request = read_generate_request(req)
    require_managed(services(), request.profile_id)
    run_id = use_case(services(), request.profile_id, start=request.start)
    return json_response(200, {"id": str(run_id)})


@blueprint.function_name("preview_profile")
@blueprint.route(route=f"{PROFILE_ROUTE}/preview", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("preview profile", READ, is_limited=True)
def preview_profile(req: func.HttpRequest) -> func.HttpResponse:
    """Decide the profile as a trigger would, now or under other assumptions, and change nothing."""
    from functions.http.preview_request import read_preview_request
    from functions.http.responses import json_response
    from shared.composition import services
    from shared.decision_json import decision_json
    from shared.use_cases.decide_profile import decide_and_capture, decide_profile
    from shared.use_cases.managed import require_managed

    request = read_preview_request(req)
    require_managed(services(), request.profile_id)
    if request.wants_facts:
        decision, facts = decide_and_capture(services(), request.profile_id, request.options)
        return json_response(200, {**decision_json(decision), "facts": facts})
    return json_response(200, decision_json(decide_profile(services(), request.profile_id, request.options)))


@blueprint.function_name("profile_status")
@blueprint.route(route=f"{PROFILE_ROUTE}/status", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("profile status", READ)
def profile_status(req: func.HttpRequest) -> func.HttpResponse:
    """The last trigger in the form of Azure's `autoUpgradeProfileStatus`, and the last decision."""
    from functions.http.profile_route import profile_id_of
    from functions.http.responses import json_response
    from functions.http.status_response import status_json
    from shared.composition import services
    from shared.use_cases.managed import require_managed
    from shared.use_cases.profile_status import read_status

    profile_id = profile_id_of(req)
    require_managed(services(), profile_id)
    return json_response(200, status_json(read_status(services(), profile_id)))
