"""Functions that events and alerts are sent to: the app has each, and it is called in the way that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.checks.infra.expression import Value, texts_in
from tools.checks.infra.prediction import Prediction, values_at

_SUBSCRIPTIONS = (
    "Microsoft.EventGrid/eventSubscriptions",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions",
    "Microsoft.EventGrid/topics/eventSubscriptions",
)
_ROUTE = re.compile(r"https://[^/]+/api/([^?]+)\?code=")


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions that the app indexes."""

    event_grid: frozenset[str]
    """Names of those with an Event Grid trigger."""
    routes: Mapping[str, str]
    """The route of each with an HTTP trigger, by name."""


def find_function_problems(prediction: Prediction, functions: Functions) -> Iterator[str]:
    """Destinations of events and alerts that the app does not have."""
    for kind in _SUBSCRIPTIONS:
        for subscription in prediction.of_type(kind):
            for target in values_at(dict(subscription.properties), "destination", "properties", "resourceId"):
                name = str(target).rpartition("/functions/")[2]
                if name not in functions.event_grid:
                    yield f"{subscription}: the app has no function {name} with an Event Grid trigger"
    for group in prediction.of_type("Microsoft.Insights/actionGroups"):
        for receiver in values_at(dict(group.properties), "azureFunctionReceivers"):
            name = str(next(values_at(receiver, "functionName"), ""))
            if name not in functions.routes:
                yield f"{group}: the app has no function {name} with an HTTP trigger"
                continue
            called = [found[1] for url in values_at(receiver, "httpTriggerUrl") for found in _routes(url)]
            if called != [functions.routes[name]]:
                yield f"{group}: {name} is called at {called}, and its route is {functions.routes[name]}"


def received_events(prediction: Prediction) -> Mapping[str, frozenset[str]]:
    """The types of events that each function is sent, by the function's name."""
    received: dict[str, frozenset[str]] = {}
    for kind in _SUBSCRIPTIONS:
        for subscription in prediction.of_type(kind):
            properties = dict(subscription.properties)
            types = {str(one) for one in values_at(properties, "filter", "includedEventTypes")}
            for target in values_at(properties, "destination", "properties", "resourceId"):
                name = str(target).rpartition("/functions/")[2]
                received[name] = received.get(name, frozenset()) | types
    return received


def _routes(url: Value) -> Iterator[re.Match[str]]:
    for text in texts_in(url):
        yield from _ROUTE.finditer(text)
