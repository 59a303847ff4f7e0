"""HTTP: what would be decided about one profile now, or under other assumptions; changes nothing."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.profile_route import PROFILE_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("preview_profile")
@blueprint.route(route=f"{PROFILE_ROUTE}/preview", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def preview_profile(req: func.HttpRequest) -> func.HttpResponse:
    """Decide the profile as a trigger would, and answer with the whole decision."""
    from functions.http.arm_answers import answer_error, json_answer
    from functions.http.preview_request import read_preview_request
    from functions.observed import observed
    from shared.composition import services
    from shared.decision_json import decision_json
    from shared.use_cases.evaluate_profile import evaluate_profile

    with observed("preview profile"):
        try:
            request = read_preview_request(req)
            decision = evaluate_profile(services(), request.profile_id, request.question)
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an answer, and bugs are logged there
            return answer_error(error, "preview_profile")
        return json_answer(200, decision_json(decision))
