"""One worker process of the app: an event requests an evaluation, which is done, and then each due profile is.

`tools.benchmarks.lab` starts it; it prints what it measured as JSON. It calls the use cases as the functions do, and
takes the messages from the queues as the Functions host does, without its pauses between two polls.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from azure.storage.queue import QueueMessage, QueueServiceClient

from shared.composition import make_services
from shared.core.model.ids import ResourceId
from shared.messages import EVALUATE_ESTATE, EVALUATE_PROFILE, profile_of, read_message
from shared.settings import read_settings
from shared.telemetry.emit import LOGGER_NAME
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.decide_profile import EvaluationOptions, decide_profile
from shared.use_cases.detect_releases import detect_releases
from shared.use_cases.requested_evaluation import evaluate_if_requested, request_evaluation
from shared.use_cases.services import Services
from shared.use_cases.watch_runs import watch_runs
from tools.benchmarks.metered import Meter, MeteredConnection, SentRequest, counts
from tools.benchmarks.phases import Phase

MESSAGES_AT_A_TIME = 4
"""As `batchSize` in host.json."""
SAMPLE = 20
"""How many due profiles a month's measurement acts on, one after the other: each needs the same."""


class Worker:
    """The app in this process, metered."""

    def __init__(self, latency_seconds: float) -> None:
        self.meter = Meter(latency_seconds)
        connection = MeteredConnection(read_settings(os.environ), self.meter)
        self.services: Services = make_services(connection)
        self._queues = QueueServiceClient(
            connection.settings.queue_endpoint, credential=connection.credential, connection_verify=connection.verify
        )
        self._telemetry = _TelemetryCounter()
        logging.getLogger(LOGGER_NAME).addHandler(self._telemetry)
        logging.getLogger(LOGGER_NAME).setLevel(logging.INFO)
        logging.getLogger(LOGGER_NAME).propagate = False

    @contextmanager
    def phase(self, origin: float) -> Iterator[Phase]:
        """Measure what is done inside; `origin` is the time of the event."""
        began, cpu = time.perf_counter(), _cpu_seconds()
        phase = Phase(began - origin)
        events, size = self._telemetry.events, self._telemetry.size
        yield phase
        phase.seconds, phase.cpu_seconds = time.perf_counter() - began, _cpu_seconds() - cpu
        phase.peak_megabytes = peak_megabytes()
        sent = self.meter.since(began)
        phase.requests = dict(counts(sent))
        phase.throttled = sum(request.status == 429 for request in sent)
        phase.events, phase.event_bytes = self._telemetry.events - events, self._telemetry.size - size

    def messages(self, queue: str) -> list[QueueMessage]:
        """Take all messages from a queue; they are not counted as requests of the app."""
        client = self._queues.get_queue_client(queue)
        found: list[QueueMessage] = []
        while batch := list(client.receive_messages(messages_per_page=32, max_messages=32, visibility_timeout=3600)):
            for message in batch:
                client.delete_message(message)
            found += batch
        return found


class _TelemetryCounter(logging.Handler):
    events = 0
    size = 0

    def emit(self, record: logging.LogRecord) -> None:
        texts = {key: value for key, value in vars(record).items() if isinstance(value, str)}
        self.events += 1
        self.size += len(json.dumps(texts))


def work(worker: Worker, *, acts: bool) -> dict[str, object]:
    """Request an evaluation, do it, and act on the profiles that are due."""
    services, start, origin = worker.services, peak_megabytes(), time.perf_counter()
    with worker.phase(origin) as event:
        request_evaluation(services, f"event {origin}", "release in all regions", services.clock.now())
    [message] = worker.messages(EVALUATE_ESTATE)
    with worker.phase(origin) as evaluation:
        decisions = evaluate_if_requested(services, message.id).decisions
    due = worker.messages(EVALUATE_PROFILE)
    with worker.phase(origin) as acting:
        started = _act(services, due) if acts else 0
    return {
        "megabytesAtStart": start,
        "event": vars(event),
        "evaluation": vars(evaluation),
        "acting": vars(acting),
        "profiles": len(decisions),
        "due": len(due),
        "started": started,
        "outcomes": Counter(f"{decision.outcome} {decision.reason}" for decision in decisions),
        "requests": [_as_json(request, origin) for request in worker.meter.since(origin)],
    }


def warm_up(worker: Worker) -> None:
    """Do once what can be done without a change, so that clients, connections and tokens exist."""
    services = worker.services
    request_evaluation(services, "event before", "release in all regions", services.clock.now())
    [message] = worker.messages(EVALUATE_ESTATE)
    evaluate_if_requested(services, message.id)
    for due in worker.messages(EVALUATE_PROFILE)[:SAMPLE]:
        decide_profile(services, _profile_of(due), EvaluationOptions())


def a_month(worker: Worker) -> dict[str, object]:
    """One execution of each kind that a month has."""
    services, origin = worker.services, time.perf_counter()
    max_age = read_settings(os.environ).catalog_max_age
    detect_releases(services, max_age)  # the first one publishes everything
    with worker.phase(origin) as detection:
        detect_releases(services, timedelta(0))
    with worker.phase(origin) as unchanged:
        detect_releases(services, max_age)
    warm_up(worker)
    with worker.phase(origin) as request:
        request_evaluation(services, "timer", "reconcile")
    [message] = worker.messages(EVALUATE_ESTATE)
    with worker.phase(origin) as evaluation:
        decisions = evaluate_if_requested(services, message.id).decisions
    with worker.phase(origin) as watch:
        watch_runs(services)
    due = worker.messages(EVALUATE_PROFILE)
    acted_on = due[:SAMPLE]
    with worker.phase(origin) as acting:
        for each in acted_on:
            act_on_profile(services, _profile_of(each))
    measured = {"detection": detection, "detectionUnchanged": unchanged, "request": request, "evaluation": evaluation}
    return {
        **{name: vars(phase) for name, phase in (measured | {"watch": watch, "acting": acting}).items()},
        "profiles": len(decisions),
        "actedOn": len(acted_on),
        "secondsOfOne": acting.seconds / len(acted_on),
    }


def _act(services: Services, messages: list[QueueMessage]) -> int:
    """Act on the profiles, a few at a time as the Functions host does; how many runs were started."""
    with ThreadPoolExecutor(MESSAGES_AT_A_TIME) as threads:
        actions = [threads.submit(act_on_profile, services, _profile_of(message)) for message in messages]
        return sum(action.result().started for action in actions)


def _profile_of(message: QueueMessage) -> ResourceId:
    return profile_of(read_message(str(message.content).encode()))


def _as_json(request: SentRequest, origin: float) -> list[object]:
    times = (round(request.began - origin, 4), round(request.ended - origin, 4))
    return [request.kind, request.method, request.path, *times, request.status]


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_megabytes() -> float:
    """The process's peak so far. Not `ru_maxrss`, which begins with what the parent process had."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def main() -> int:
    """Work as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks.worker", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that are added to each request")
    parser.add_argument("--evaluate-only", action="store_true", help="do not act on the due profiles")
    parser.add_argument("--warm-up", action="store_true", help="do once what changes nothing, unmeasured, before")
    parser.add_argument("--month", action="store_true", help="one execution of each kind that a month has, instead")
    options = parser.parse_args()
    worker = Worker(options.latency)
    if options.warm_up:
        warm_up(worker)
    if options.month:
        print(json.dumps(a_month(worker)))
        return 0
    print(json.dumps(work(worker, acts=not options.evaluate_only)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
