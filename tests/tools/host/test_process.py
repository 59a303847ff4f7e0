"""The host as a process: how it starts, refuses to start, and ends."""

import signal
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.tools.host.conftest import StartHost
from tests.tools.host.host_process import (
    PATIENCE_SECONDS,
    SAMPLE_APP,
    HostOptions,
    HostProcess,
    refusal_to_start,
)

APP = "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n"


def an_app(directory: Path, code: str, host_json: str = '{"version": "2.0"}') -> HostOptions:
    (directory / "function_app.py").write_text(code)
    (directory / "host.json").write_text(host_json)
    return HostOptions(directory, app_dir=directory)


def test_a_setting_missing_from_a_binding_is_named_with_its_function(tmp_path: Path) -> None:
    message = refusal_to_start(HostOptions(tmp_path, values={}))
    assert "function 'hourly': the app setting SAMPLE_HOURLY is used in a binding but not set" in message


def test_a_schedule_that_is_none_is_named_with_its_function(tmp_path: Path) -> None:
    message = refusal_to_start(HostOptions(tmp_path, values={"SAMPLE_HOURLY": "every hour"}))
    assert "function 'hourly': its schedule: 'every hour' is no NCRONTAB expression" in message


def test_an_app_that_cannot_be_imported_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert "cannot be imported: ModuleNotFoundError" in refusal_to_start(an_app(tmp_path, "import nowhere\n"))


def test_a_clock_that_does_not_respond_is_named(tmp_path: Path) -> None:
    message = refusal_to_start(HostOptions(tmp_path, arguments=("--clock-url", "http://127.0.0.1:9/clock")))
    assert "the clock at http://127.0.0.1:9/clock does not return the time" in message


def test_a_port_in_use_and_a_ca_bundle_without_certificates_are_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        message = refusal_to_start(HostOptions(tmp_path, arguments=("--port", port)))
    assert f"port {port} cannot be listened on: Address already in use" in message
    values = {"SAMPLE_HOURLY": "0 0 * * * *", "AUTO_UPGRADE_CA_BUNDLE": str(tmp_path / "settings.json")}
    arguments = ("--clock-url", "https://127.0.0.1:9/clock")
    message = refusal_to_start(HostOptions(tmp_path, values=values, arguments=arguments))
    assert "AUTO_UPGRADE_CA_BUNDLE" in message


def test_the_route_prefix_comes_from_host_json(start_host: StartHost, tmp_path: Path) -> None:
    code = f'{APP}@app.route(route="hello", auth_level="anonymous")\ndef f(req: func.HttpRequest) -> str: return "hi"\n'
    prefix = '{"version": "2.0", "extensions": {"http": {"routePrefix": "v1/x"}}}'
    host = start_host(an_app(tmp_path, code, prefix))
    assert host.http.get("/v1/x/hello").text == "hi"
    assert host.http.get("/api/hello").status_code == 404


def test_with_one_thread_functions_that_are_not_async_take_turns(start_host: StartHost, tmp_path: Path) -> None:
    host = start_host(HostOptions(tmp_path))
    elsewhere = threading.Thread(target=lambda: host.http.get("/api/slow?seconds=0.5"))
    elsewhere.start()
    host.wait_for_event("slow")
    assert host.http.post("/api/echo/fixed/path").text == "fixed"
    elsewhere.join()
    ended = [line["function"] for line in host.log() if str(line["message"]).startswith("Executed")]
    assert ended == ["slow", "echo_fixed"]


def test_only_the_ready_line_goes_to_stdout_and_the_host_ends_with_status_0(
    start_host: StartHost, tmp_path: Path
) -> None:
    host = start_host(HostOptions(tmp_path))
    host.http.post("/api/echo/n/a")
    host.signal()
    assert host.wait() == (0, "")
    assert "a print must not reach" in host.stderr.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_host_ends_at_once_while_an_app_is_slow_to_import(tmp_path: Path, number: signal.Signals) -> None:
    begun = tmp_path / "begun"
    options = an_app(tmp_path, f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)\n")
    process = options.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(PATIENCE_SECONDS) not in {None, 0}
    assert (process.stdout.read(), process.log.read_text()) == ("", "")
    process.stop()


def test_the_host_ends_soon_while_requests_and_functions_run(start_host: StartHost, tmp_path: Path) -> None:
    host = start_host(HostOptions(tmp_path))
    waiting = [threading.Thread(target=_get, args=(host, path)) for path in ("/api/slow?seconds=600", "/local/idle")]
    for thread in waiting:
        thread.start()
    host.wait_for_event("slow")
    began = time.monotonic()
    host.signal()
    status, _ = host.wait()
    assert status == 0
    assert time.monotonic() - began < PATIENCE_SECONDS, "the function takes 600 s"
    for thread in waiting:
        thread.join()


def test_a_request_in_progress_gets_its_response_before_the_host_ends(start_host: StartHost, tmp_path: Path) -> None:
    host = start_host(HostOptions(tmp_path, app_dir=SAMPLE_APP))
    responses: list[str] = []
    asking = threading.Thread(target=lambda: responses.append(host.http.get("/api/slow?seconds=0.3").text))
    asking.start()
    host.wait_for_event("slow")
    host.signal()
    asking.join()
    assert responses == ["done"]


def _get(host: HostProcess, path: str) -> None:
    try:
        host.http.get(path)
    except httpx.HTTPError:
        return  # the host went away, as it should
