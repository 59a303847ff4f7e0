"""Which events reach which function, and what becomes of those that cannot be delivered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared.events import GATE_EVENTS, NEW_KUBERNETES_VERSION_AVAILABLE, RELEASE_DETECTED
from tests.infra.predictions import at, each_way, prediction, with_changed
from tools.checks.infra.expression import Value
from tools.checks.infra.laws.functions import Functions, find_function_problems, received_events
from tools.checks.infra.prediction import Prediction, Resource, values_at
from tools.simulation.registered import registered_functions

OWN = "Microsoft.EventGrid/topics/eventSubscriptions"
SYSTEM = "Microsoft.EventGrid/systemTopics/eventSubscriptions"
GROUP = "Microsoft.Insights/actionGroups"
SUB = "/subscriptions/22222222-2222-2222-2222-222222222222"


def indexed() -> Functions:
    """The functions of the app, as the Functions host indexes them."""
    bindings = {str(one.get_function_name()): json.loads(one.get_raw_bindings()[0]) for one in registered_functions()}
    return Functions(
        event_grid=frozenset(name for name, trigger in bindings.items() if trigger["type"] == "eventGridTrigger"),
        routes={name: trigger["route"] for name, trigger in bindings.items() if trigger["type"] == "httpTrigger"},
    )


FUNCTIONS = indexed()


def subscriptions(way: str) -> list[Resource]:
    return prediction(way).of_type(OWN) + prediction(way).of_type(SYSTEM)


def topic_of(subscription: Resource) -> str:
    return subscription.id.partition("/eventSubscriptions/")[0]


def redirected(kind: str, *path: str, **values: Value) -> Prediction:
    """Events and alerts with another destination."""
    return with_changed(prediction("events-elsewhere"), kind, lambda body: at(body, "properties", *path).update(values))


@each_way
def test_every_function_that_events_and_alerts_are_sent_to_is_one_of_the_app(way: str) -> None:
    assert list(find_function_problems(prediction(way), FUNCTIONS)) == []


def test_every_event_grid_function_gets_the_events_it_reads() -> None:
    received = received_events(prediction("events-elsewhere"))

    assert set(received) == FUNCTIONS.event_grid
    assert received == {
        "release_events": {RELEASE_DETECTED, NEW_KUBERNETES_VERSION_AVAILABLE},
        "gate_events": set(GATE_EVENTS[:2]),
    }


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (
            redirected(OWN, "destination", "properties", resourceId="/x/sites/a/functions/other_events"),
            "no function other_events with an Event Grid trigger",
        ),
        (
            redirected(SYSTEM, "destination", "properties", resourceId="/x/sites/a/functions/alerts"),
            "no function alerts with an Event Grid trigger",
        ),
        (
            redirected(GROUP, "azureFunctionReceivers", functionName="alert"),
            "no function alert with an HTTP trigger",
        ),
        (
            redirected(GROUP, "azureFunctionReceivers", httpTriggerUrl="https://a.net/api/alert?code=x"),
            "alerts is called at ['alert'], and its route is alerts",
        ),
    ],
)
def test_a_destination_that_the_app_does_not_have_is_caught(fault: Prediction, problem: str) -> None:
    assert [one for one in find_function_problems(fault, FUNCTIONS) if problem in one]


def test_what_is_not_delivered_is_kept_wherever_the_topic_has_an_identity() -> None:
    found = prediction("events-elsewhere")
    own = {one.id for one in found.of_type("Microsoft.EventGrid/systemTopics") if one.body.get("identity")}
    existing = {f"{SUB}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/east-events"}
    with_identity = own | existing | {topic_of(one) for one in found.of_type(OWN)}

    kept = {
        topic_of(one) for one in subscriptions("events-elsewhere") if "deadLetterWithResourceIdentity" in one.properties
    }

    assert kept == with_identity


def test_dead_letters_are_written_with_an_identity_and_never_with_a_key() -> None:
    assert [one for one in subscriptions("events-elsewhere") if "deadLetterDestination" in one.properties] == []


def test_a_topic_that_exists_is_used_and_no_second_one_is_made() -> None:
    made = [
        one.properties["source"] for one in prediction("events-elsewhere").of_type("Microsoft.EventGrid/systemTopics")
    ]

    assert [source for source in made if str(source).startswith(SUB)] == []
    assert [topic_of(one) for one in subscriptions("events-elsewhere") if topic_of(one).startswith(SUB)] == [
        f"{SUB}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/east-events",
        f"{SUB}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/gates",
    ]


def test_another_subscription_gets_a_group_only_where_a_topic_is_made() -> None:
    groups = [one.id for one in prediction("events-elsewhere").of_type("Microsoft.Resources/resourceGroups")]

    assert groups == ["/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-gate-events-abcdefghijklm"]
    assert prediction("events").of_type("Microsoft.Resources/resourceGroups") == []


def test_every_topic_sends_its_metrics_to_the_workspace_where_an_alert_counts_dead_letters() -> None:
    for way in ("default", "events-elsewhere"):
        found = prediction(way)
        topics = {one.id for kind in ("topics", "systemTopics") for one in found.of_type(f"Microsoft.EventGrid/{kind}")}
        sent = {
            setting.scope
            for setting in found.of_type("Microsoft.Insights/diagnosticSettings")
            if {"category": "AllMetrics", "enabled": True} in list(values_at(dict(setting.properties), "metrics"))
            and "/workspaces/log-" in str(setting.properties["workspaceId"])
        }

        assert topics
        assert topics <= sent


def test_the_same_events_are_not_sent_to_a_function_twice() -> None:
    sent = [(topic_of(one), str(one.properties["destination"])) for one in subscriptions("events-elsewhere")]

    assert len(sent) == len(set(sent))


def test_a_subscription_to_nothing_of_the_app_receives_nothing() -> None:
    assert received_events(replace(prediction("events"), resources=[])) == {}
