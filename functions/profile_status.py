"""HTTP: what was last done for one profile, and what was last decided about it."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.profile_route import PROFILE_ROUTE

blueprint = new_blueprint()


@blueprint.function_name("profile_status")
@blueprint.route(route=f"{PROFILE_ROUTE}/status", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
def profile_status(req: func.HttpRequest) -> func.HttpResponse:
    """The last trigger in the form of Azure's own `autoUpgradeProfileStatus`, and the last decision."""
    from functions.http.arm_answers import answer_error, json_answer
    from functions.http.profile_route import profile_id_of
    from functions.http.status_answer import status_json
    from functions.observed import observed
    from shared.composition import services
    from shared.use_cases.profile_status import read_status

    with observed("profile status"):
        try:
            status = read_status(services(), profile_id_of(req))
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an answer, and bugs are logged there
            return answer_error(error, "profile_status")
        return json_answer(200, status_json(status))
