"""The hook after each deployment of code: events, a first detection, the alerts that need one."""

import json
import re

import pytest

from tests.hooks.hook import (
    GROUP_ID,
    INSTALLATION,
    OTHER_SUBSCRIPTION,
    OUTPUTS,
    PROVISIONED,
    SCRIPTS,
    SUBSCRIPTION,
    Result,
    StandIn,
    cluster,
    run_hook,
)
from tools.paths import ROOT

ENDPOINT = "https://api.loganalytics.io"
TOPIC = {
    "source": f"/subscriptions/{OTHER_SUBSCRIPTION}",
    "topicType": "microsoft.resourcenotifications.aksresources",
    "id": f"/subscriptions/{OTHER_SUBSCRIPTION}/resourceGroups/topics/providers/Microsoft.EventGrid/systemTopics/gates",
    "identityType": None,
    "principalId": None,
}


def deploy(azure: StandIn, *, topics: str = "[]\n", **choices: str) -> Result:
    """Run the hook; unless said otherwise, there are no topics and a detection has succeeded at the first query."""
    azure.answer("eventgrid system-topic list", out=topics)
    azure.answer("cloud show", out=f"{ENDPOINT}\n")
    azure.answer("rest", "/query", out="1\n")
    return run_hook("postdeploy", azure, {**PROVISIONED, "AUTO_UPGRADE_WAIT_MINUTES": "1", **choices})


def answered(done: Result) -> list[str]:
    """What each deployment of the events was given as the answer of a first detection."""
    return [call.variables["DETECTION_ANSWERED"] for call in done.calls_of("deployment sub create")]


def queries(done: Result) -> int:
    return len([call for call in done.calls_of("rest") if call.option("--url").endswith("/query")])


def test_events_are_deployed_then_a_detection_is_requested_then_awaited_then_its_alerts_are_switched_on(
    azure: StandIn,
) -> None:
    done = deploy(azure)

    assert (done.code, done.err) == (0, "")
    assert done.commands == [
        "account show",
        "eventgrid system-topic list",
        "deployment sub create",
        "resource list",
        "rest",
        "cloud show",
        "rest",
        "deployment sub create",
    ]
    assert answered(done) == ["false", "true"]
    assert done.out.splitlines()[-1] == (
        f"postdeploy: See it work: open the workbook 'Fleet auto-upgrade {INSTALLATION}' in resource group rg-prod,"
        " or ask for a preview of a profile (docs/decisions.md)."
    )


def test_the_deployment_names_the_parameter_file_and_has_a_name_of_64_characters_at_most(azure: StandIn) -> None:
    deployment = deploy(azure).calls_of("deployment sub create")[0]

    assert deployment.arguments[3:] == [
        *("--subscription", SUBSCRIPTION),
        *("--name", f"fleet-auto-upgrade-events-{INSTALLATION}"),
        *("--location", "westeurope"),
        *("--parameters", f"{SCRIPTS}/../event-subscriptions.bicepparam"),
        *("--output", "none"),
    ]
    assert len(deployment.option("--name")) <= 64


def test_the_detection_is_requested_through_azure_resource_manager_without_a_key(azure: StandIn) -> None:
    request = deploy(azure).calls_of("rest")[0]

    assert request.option("--method") == "post"
    assert request.option("--url") == (
        f"{OUTPUTS['FUNCTION_APP_ID']}/hostruntime/admin/functions/detect_releases?api-version=2024-04-01"
    )
    assert not any("key" in argument.lower() for argument in request.arguments)


def test_the_telemetry_is_queried_for_the_event_of_the_alert(azure: StandIn) -> None:
    query = deploy(azure).calls_of("rest")[1]

    assert query.option("--url") == f"{ENDPOINT}/v1/workspaces/{OUTPUTS['LOG_ANALYTICS_CUSTOMER_ID']}/query"
    assert query.option("--resource") == ENDPOINT
    body = json.loads((SCRIPTS / "first-detection.json").read_text())
    assert query.option("--body") == f"@{SCRIPTS}/first-detection.json"
    alert = (ROOT / "infra" / "alerts" / "detection-silent.kql").read_text()
    event = re.search(r'Name == "(\w+)"', alert)
    assert event is not None
    assert f"Name == '{event[1]}'" in body["query"]


def test_topics_that_exist_are_passed_to_the_template_one_array_for_each_subscription(azure: StandIn) -> None:
    done = deploy(
        azure,
        topics=json.dumps([TOPIC], indent=2),
        AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS=f"{SUBSCRIPTION},{OTHER_SUBSCRIPTION}",
        AUTO_UPGRADE_CLUSTER_IDS=f"{cluster('one')}, {cluster('two')}",
    )

    asked = [call.option("--subscription") for call in done.calls_of("eventgrid system-topic list")]
    assert asked == [OTHER_SUBSCRIPTION, SUBSCRIPTION]
    given = json.loads(done.calls_of("deployment sub create")[0].variables["EXISTING_SYSTEM_TOPICS"])
    assert given == [[TOPIC], [TOPIC]]


def test_without_gate_events_and_clusters_no_topic_is_looked_for(azure: StandIn) -> None:
    done = deploy(azure, AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS="none")

    assert done.calls_of("eventgrid system-topic list") == []
    assert done.calls_of("deployment sub create")[0].variables["EXISTING_SYSTEM_TOPICS"] == "[]"


def test_topics_that_cannot_be_listed_stop_the_hook(azure: StandIn) -> None:
    done = deploy(azure.answer("eventgrid system-topic list", code=1))

    assert (done.code, answered(done)) == (1, [])
    assert f"Cannot list the Event Grid system topics of subscription {SUBSCRIPTION}." in done.err


def test_what_is_no_cluster_id_is_refused(azure: StandIn) -> None:
    done = deploy(azure, AUTO_UPGRADE_CLUSTER_IDS="cluster-one")

    assert (done.code, answered(done)) == (1, [])
    assert "AUTO_UPGRADE_CLUSTER_IDS: cluster-one is not the resource id of an AKS cluster." in done.err


def test_a_failed_deployment_stops_the_hook_with_the_words_of_azure(azure: StandIn) -> None:
    done = deploy(azure.answer("deployment sub create", err="ERROR: InvalidTemplate\n", code=1))

    assert (done.code, done.commands[-1]) == (1, "deployment sub create")
    assert "ERROR: InvalidTemplate\n" in done.err
    assert "Then: azd hooks run postdeploy" in done.err


def test_the_alerts_are_switched_on_as_soon_as_a_detection_is_seen(azure: StandIn) -> None:
    done = deploy(azure.answer("rest", "/query", out="0\n", times=2))

    assert (queries(done), answered(done)) == (3, ["false", "true"])


def test_without_a_detection_in_time_the_alerts_stay_as_they_are(azure: StandIn) -> None:
    done = deploy(azure.answer("rest", "/query", out="0\n"), AUTO_UPGRADE_WAIT_MINUTES="2")

    assert (done.code, queries(done), answered(done)) == (0, 6, ["false"])
    assert "No successful detection in the telemetry yet. Waited 1 of 2 minutes." in done.out
    assert "stay as they are: off, unless an earlier run switched them on." in done.out
    assert "Then: azd hooks run postdeploy" in done.out


@pytest.mark.parametrize("nothing", ["", "None\n", "\n"])
def test_an_empty_answer_is_no_detection(azure: StandIn, nothing: str) -> None:
    assert answered(deploy(azure.answer("rest", "/query", out=nothing))) == ["false"]


def test_a_query_that_fails_is_tried_again_and_its_last_error_is_shown(azure: StandIn) -> None:
    done = deploy(azure.answer("rest", "/query", err="Forbidden: InsufficientAccessError\n", code=1))

    assert (done.code, queries(done), answered(done)) == (0, 3, ["false"])
    assert "The last query of the telemetry failed: Forbidden: InsufficientAccessError" in done.out


def test_a_query_that_fails_once_does_not_hide_the_detection_after_it(azure: StandIn) -> None:
    done = deploy(azure.answer("rest", "/query", err="SEM0100: no such table\n", code=1, times=1))

    assert answered(done) == ["false", "true"]
    assert "SEM0100" not in done.out


def test_a_refused_request_is_left_to_the_timer(azure: StandIn) -> None:
    done = deploy(azure.answer("rest", "hostruntime", err="ERROR: Forbidden\n", code=1))

    assert (done.code, answered(done)) == (0, ["false", "true"])
    assert "Azure refused that. The timer of the app detects new releases anyway" in done.out


def test_waiting_can_be_switched_off(azure: StandIn) -> None:
    done = deploy(azure, AUTO_UPGRADE_WAIT_MINUTES="0")

    assert (done.code, queries(done), answered(done)) == (0, 0, ["false"])


@pytest.mark.parametrize("minutes", ["-1", "1.5", "soon"])
def test_a_wait_that_is_no_number_is_refused(azure: StandIn, minutes: str) -> None:
    done = deploy(azure, AUTO_UPGRADE_WAIT_MINUTES=minutes)

    assert (done.code, done.calls) == (1, [])
    assert f"AUTO_UPGRADE_WAIT_MINUTES is {minutes}. It must be a whole number of minutes." in done.err


def test_where_alerts_may_not_act_the_key_of_an_earlier_deployment_is_deleted(azure: StandIn) -> None:
    left = [
        f"{GROUP_ID}/providers/Microsoft.Insights/actionGroups/ag-func-x",
        f"{GROUP_ID}/providers/Microsoft.AlertsManagement/actionRules/apr-func-x",
    ]

    done = deploy(azure.answer("resource list", out="\n".join(left) + "\n"))

    assert done.code == 0
    assert [call.option("--ids") for call in done.calls_of("resource delete")] == left


def test_a_key_that_cannot_be_deleted_is_an_error(azure: StandIn) -> None:
    azure.answer("resource list", out=f"{GROUP_ID}/providers/Microsoft.Insights/actionGroups/ag-func-x\n")

    done = deploy(azure.answer("resource delete", code=1))

    assert done.code == 1
    assert "It lets alerts call the app." in done.err


def test_where_alerts_may_act_nothing_is_deleted(azure: StandIn) -> None:
    done = deploy(azure, AUTO_UPGRADE_ALERTS_ACT="true")

    assert done.calls_of("resource list") == done.calls_of("resource delete") == []
