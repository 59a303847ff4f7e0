"""Which events reach which function."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from shared.events import GATE_EVENTS, NEW_KUBERNETES_VERSION_AVAILABLE, PROFILE_DUE, RELEASE_DETECTED
from tools.checks.infra.template import INFRA, mappings_in, object_in, read_template, template_paths
from tools.paths import ROOT

SUBSCRIPTION_TYPES = {
    "Microsoft.EventGrid/topics/eventSubscriptions",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions",
}


def subscriptions() -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Every event subscription's properties, with its file."""
    for path in template_paths():
        for resource in read_template(path).section("resources").values():
            if resource["type"] in SUBSCRIPTION_TYPES:
                yield path, object_in(object_in(resource, "config"), "properties")


def function_of(properties: Mapping[str, object]) -> str:
    destination = object_in(properties, "destination")
    assert destination["endpointType"] == "AzureFunction"
    return str(object_in(destination, "properties")["resourceId"]).rpartition("/")[2]


def event_grid_functions() -> set[str]:
    """The functions with an Event Grid trigger."""
    return {
        node.name
        for path in (ROOT / "functions").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any("event_grid_trigger" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def test_every_event_grid_function_is_subscribed_and_every_subscription_has_its_function() -> None:
    assert {function_of(properties) for _, properties in subscriptions()} == event_grid_functions()


def test_each_function_gets_the_events_it_reads() -> None:
    received: dict[str, set[str]] = {}
    for _, properties in subscriptions():
        types = object_in(properties, "filter")["includedEventTypes"]
        assert isinstance(types, list)
        received.setdefault(function_of(properties), set()).update(types)

    assert received == {
        "release_events": {RELEASE_DETECTED, NEW_KUBERNETES_VERSION_AVAILABLE},
        "evaluate_profile": {PROFILE_DUE},
        "gate_events": set(GATE_EVENTS[:2]),
    }


def test_what_is_not_delivered_is_kept_wherever_the_topic_can_have_an_identity() -> None:
    without = [path.name for path, properties in subscriptions() if "deadLetterWithResourceIdentity" not in properties]

    assert without == ["gate-topic.bicep"]


def test_dead_letters_are_written_with_an_identity_and_never_with_a_key() -> None:
    assert [path.name for path, properties in subscriptions() if "deadLetterDestination" in properties] == []


@pytest.mark.parametrize("name", ["topic.bicep", "cluster-topic.bicep"])
def test_a_topic_with_dead_letters_has_an_identity_of_its_own(name: str) -> None:
    config = object_in(read_template(INFRA / "modules" / name).section("resources")["topic"], "config")

    assert config["identity"] == {"type": "SystemAssigned"}


def test_nothing_takes_a_key_where_it_can_be_switched_off() -> None:
    switches = {
        (path.name, name): value
        for path in template_paths()
        for entry in mappings_in(read_template(path).tree.get("resources"))
        for name, value in entry.items()
        if name in {"disableLocalAuth", "DisableLocalAuth", "allowSharedKeyAccess", "allow"}
    }

    assert switches == {
        ("topic.bicep", "disableLocalAuth"): True,
        ("monitoring.bicep", "disableLocalAuth"): True,
        ("monitoring.bicep", "DisableLocalAuth"): True,
        ("storage.bicep", "allowSharedKeyAccess"): False,
        ("app.bicep", "allow"): False,
    }
