"""The Event Grid webhook: handshakes, deliveries, and the response to each of them."""

import json
import time

import httpx
import pytest

from tests.tools.host.host_process import EVENT_GRID_KEY, FUNCTION_KEY, MASTER_KEY, HostProcess

WEBHOOK = "/runtime/webhooks/EventGrid"


def an_event(event_id: str, **data: object) -> dict[str, object]:
    return {
        "id": event_id,
        "topic": "/subscriptions/s",
        "subject": "c1",
        "eventType": "Sample.Happened",
        "eventTime": "2026-01-01T00:00:00.1234567Z",
        "data": data,
        "dataVersion": "1",
        "metadataVersion": "1",
    }


def a_cloud_event(event_id: str) -> dict[str, object]:
    return {"specversion": "1.0", "id": event_id, "source": "/s", "type": "Sample.Happened", "data": {}}


def deliver(
    host: HostProcess,
    body: object,
    *,
    function: str = "on_event",
    kind: str | None = "Notification",
    key: str = EVENT_GRID_KEY,
) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"aeg-event-type": kind} if kind else {}
    return host.http.post(WEBHOOK, params={"functionName": function, "code": key}, content=content, headers=headers)


def ids_seen(host: HostProcess) -> list[object]:
    return [event["id_"] for event in host.events("event")]


def test_every_event_of_a_delivery_is_one_invocation_and_all_good_is_202(host: HostProcess) -> None:
    before = host.idle()["invocations"]
    response = deliver(host, [an_event("a1"), an_event("a2"), an_event("a3")])
    assert (response.status_code, response.content) == (202, b"")
    assert host.idle()["invocations"] == before + 3
    assert {"a1", "a2", "a3"} <= set(ids_seen(host))


def test_events_of_one_delivery_run_in_parallel(host: HostProcess) -> None:
    deliver(host, [an_event("p1", seconds=0.5), an_event("p2", seconds=0.5)])
    alone = {event["id_"]: event.get("alone") for event in host.events("event")}
    assert {alone["p1"], alone["p2"]} == {False, True}


def test_a_function_gets_what_the_payload_says_regardless_of_its_annotation(host: HostProcess) -> None:
    deliver(host, a_cloud_event("c1"))
    deliver(host, [an_event("c2")], function="on_event_async")
    kinds = {event["id_"]: event["kind"] for event in host.events("event")}
    assert (kinds["c1"], kinds["c2"]) == ("CloudEvent", "EventGridEvent")


def test_one_failing_event_of_a_delivery_is_500_with_its_message_and_the_others_run(host: HostProcess) -> None:
    response = deliver(host, [an_event("f1", fail=True), an_event("f2")])
    assert response.status_code == 500
    assert response.text == "Exception while executing function: Functions.on_event: event f1 failed"
    assert "f2" in ids_seen(host)


def test_a_validation_event_gets_200_with_its_code(host: HostProcess) -> None:
    event = an_event("s1", validationCode="512d38b6", validationUrl="https://example.org")
    response = deliver(host, [event], kind="SubscriptionValidation")
    assert (response.status_code, response.json()) == (200, {"validationResponse": "512d38b6"})


def test_a_cloud_events_handshake_gets_200_with_the_origin(host: HostProcess) -> None:
    parameters = {"functionName": "on_event", "code": EVENT_GRID_KEY}
    headers = {"WebHook-Request-Origin": "eventgrid.azure.net", "WebHook-Request-Rate": "120"}
    response = host.http.options(WEBHOOK, params=parameters, headers=headers)
    assert response.status_code == 200
    assert response.headers["webhook-allowed-origin"] == "eventgrid.azure.net"
    assert response.headers["webhook-allowed-rate"] == "120"


def test_unsubscribing_is_202_and_runs_nothing(host: HostProcess) -> None:
    before = host.idle()["invocations"]
    assert deliver(host, [an_event("u1")], kind="SubscriptionDeletion").status_code == 202
    assert host.idle()["invocations"] == before


def test_an_unknown_function_is_404_and_named(host: HostProcess) -> None:
    response = deliver(host, [an_event("n1")], function="unknown")
    assert (response.status_code, response.text) == (404, "cannot find function: 'unknown'")


def test_a_function_without_an_event_grid_trigger_is_unknown_here(host: HostProcess) -> None:
    assert deliver(host, [an_event("n2")], function="hourly").status_code == 404


@pytest.mark.parametrize("kind", [None, "Surprise"])
def test_a_missing_or_unknown_event_type_header_is_400(host: HostProcess, kind: str | None) -> None:
    assert deliver(host, [an_event("k1")], kind=kind).status_code == 400


@pytest.mark.parametrize("body", [b'[{"id": ', b'"text"', b"[1]", b"", b"[" * 100_000])
def test_a_body_that_is_no_event_is_400_and_logged(host: HostProcess, body: bytes) -> None:
    response = deliver(host, body)
    assert response.status_code == 400
    assert any(f"a delivery to on_event was refused: {response.text}" == line["message"] for line in host.log())


def test_a_validation_without_a_code_is_400(host: HostProcess) -> None:
    assert deliver(host, [an_event("s2")], kind="SubscriptionValidation").status_code == 400


@pytest.mark.parametrize("key", ["", "wrong", FUNCTION_KEY])
def test_another_key_than_the_extensions_or_the_master_key_is_401(host: HostProcess, key: str) -> None:
    assert deliver(host, [an_event("w1")], key=key).status_code == 401
    assert "w1" not in ids_seen(host)


def test_the_master_key_opens_the_webhook(host: HostProcess) -> None:
    assert deliver(host, [an_event("m1")], key=MASTER_KEY).status_code == 202


def test_another_extension_is_404(host: HostProcess) -> None:
    assert host.http.post("/runtime/webhooks/Other", params={"code": MASTER_KEY}).status_code == 404


def test_a_delivery_gets_its_response_only_when_its_events_are_done(host: HostProcess) -> None:
    began = time.monotonic()
    deliver(host, [an_event("d1", seconds=0.3)])
    assert time.monotonic() - began >= 0.3
