"""The host's own endpoints."""

import json

import pytest

from tests.tools.host.host_process import FUNCTION_KEY, MASTER_KEY, HostProcess

MASTER = {"x-functions-key": MASTER_KEY}


def test_the_ready_line_has_address_keys_and_functions(host: HostProcess) -> None:
    assert set(host.ready) == {"url", "masterKey", "functionKey", "eventGridKey", "functions"}
    assert host.ready["url"].startswith("http://127.0.0.1:")
    assert host.ready["functionKey"] == FUNCTION_KEY
    assert {"name": "hourly", "trigger": "timerTrigger"} in host.ready["functions"]


def test_the_status_says_running(host: HostProcess) -> None:
    response = host.http.get("/admin/host/status", headers=MASTER)
    assert (response.status_code, response.json()["state"]) == (200, "Running")


def test_the_list_shows_bindings_as_the_app_declares_them(host: HostProcess) -> None:
    functions = {one["name"]: one for one in host.http.get("/admin/functions", headers=MASTER).json()}
    assert len(functions) == len(host.ready["functions"])
    assert functions["hourly"]["config"]["bindings"][0]["schedule"] == "%SAMPLE_HOURLY%"
    assert host.http.get("/admin/functions/hourly", headers=MASTER).json() == functions["hourly"]


@pytest.mark.parametrize("path", ["/admin/host/status", "/admin/functions", "/admin/functions/hourly"])
def test_only_the_master_key_opens_admin_endpoints(host: HostProcess, path: str) -> None:
    assert host.http.get(path).status_code == 401
    assert host.http.get(path, headers={"x-functions-key": FUNCTION_KEY}).status_code == 401


def test_an_event_grid_function_runs_by_hand_with_an_event_as_text(host: HostProcess) -> None:
    body = {"input": json.dumps({"id": "by-hand", "data": {}})}
    assert host.http.post("/admin/functions/on_event_async", headers=MASTER, json=body).status_code == 202
    host.idle()
    assert "by-hand" in [event["id_"] for event in host.events("event")]


def test_a_failure_by_hand_is_202_all_the_same_and_logged(host: HostProcess) -> None:
    body = {"input": json.dumps({"id": "by-hand-2", "data": {"fail": True}})}
    assert host.http.post("/admin/functions/on_event", headers=MASTER, json=body).status_code == 202
    host.idle()
    assert any("event by-hand-2 failed" in line.get("exception", "") for line in host.log())


def test_running_an_unknown_function_is_404(host: HostProcess) -> None:
    assert host.http.post("/admin/functions/unknown", headers=MASTER).status_code == 404


@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("echo", "{}"),
        ("on_event", "{}"),
        ("on_event", '{"input": "[]"}'),
        ("on_event", '{"input": "{"}'),
        ("on_event", '{"input": 1}'),
        ("hourly", "{"),
    ],
)
def test_running_a_function_with_what_it_cannot_take_is_400(host: HostProcess, function: str, body: str) -> None:
    response = host.http.post(f"/admin/functions/{function}", headers=MASTER, content=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadRequest"


@pytest.mark.parametrize(
    "query", ["at=yesterday", "at=2026-01-01T00:00:00", "timeout=-1", "timeout=nan", "timeout=x", "senders=i"]
)
def test_idle_refuses_what_it_cannot_read(host: HostProcess, query: str) -> None:
    assert host.http.get(f"/local/idle?{query}").status_code == 400
