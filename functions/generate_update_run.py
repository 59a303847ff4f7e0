"""HTTP: generates the update run of one profile on demand, answering as ARM does."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.profile_route import PROFILE_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("generate_update_run")
@blueprint.route(route=f"{PROFILE_ROUTE}/generateUpdateRun", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
def generate_update_run(req: func.HttpRequest) -> func.HttpResponse:
    """Create the run for review; with `{"start": true}` start it too. A run that is there already is given back."""
    from functions.http.arm_answers import answer_error, json_answer
    from functions.http.generate_request import read_generate_request
    from functions.observed import observed
    from shared.composition import services
    from shared.use_cases.generate_update_run import generate_update_run as use_case

    with observed("generate on demand"):
        try:
            request = read_generate_request(req)
            run_id = use_case(services(), request.profile_id, start=request.start)
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an answer, and bugs are logged there
            return answer_error(error, "generate_update_run")
        return json_answer(200, {"id": str(run_id)})
