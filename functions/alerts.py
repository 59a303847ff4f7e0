"""HTTP: an action group of Azure Monitor calls with an alert."""

from __future__ import annotations

import azure.functions as func

from functions.blueprints import new_blueprint
from functions.http.function import http_function

blueprint = new_blueprint()


@blueprint.function_name("alerts")
@blueprint.route(route="alerts", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
@http_function("alert")
def alerts(req: func.HttpRequest) -> func.HttpResponse:
    """Enqueue the profiles that the alert is about for evaluation, or generate the run that its rule requests.

    A resolved alert requests nothing, so it gets 200 regardless of the settings. A transient failure gets 503: Azure
    Monitor then retries. It does not retry a call that was refused.
    """
    from functions.http.alert_request import read_alert
    from functions.http.alert_response import outcome_json, resolved_json
    from functions.http.responses import json_response
    from shared.composition import alert_settings, services
    from shared.use_cases.act_on_alert import act_on_alert

    alert = read_alert(req.get_body())
    if alert.request is None:
        return json_response(200, resolved_json(alert))
    outcome = act_on_alert(services(), alert.request, alert_settings())
    return json_response(202 if outcome.is_enqueued else 200, outcome_json(alert, outcome))
