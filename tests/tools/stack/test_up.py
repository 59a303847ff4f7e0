"""`./dev up` and `./dev time`: the stack stays, says where it is, moves through time, and leaves nothing behind."""

from __future__ import annotations

import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from tests.tools.stack.up_process import UpProcess, dev
from tools.stack.control import EmulatorControl, as_text

START = "2025-01-17T00:00:00Z"
FIRST_RELEASE = "2025-01-18T02:06:04Z"
"""When the first fact of the shipped timeline reaches its first region; `START` lies a day before it."""


FILES = ("functionKeyFile", "identityHeaderFile")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UpProcess]:
    """One stack for all tests that only look, or move its time forward."""
    with UpProcess(tmp_path_factory.mktemp("up"), "--start", START) as running:
        yield running


def shown(up: UpProcess, *arguments: str) -> dict[str, str]:
    """What `./dev time` shows, by its first words."""
    done = up.dev("time", *arguments)
    assert done.returncode == 0, done.stderr
    return dict(re.split(r"\s{2,}", line, maxsplit=1) for line in done.stdout.splitlines())


def emulator(up: UpProcess) -> EmulatorControl:
    return EmulatorControl(str(up.record["endpoint"]), Path(str(up.record["caBundle"])))


def test_what_is_up_is_written_down_for_its_owner_alone(up: UpProcess) -> None:
    assert set(up.record) == {
        *("pid", "startedAt", "endpoint", "caBundle", "identityEndpoint", "identityHeader", "identityHeaderFile"),
        *("functionAppUrl", "functionKeyFile", "subscription", "tenant", "world", "hostLog"),
    }
    secret = ("up.json", "up.env")
    files = [*(up.place / name for name in secret), *(Path(str(up.record[name])) for name in FILES)]
    assert [oct(stat.S_IMODE(file.stat().st_mode)) for file in files] == ["0o600"] * 4


def test_no_secret_is_in_what_it_prints_where_no_person_sees_it(up: UpProcess) -> None:
    key = Path(str(up.record["functionKeyFile"])).read_text()
    said = up.exports + up.log.read_text()
    assert key not in said
    assert str(up.record["identityHeader"]) not in said
    assert str(up.record["functionKeyFile"]) in said
    assert f"Status page    {up.record['functionAppUrl']}/api/status\n" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_a_shell_that_runs_the_printed_lines_can_call_arm_and_the_app(up: UpProcess) -> None:
    assert up.exports == (up.place / "up.env").read_text()
    call = (
        'curl -s -o /dev/null -w "%{http_code} " "$ARM_ENDPOINT/subscriptions/$SUB?api-version=2022-12-01"; '
        'curl -s -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" -o /dev/null -w "%{http_code} " '
        '"$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=https://management.azure.com"; '
        'curl -s -H "x-functions-key: $KEY" -X POST -o /dev/null -w "%{http_code}" "$APP_URL/api/subscriptions/$SUB/'
        "resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail/autoUpgradeProfiles/nope/"
        'generateUpdateRun"'
    )
    done = subprocess.run(["bash", "-c", f"{up.exports}\n{call}"], capture_output=True, text=True, check=True)
    assert done.stdout == "401 200 404"


def test_a_second_stack_is_refused_while_one_is_up(up: UpProcess) -> None:
    done = up.dev("up")
    assert done.returncode == 1
    assert done.stderr.startswith(f"up: a stack is up already, see {up.place}/up.json")


def test_time_is_shown_and_stands_still(up: UpProcess) -> None:
    before = shown(up)
    assert before["speed"] == "time stands still"
    assert before["releases until"] == "2026-08-07T18:38:00Z"
    assert shown(up)["now"] == before["now"]


def test_time_goes_to_the_next_release_and_the_apps_timers_run_on_the_way(up: UpProcess) -> None:
    control = emulator(up)
    end = control.journal_end()
    done = up.dev("time", "--next-release")
    assert done.returncode == 0, done.stderr
    assert f"now              {FIRST_RELEASE}" in done.stdout
    assert {entry["kind"] for entry in control.journal(end)} >= {"release"}
    assert "2025-01-17 06:15  decision  retail/rapid" in done.stderr, "the timer of 06:15 has run"
    control.close()


def test_time_goes_to_a_date_and_never_back(up: UpProcess) -> None:
    assert shown(up, "--to", "2025-01-19")["now"] == "2025-01-19T00:00:00Z"
    back = up.dev("time", "--to", "2025-01-18")
    assert (back.returncode, back.stderr) == (1, "time: time does not go back: it is 2025-01-19T00:00:00Z\n")


def test_time_runs_at_a_speed_and_stops_on_command(up: UpProcess) -> None:
    control = emulator(up)
    before = control.clock().now
    assert shown(up, "--speed", "1d/s")["speed"] == "1 day a second"
    assert control.clock().now > before
    assert shown(up, "--speed", "0")["speed"] == "time stands still"
    control.close()


def test_time_that_runs_is_stopped_while_it_is_moved_and_runs_on_after(up: UpProcess) -> None:
    control = emulator(up)
    tomorrow = control.set_rate(0.5).now + timedelta(days=1)
    done = up.dev("time", "--to", as_text(tomorrow))
    assert done.returncode == 0, done.stderr
    assert "0.5 times as fast as real time" in done.stdout
    control.set_rate(0.0)
    control.close()


def ends_and_leaves_nothing(running: UpProcess, number: signal.Signals) -> int:
    """The exit code of a stack that gets a signal."""
    children = psutil.Process(running.process.pid).children(recursive=True)
    code = running.end(number)
    assert f"Ctrl-C or `kill -INT {running.process.pid}` ends the stack." in running.log.read_text()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (len(children), [])
    assert len(children) >= 3
    assert not (running.place / "up.json").exists()
    assert not (running.place / "up.env").exists()
    return code


def test_a_stack_that_is_terminated_leaves_nothing(tmp_path: Path) -> None:
    with UpProcess(tmp_path) as running:
        assert ends_and_leaves_nothing(running, signal.SIGTERM) == 143


def test_a_stack_that_was_killed_does_not_count_as_up(tmp_path: Path) -> None:
    with UpProcess(tmp_path) as running:
        running.process.kill()
        running.process.communicate()
        assert (tmp_path / "up.json").exists()
        done = running.dev("time")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "time: no stack is up; start one with ./dev up in another terminal\n"


def test_ports_can_be_chosen_and_one_that_is_taken_is_named(up: UpProcess, tmp_path: Path) -> None:
    port = httpx.URL(str(up.record["endpoint"])).port
    done = dev(tmp_path, "up", "--port", str(port))
    assert (done.returncode, done.stderr) == (1, f"up: port {port} is taken\n")


def test_a_mistake_in_a_world_is_reported_with_its_place(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text("regions: []\n")
    done = dev(tmp_path, "up", "--world", str(world))
    assert done.returncode == 1
    assert f"{world}:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["up", "--world", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["up", "--speed", "fast"], "fast is no speed; give one such as 1h/s, 30m/s, 1d/s or 60"),
        (["up", "--to", "tomorrow"], "tomorrow is no time; give one such as 2025-06-30 or 2025-06-30T12:00Z"),
        (["up", "--port", "80"], "80 is no port; give one from 1024 to 65534"),
        (["up", "--setting", "NAME"], "NAME is no setting; give NAME=VALUE"),
        (["up", "--request-log", "/nowhere/at/all"], "/nowhere/at/all: no such directory"),
        (["time", "--to", "2025-06-30", "--next-release"], "--next-release cannot be combined with --to"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_would_be_right(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = dev(tmp_path, *arguments)
    assert done.returncode == 2
    assert says in done.stderr


def test_a_stack_in_the_background_that_is_interrupted_leaves_nothing(up: UpProcess) -> None:
    """The last test: it ends the stack of the others."""
    assert ends_and_leaves_nothing(up, signal.SIGINT) == 130
