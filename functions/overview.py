"""HTTP: what the last evaluation left in the ledger, one update run as it is now, releases, and the app's health."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import READ, http_function
from functions.http.profile_route import PROFILE_ROUTE
from functions.http.resource_routes import FLEET_ROUTE, RUN_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("list_fleets")
@blueprint.route(route="fleets", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("list fleets", READ)
def list_fleets(req: func.HttpRequest) -> func.HttpResponse:
    """All fleets and profiles, those first that need a person."""
    from functions.http.cached_response import cached_json
    from functions.http.overview_response import fleets_json
    from functions.http.paging import read_page
    from shared.composition import services
    from shared.use_cases.overview import read_overview

    page = read_page(req, "/api/fleets")
    return cached_json(req, fleets_json(read_overview(services()), page))


@blueprint.function_name("show_fleet")
@blueprint.route(route=FLEET_ROUTE, methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show fleet", READ)
def show_fleet(req: func.HttpRequest) -> func.HttpResponse:
    """One fleet with all of its profiles."""
    from functions.http.cached_response import cached_json
    from functions.http.overview_response import fleet_json
    from functions.http.paging import reject_parameters
    from functions.http.resource_routes import fleet_id_of
    from shared.composition import services
    from shared.use_cases.overview import read_fleet_overview

    reject_parameters(req)
    return cached_json(req, fleet_json(read_fleet_overview(services(), fleet_id_of(req))))


@blueprint.function_name("show_profile")
@blueprint.route(route=PROFILE_ROUTE, methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show profile", READ)
def show_profile(req: func.HttpRequest) -> func.HttpResponse:
    """One profile: its last decision, what each region offers, and its runs."""
    from functions.http.cached_response import cached_json
    from functions.http.overview_response import profile_json
    from functions.http.paging import reject_parameters
    from functions.http.profile_route import profile_id_of
    from shared.composition import services
    from shared.use_cases.overview import read_profile_view

    reject_parameters(req)
    return cached_json(req, profile_json(read_profile_view(services(), profile_id_of(req))))


@blueprint.function_name("find_members")
@blueprint.route(route="members", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("find members", READ)
def find_members(req: func.HttpRequest) -> func.HttpResponse:
    """Clusters whose names contain a text, with the last decision on each."""
    from functions.http.cached_response import cached_json
    from functions.http.members_response import members_json, read_name
    from shared.composition import services
    from shared.use_cases.find_members import find_members as use_case

    return cached_json(req, members_json(use_case(services(), read_name(req))))


@blueprint.function_name("show_run")
@blueprint.route(route=RUN_ROUTE, methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show run", READ, is_limited=True)
def show_run(req: func.HttpRequest) -> func.HttpResponse:
    """One update run with its stages, groups, members and gates, read from Fleet."""
    from functions.http.cached_response import cached_json
    from functions.http.paging import reject_parameters
    from functions.http.resource_routes import run_id_of
    from functions.http.run_response import run_json
    from shared.composition import services
    from shared.use_cases.managed import require_managed
    from shared.use_cases.run_detail import read_run

    reject_parameters(req)
    run_id = run_id_of(req)
    require_managed(services(), run_id)
    return cached_json(req, run_json(read_run(services(), run_id)))


@blueprint.function_name("list_releases")
@blueprint.route(route="releases", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("list releases", READ)
def list_releases(req: func.HttpRequest) -> func.HttpResponse:
    """Versions and images by region, and since when each region has offered them."""
    from functions.http.cached_response import cached_json
    from functions.http.paging import read_page
    from functions.http.releases_response import releases_json
    from shared.composition import services

    page, ports = read_page(req, "/api/releases"), services()
    seen, detected_at = ports.overview.releases(), ports.ledger.last_detection()
    return cached_json(req, releases_json(seen, detected_at, ports.clock.now(), page))


@blueprint.function_name("show_health")
@blueprint.route(route="health", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@http_function("show health", READ)
def show_health(req: func.HttpRequest) -> func.HttpResponse:
    """The app's last activities, what could not be read, and its queues."""
    from functions.http.cached_response import cached_json
    from functions.http.health_response import health_json
    from functions.http.paging import reject_parameters
    from shared.composition import services, start_telemetry
    from shared.use_cases.app_health import read_health

    reject_parameters(req)
    return cached_json(req, health_json(read_health(services(), start_telemetry())))
