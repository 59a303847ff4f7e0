"""Queue triggers on real Azurite: what a function gets, and when a message that failed comes again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.host.clock_server import ClockServer
from tests.tools.host.conftest import StartHost
from tests.tools.host.host_process import HostOptions, HostProcess, JsonObject, refusal_to_start
from tests.tools.host.storage import Storage, storage_account

QUEUE_APP = Path(__file__).parent / "queue_app"


@pytest.fixture
def storage() -> Iterator[Storage]:
    with storage_account() as account:
        yield account


@pytest.fixture
def options(storage: Storage, clock: ClockServer, tmp_path: Path) -> HostOptions:
    return HostOptions(
        tmp_path,
        app_dir=QUEUE_APP,
        values=storage.settings(clock.ca_bundle),
        arguments=("--clock-url", clock.url, "--threads", "4"),
    )


@pytest.fixture
def host(start_host: StartHost, options: HostOptions) -> HostProcess:
    return start_host(options)


def handled(host: HostProcess) -> list[tuple[object, int]]:
    """The messages that the function got so far: content and dequeue count."""
    return [(event["content"], event["count"]) for event in host.events("message")]


def test_a_message_is_passed_as_the_real_host_passes_it_and_then_deleted(host: HostProcess, storage: Storage) -> None:
    storage.send(what="work", characters="<&>\u00e9")

    assert host.idle()["idle"]

    [event] = host.events("message")
    assert (event["content"], event["count"]) == ({"what": "work", "characters": "<&>\u00e9"}, 1)
    assert str(event["id_"]).count("-") == 4
    assert str(event["inserted"]) < str(event["expires"])
    assert storage.count() == 0


def test_idle_waits_for_every_message_that_is_visible(host: HostProcess, storage: Storage) -> None:
    for number in range(5):
        storage.send(number=number, seconds=0.05)

    assert host.idle()["invocations"] == 5
    assert storage.count() == 0


def test_a_message_comes_without_anyone_asking(host: HostProcess, storage: Storage) -> None:
    storage.send(what="work")

    assert host.wait_for_event("message")["content"] == {"what": "work"}


def test_a_message_that_failed_comes_again_when_the_clock_says_so(
    host: HostProcess, storage: Storage, clock: ClockServer
) -> None:
    storage.send(fail=True)
    first = host.idle()
    assert (first["idle"], first["nextTimerAt"]) == (True, "2026-01-01T00:35:00Z")

    host.idle("2026-01-01T00:34:59Z")
    assert handled(host) == [({"fail": True}, 1)]

    clock.move("2026-01-01T00:35:00Z")
    host.idle("2026-01-01T00:35:00Z")
    assert handled(host) == [({"fail": True}, 1), ({"fail": True}, 2)]


def test_a_message_that_failed_too_often_goes_to_the_poison_queue(
    host: HostProcess, storage: Storage, clock: ClockServer
) -> None:
    storage.send(fail=True, what="poison")
    for minute in ("30", "35", "40"):
        clock.move(f"2026-01-01T00:{minute}:00Z")
        host.idle(f"2026-01-01T00:{minute}:00Z")

    assert [count for _, count in handled(host)] == [1, 2, 3]
    assert host.idle("2026-01-01T00:40:00Z")["nextTimerAt"] is None
    assert storage.poisoned() == [{"fail": True, "what": "poison"}]
    assert storage.count() == 0


def test_messages_of_a_host_that_was_killed_come_again(
    start_host: StartHost, options: HostOptions, storage: Storage, tmp_path: Path
) -> None:
    """Fifteen seconds later: the second host waits for them."""
    dying = start_host(options)
    storage.send(seconds=60)
    dying.wait_for_event("message")
    dying.kill()
    (tmp_path / "log.jsonl").unlink()

    second = start_host(options)

    assert second.wait_for_event("message")["count"] == 2


def test_an_app_whose_queues_no_setting_names_is_refused(options: HostOptions) -> None:
    without = {name: value for name, value in options.values.items() if name != "SAMPLE__queueServiceUri"}

    assert "SAMPLE__queueServiceUri" in refusal_to_start(
        HostOptions(options.directory, QUEUE_APP, without, options.arguments)
    )


def test_a_host_whose_queues_do_not_respond_serves_all_else(start_host: StartHost, options: HostOptions) -> None:
    values = {**options.values, "SAMPLE__queueServiceUri": "https://127.0.0.1:1/account"}
    host = start_host(HostOptions(options.directory, QUEUE_APP, values, options.arguments))

    state: JsonObject = host.idle()

    assert state["idle"]
    assert "queue triggers wait" in host.log_text()
