"""The laws that hold for every input: no bug, no write where there is nothing to do, no secret, and bounds.

- A request gets a response below 500: in this world nothing fails for a time, which alone makes a 503 right.
- An event is done, or refused as invalid. A message is always done: what cannot be read would only come again.
- What is refused, and every `GET`, writes nothing; a profile that is due gets one run at most.
- The function key is in no response and in no log; what a caller sends is in no log, but for ids of resources.
- No log line, no log of one call and no response is long, and no call takes long.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import cast
from unittest import mock

import azure.functions as func

from shared import composition
from shared.errors import InvalidInputError, NotFoundError
from shared.settings import AlertSettings, HttpSettings
from shared.telemetry import sending
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.services import Services
from tests.app.functions.settings import SETTINGS
from tests.app.fuzz.inputs import KEY, RUN, Input
from tests.app.fuzz.values import SENT
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene

LONGEST_LINE, LONGEST_LOG, LONGEST_RESPONSE = 8_000, 64_000, 64_000
"""In characters; the longest inputs have half a million."""
LONGEST_CALL_SECONDS = 3.0
"""Of the processor: what takes longer depends on the size of the input."""

_READS = frozenset(
    {
        *("now", "digest", "read", "has_runs_to_watch", "manages", "poison_messages", "find_run"),
        *("read_fleet", "read_fleets", "read_profile", "read_runs", "read_maintenance_windows", "read_outline"),
        *("read_fleet_with", "read_stored", "read_strategies", "members", "decisions_on"),
        *("first_seen_in", "run_records", "waiting_since", "catalog_read_since", "evaluation_state"),
        *("last_reading", "last_detection", "last_trigger", "last_decision", "last_evaluation", "last_watch"),
        *("runs_of", "releases", "unreadable", "waiting_messages"),
    }
)
"""Methods of ports that change nothing; every other one counts as a write."""

_SAME_FOR_ALL = frozenset({"api_description"})
"""Functions whose response is a file: no input makes it longer."""


@dataclass
class Outcome:
    """What one call did."""

    result: str
    """The status of a response, `done`, or the name of an exception."""
    broken: list[str] = field(default_factory=list)
    """Laws that it broke, in words."""
    seconds: float = 0.0
    logged: int = 0
    responded: int = 0


class _Port:
    """Passes every call on to a port, and notes those that write."""

    def __init__(self, port: object, writes: list[str]) -> None:
        self._port, self._writes = port, writes

    def __getattr__(self, name: str) -> object:
        method = getattr(self._port, name)
        if name in _READS:
            return method

        def write(*arguments: object, **options: object) -> object:
            is_refused = False
            try:
                return method(*arguments, **options)
            except NotFoundError:
                is_refused = True  # there is no such fleet: nothing was written
                raise
            finally:
                if not is_refused:
                    self._writes.append(name)

        return write


class _Log(logging.Handler):
    """Keeps the lines of every logger, with their attributes and stack traces, as a sink has them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {vars(record)}")


@contextmanager
def fuzzed_app() -> Iterator[_Log]:
    """The app on a world in memory, whose settings allow alerts everything."""
    log, root = _Log(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers[:] = [log]
    root.setLevel(logging.DEBUG)
    with (
        mock.patch.object(composition, "start_telemetry", _nothing),
        mock.patch.object(composition, "alert_settings", partial(AlertSettings, act=True, generate=True)),
        mock.patch.object(composition, "settings", return_value=SETTINGS),
        mock.patch.object(composition, "http_settings", partial(HttpSettings, write_profiles=True)),
        mock.patch.object(sending, "flush", _nothing),
    ):
        yield log
    root.handlers[:] = handlers
    root.setLevel(level)


def outcome_of(given: Input, log: _Log) -> Outcome:
    """Make the call in a new world, within `fuzzed_app`."""
    scene, writes = _evaluated_scene() if given.reads_only else UseCaseScene(), list[str]()
    created = len(scene.azure.created)
    watched = _watched(scene.services, writes)
    log.lines.clear()
    began = time.process_time()
    response: object = None
    error: Exception | None = None
    with mock.patch.object(composition, "services", partial(_itself, watched)):
        try:
            response = given.call()
        except Exception as raised:  # noqa: BLE001 - a bug is what is looked for
            error = raised
    outcome = Outcome(_result(response, error), seconds=time.process_time() - began)
    if error is not None:  # as the host does
        logging.getLogger("host").error("Executed 'Functions.%s' (Failed)", given.function.name, exc_info=error)
    outcome.logged = sum(map(len, log.lines))
    outcome.broken = [*_broken(given, response, error, writes), *_leaks(log)]
    if len(scene.azure.created) > created + 1:
        outcome.broken.append(f"created {len(scene.azure.created) - created} runs")
    if isinstance(response, func.HttpResponse):
        outcome.responded = len(response.get_body())
        if given.function.name not in _SAME_FOR_ALL:
            outcome.broken += _in_response(response)
    if outcome.logged > LONGEST_LOG:
        outcome.broken.append(f"a log of {outcome.logged} characters")
    if outcome.seconds > LONGEST_CALL_SECONDS:
        outcome.broken.append(f"a call of {outcome.seconds:.1f} s")
    return outcome


@cache
def _evaluated_scene() -> UseCaseScene:
    """A world with a run and a decision, which all requests share that must write nothing."""
    scene = UseCaseScene()
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    [run] = scene.azure.fleet.update_runs
    renamed = replace(run, id=FLEET.child("updateRuns", RUN))
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(renamed,))
    return scene


def _nothing() -> None:
    """In place of telemetry."""


def _itself(services: Services) -> Services:
    return services


def _watched(services: Services, writes: list[str]) -> Services:
    ports: Mapping[str, object] = {
        name: _Port(getattr(services, name), writes)
        for name in Services.__dataclass_fields__
        if name != "policy_defaults"
    }
    return replace(services, **cast("dict[str, object]", ports))  # type: ignore[arg-type] # each is what it wraps


def _result(response: object, error: Exception | None) -> str:
    if error is not None:
        return type(error).__name__
    return str(response.status_code) if isinstance(response, func.HttpResponse) else "done"


def _broken(given: Input, response: object, error: Exception | None, writes: list[str]) -> Iterator[str]:
    kind, is_refused = given.function.kind, error is not None
    if isinstance(response, func.HttpResponse):
        is_refused = response.status_code >= 400
        if response.status_code >= 500:
            yield f"status {response.status_code}: {response.get_body()[:300]!r}"
    elif kind == "httpTrigger":
        yield f"no response: {error!r:.300}"
    if error is not None and not (kind == "eventGridTrigger" and type(error) is InvalidInputError):
        yield f"raised {error!r:.300}"
    if writes and (is_refused or given.reads_only):
        yield f"{'refused' if is_refused else 'a GET'}, and wrote: {', '.join(writes)}"


def _leaks(log: _Log) -> Iterator[str]:
    for line in log.lines:
        if KEY in line:
            yield f"the key in a log: {line[:300]}"
        if SENT in line:
            yield f"the caller's text in a log: {line[:300]}"
        if len(line) > LONGEST_LINE:
            yield f"a line of {len(line)} characters: {line[:300]}"


def _in_response(response: func.HttpResponse) -> Iterator[str]:
    whole = f"{response.get_body()!r} {dict(response.headers)}"
    if KEY in whole:
        yield f"the key in the response: {whole[:300]}"
    if len(whole) > LONGEST_RESPONSE:
        yield f"a response of {len(whole)} characters"
