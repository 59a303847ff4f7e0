"""HTTP: an action group of Azure Monitor calls with an alert."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint

blueprint = new_blueprint()


@blueprint.function_name("alerts")
@blueprint.route(route="alerts", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
def alerts(req: func.HttpRequest) -> func.HttpResponse:
    """Have the profiles evaluated that the alert is about, or generate the run that its rule asks for.

    A resolved alert requests nothing, so it gets 200 whatever the settings. What may succeed later is answered with
    503, which Azure Monitor repeats. It does not repeat a call that was refused.
    """
    from functions.http.alert_answer import outcome_json, resolved_json
    from functions.http.alert_request import read_alert
    from functions.http.arm_answers import answer_error, json_answer
    from functions.observed import observed
    from shared.composition import alert_settings, services
    from shared.use_cases.act_on_alert import act_on_alert

    with observed("alert"):
        try:
            alert = read_alert(req.get_body())
            if alert.request is None:
                return json_answer(200, resolved_json(alert))
            outcome = act_on_alert(services(), alert.request, alert_settings())
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an answer, and bugs are logged there
            return answer_error(error, "alerts")
        return json_answer(202 if outcome.is_handed_on else 200, outcome_json(alert, outcome))
