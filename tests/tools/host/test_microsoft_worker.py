"""The same app in Microsoft's worker library: what this host finds and does is what the real one finds and does."""

import json
import sys
from pathlib import Path

import pytest

from tests.tools.host import microsoft_worker
from tests.tools.host.host_process import MASTER_KEY, SAMPLE_APP, HostProcess
from tests.tools.host.microsoft_worker import HttpInput, WorkerError

pytestmark = pytest.mark.skipif(
    sys.version_info < microsoft_worker.MINIMUM_PYTHON,
    reason=f"azure-functions-runtime needs Python 3.13, this is {sys.version_info.major}.{sys.version_info.minor}",
)


def test_microsofts_worker_finds_the_same_functions_triggers_and_bindings(host: HostProcess) -> None:
    theirs = microsoft_worker.index(SAMPLE_APP)
    listed = host.http.get("/admin/functions", headers={"x-functions-key": MASTER_KEY}).json()
    assert [(one.name, one.bindings) for one in theirs] == [(one["name"], one["config"]["bindings"]) for one in listed]
    assert [{"name": one.name, "trigger": one.trigger} for one in theirs] == host.ready["functions"]


def test_microsofts_worker_handles_a_request_as_this_host_does(host: HostProcess) -> None:
    url = f"{host.ready['url']}/api/echo/n/rest?x=1"
    response = host.http.post("/api/echo/n/rest?x=1", content="text", headers={"X-Sample": "one"})
    request = HttpInput("POST", url, {"x-sample": "one"}, {"x": "1"}, {"name": "n", "rest": "rest"}, "text")
    result = microsoft_worker.invoke(SAMPLE_APP, "echo", {"req": request})
    assert result.succeeded
    assert (result.status, json.loads(result.body)) == (response.status_code, response.json())
    assert result.headers["x-sample-response"] == response.headers["x-sample-response"]
    assert result.headers["content-type"] == response.headers["content-type"]


@pytest.mark.parametrize("function", ["broken", "nothing"])
def test_what_fails_in_microsofts_worker_fails_in_this_host(host: HostProcess, function: str) -> None:
    result = microsoft_worker.invoke(SAMPLE_APP, function, {"req": HttpInput()})
    assert not result.succeeded
    assert result.error
    assert host.http.get(f"/api/{function}").status_code == 500


def test_microsofts_worker_takes_the_json_this_host_gives_to_timers() -> None:
    status = {"Last": "0001-01-01T00:00:00+00:00", "Next": "2026-01-01T01:00:00+00:00", "LastUpdated": "…"}
    timer = json.dumps({"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": True})
    assert microsoft_worker.invoke(SAMPLE_APP, "daily", {"timer": timer}).succeeded


def test_a_failing_event_says_why_in_microsofts_worker() -> None:
    event = json.dumps({"id": "e1", "data": {"fail": True}, "subject": "", "eventType": "t", "topic": "/s"})
    result = microsoft_worker.invoke(SAMPLE_APP, "on_event", {"event": event})
    assert "event e1 failed" in result.error


def test_an_app_that_microsofts_worker_refuses_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("import azure.functions as func\n")
    with pytest.raises(WorkerError, match="Could not find top level function app"):
        microsoft_worker.index(tmp_path)
