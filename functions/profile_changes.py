"""HTTP: what a profile would do before it exists, evaluating now, and creating, changing or deleting profiles."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import ACT, READ, http_function
from functions.http.profile_route import PROFILE_ROUTE
from functions.http.resource_routes import FLEET_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("preview_new_profile")
@blueprint.route(route=f"{FLEET_ROUTE}/preview", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@http_function("preview new profile", READ, is_limited=True)
def preview_new_profile(req: func.HttpRequest) -> func.HttpResponse:
    """Decide the profile in the body as if the fleet had it, and change nothing."""
    from functions.http.preview_request import read_assumptions
    from functions.http.profile_body import read_new_profile
    from functions.http.resource_routes import fleet_id_of
    from functions.http.responses import json_response
    from shared.composition import services, settings
    from shared.decision_json import decision_json
    from shared.use_cases.decide_profile import decide_new_profile
    from shared.use_cases.managed import require_managed

    fleet_id = fleet_id_of(req)
    require_managed(services(), fleet_id)
    profile = read_new_profile(req.get_body(), fleet_id, is_preview=settings().uses_fleet_preview)
    return json_response(200, decision_json(decide_new_profile(services(), profile, read_assumptions(req))))


@blueprint.function_name("evaluate_all_now")
@blueprint.route(route="evaluate", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@http_function("evaluate all now", ACT, is_limited=True)
def evaluate_all_now(req: func.HttpRequest) -> func.HttpResponse:
    """Have all profiles evaluated, unless an evaluation is on its way."""
    from uuid import uuid4

    from functions.http.paging import reject_parameters
    from functions.http.responses import json_response
    from shared.composition import services
    from shared.use_cases.requested_evaluation import request_evaluation

    reject_parameters(req)
    request_evaluation(services(), f"person {uuid4()}", "person")
    return json_response(202, {"sentence": "All profiles are evaluated soon."})


@blueprint.function_name("evaluate_profile_now")
@blueprint.route(route=f"{PROFILE_ROUTE}/evaluate", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@http_function("evaluate profile now", ACT, is_limited=True)
def evaluate_profile_now(req: func.HttpRequest) -> func.HttpResponse:
    """Have one profile evaluated, and acted on as by any trigger."""
    from functions.http.paging import reject_parameters
    from functions.http.profile_route import profile_id_of
    from functions.http.responses import json_response
    from shared.composition import services
    from shared.use_cases.managed import require_managed

    reject_parameters(req)
    profile_id = profile_id_of(req)
    require_managed(services(), profile_id)
    services().queues.evaluate_profiles([services().fleets.read_profile(profile_id).id])
    return json_response(202, {"sentence": "The profile is evaluated soon; its status shows the result."})


@blueprint.function_name("show_capabilities")
@blueprint.route(route="capabilities", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show capabilities", READ)
def show_capabilities(req: func.HttpRequest) -> func.HttpResponse:
    """What this app allows, by its settings."""
    from functions.http.cached_response import cached_json
    from functions.http.paging import reject_parameters
    from functions.http.profiles_response import capabilities_json
    from shared.composition import http_settings, settings

    reject_parameters(req)
    return cached_json(req, capabilities_json(settings(), http_settings()))


@blueprint.function_name("list_strategies")
@blueprint.route(route=f"{FLEET_ROUTE}/updateStrategies", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("list strategies", READ, is_limited=True)
def list_strategies(req: func.HttpRequest) -> func.HttpResponse:
    """The update strategies of a fleet, read from Fleet."""
    from functions.http.cached_response import cached_json
    from functions.http.paging import reject_parameters
    from functions.http.profiles_response import strategies_json
    from functions.http.resource_routes import fleet_id_of
    from shared.composition import services
    from shared.use_cases.managed import require_managed

    reject_parameters(req)
    fleet_id = fleet_id_of(req)
    require_managed(services(), fleet_id)
    return cached_json(req, strategies_json(services().profiles.read_strategies(fleet_id)))


@blueprint.function_name("show_settings")
@blueprint.route(route=f"{PROFILE_ROUTE}/settings", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show settings", READ, is_limited=True)
def show_settings(req: func.HttpRequest) -> func.HttpResponse:
    """The profile's settings as they are now, read from Fleet, with its ETag there."""
    from functions.http.cached_response import cached_json
    from functions.http.paging import reject_parameters
    from functions.http.profile_route import profile_id_of
    from functions.http.profiles_response import stored_profile_json
    from shared.composition import services
    from shared.use_cases.managed import require_managed

    reject_parameters(req)
    profile_id = profile_id_of(req)
    require_managed(services(), profile_id)
    return cached_json(req, stored_profile_json(services().profiles.read_stored(profile_id)))


@blueprint.function_name("write_profile")
@blueprint.route(route=PROFILE_ROUTE, methods=["PUT"], auth_level=func.AuthLevel.FUNCTION)
@http_function("write profile", ACT, is_limited=True)
def write_profile(req: func.HttpRequest) -> func.HttpResponse:
    """Create or replace the profile; with `If-None-Match: *` only create it, with `If-Match` only replace that one."""
    from functions.http.paging import reject_parameters
    from functions.http.profile_body import read_profile_to_write
    from functions.http.profile_route import profile_id_of
    from functions.http.responses import json_response
    from shared.composition import http_settings, services, settings
    from shared.use_cases.managed import require_managed
    from shared.use_cases.write_profile import write_profile as use_case

    reject_parameters(req)
    profile_id = profile_id_of(req)
    require_managed(services(), profile_id)
    is_preview = settings().uses_fleet_preview
    profile = read_profile_to_write(req.get_body(), profile_id, is_preview=is_preview)
    only_new = req.headers.get("If-None-Match", "").strip() == "*"
    use_case(services(), profile, http_settings(), only_new=only_new, etag=req.headers.get("If-Match") or None)
    return json_response(200, {"id": profile_id.text})


@blueprint.function_name("delete_profile")
@blueprint.route(route=PROFILE_ROUTE, methods=["DELETE"], auth_level=func.AuthLevel.FUNCTION)
@http_function("delete profile", ACT, is_limited=True)
def delete_profile(req: func.HttpRequest) -> func.HttpResponse:
    """Delete the profile. Its update runs stay; those in progress continue."""
    from functions.http.paging import reject_parameters
    from functions.http.profile_route import profile_id_of
    from shared.composition import http_settings, services
    from shared.use_cases.managed import require_managed
    from shared.use_cases.write_profile import delete_profile as use_case

    reject_parameters(req)
    profile_id = profile_id_of(req)
    require_managed(services(), profile_id)
    use_case(services(), profile_id, http_settings())
    return func.HttpResponse(status_code=204)
