"""Bad events: refused with a clear error, logged with the field and where, and never lost: Event Grid keeps them.

The error has no value of the event in it, since the host logs it: the event itself is in the dead letters.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.end_to_end.scene import Scene, options
from tests.app.end_to_end.test_exactly_once import a_release_event, deliver
from tests.processes.stack import Stack
from tools.json_value import Json, JsonObject


def changed(event: JsonObject, **fields: Json) -> JsonObject:
    return {**event, **fields}


@pytest.fixture(scope="module")
def module_scene() -> Iterator[Scene]:
    """One stack for all: a refused event leaves nothing behind but its line in the log."""
    with Stack(options()) as stack:
        yield Scene(stack)


def test_a_foreign_event_type_is_an_error_that_names_those_that_are_right(module_scene: Scene) -> None:
    event = changed(a_release_event(module_scene), eventType="Contoso.SomethingHappened")

    answer = deliver(module_scene.stack.host, "release_events", event)

    assert answer.status_code == 500
    assert "event type is not valid; expected FleetAutoUpgrade.ReleaseDetected or Microsoft.Container" in answer.text
    assert "Contoso" not in answer.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"data": {}}, "data.region"),
        ({"data": {"region": 7}}, "data.region"),
        ({"eventType": "Microsoft.ContainerService.NewKubernetesVersionAvailable", "topic": "c1"}, "topic or source"),
    ],
)
def test_an_event_with_fields_missing_is_an_error_that_names_the_field(
    module_scene: Scene, fields: JsonObject, says: str
) -> None:
    answer = deliver(module_scene.stack.host, "release_events", changed(a_release_event(module_scene), **fields))

    assert answer.status_code == 500
    assert says in answer.text


def test_malformed_json_is_a_bad_request(module_scene: Scene) -> None:
    host = module_scene.stack.host
    answer = host.http.post(host.webhook("release_events"), content=b"{", headers={"aeg-event-type": "Notification"})

    assert answer.status_code == 400


def test_a_wrong_key_is_refused(module_scene: Scene) -> None:
    host = module_scene.stack.host
    url = host.webhook("release_events").partition("&code=")[0] + "&code=wrong"
    answer = host.http.post(url, json=[], headers={"aeg-event-type": "Notification"})

    assert answer.status_code == 401


def test_the_log_says_which_field_was_wrong_and_where_and_nothing_of_the_events_text(module_scene: Scene) -> None:
    region = "a region, for no log"
    for fields in ({"eventType": region}, {"data": {"region": region}}):
        deliver(module_scene.stack.host, "release_events", changed(a_release_event(module_scene), **fields))

    lines = module_scene.stack.log_file().read_text()

    assert "event type is not valid" in lines
    assert "data.region is not valid" in lines
    assert "release_events" in lines
    assert region not in lines
    assert module_scene.stack.host.event_grid_key not in lines
