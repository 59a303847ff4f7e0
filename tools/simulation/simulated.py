"""Plays one seed: instances of the app, people and releases in one world, first with faults and then without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import azure.functions as func

from shared.core.model.ids import ResourceId
from shared.errors import FleetAutoUpgradeError, InternalError
from shared.messages import profile_of, read_message
from shared.use_cases.services import Services
from tools.simulation import app
from tools.simulation.calls import Calls
from tools.simulation.chance import Chance
from tools.simulation.laws import Broken, Laws
from tools.simulation.people import People
from tools.simulation.scenario import (
    DETECTS_EVERY,
    QUIET_AT,
    RECONCILES_EVERY,
    TIDIES_AT,
    WATCHES_EVERY,
    Scenario,
    make_scenario,
)
from tools.simulation.scheduler import Process, Scheduler
from tools.simulation.world.azure import Actor, Azure, Event
from tools.simulation.world.model import BEGINNING
from tools.simulation.world.storage import QueueMessage, Table

RECONCILED_AT = TIDIES_AT + 2 * RECONCILES_EVERY + 600
"""When the second reconciliation after people have tidied up is over."""
ENDS_AT = RECONCILED_AT + 1.5 * RECONCILES_EVERY
"""When the runs that it began have ended; they are still watched, but nothing is reconciled."""
_VISIBLE_AGAIN, _DELIVERIES = 60.0, 12
"""Of host.json: after how many seconds a message that failed comes again, and how often."""
_INVISIBLE = 600.0
"""After how many seconds a message comes again whose process died."""
_POISON = "-poison"


@dataclass(frozen=True)
class Outcome:
    """What happened."""

    seed: int
    broken: Broken | None
    schedule: tuple[str, ...]
    """What everyone did, a line each."""
    calls: int
    faults: tuple[int, ...]
    people: int
    """How many things people do in the scenario."""


def simulate(seed: int, omitted_faults: Collection[int] = (), omitted_people: Collection[int] = ()) -> Outcome:
    """Play a seed, all of it or without some faults and some of what people do."""
    return _Simulation(seed, omitted_faults, omitted_people).play()


@dataclass
class _Simulation:
    """The world of one seed; implements `tools.simulation.sdk.Outside`."""

    seed: int
    omitted_faults: Collection[int]
    omitted_people: Collection[int]
    lines: list[tuple[float, str, str]] = field(default_factory=list)
    scheduler: Scheduler = field(default_factory=Scheduler)
    table: Table = field(default_factory=Table)
    pending: list[QueueMessage] = field(default_factory=list)
    messages: int = 0
    invocations: int = 0

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed, self.omitted_faults)
        self.scenario: Scenario = make_scenario(self.seed)
        self.calls = Calls(self.scheduler, self.chance, self.scenario.faults, self._log_of_app, self._crash)
        self.azure = Azure(
            lambda: self.scheduler.now,
            lambda after, action: self.scheduler.at(self.scheduler.now + after, action),
            lambda: self.chance.between(200, 900),
            self._observe,
        )
        self.actors: dict[Process, Actor] = {}
        self.scenario.build(self.azure)
        self.laws = Laws(self.azure)
        self.people = People(self.azure, self.scheduler, self.chance, self.log, self._request)

    def play(self) -> Outcome:
        """Play it to its end, or to the first law that is broken."""
        with app.simulated(self, self._services):
            self.instances = [
                app.Instance(f"i{number}", skew, lambda: self.scheduler.now)
                for number, skew in enumerate(self.scenario.skews, start=1)
            ]
            broken: Broken | None = None
            try:
                self._schedule()
                self.scheduler.run_until(QUIET_AT)
                self._calm()
                self.scheduler.run_until(TIDIES_AT)
                self.people.tidy(clears_runs=self.scenario.clears_runs)
                self.scheduler.run_until(ENDS_AT)
                self.laws.check_end()
            except Broken as law:
                broken = law
                self._log_decisions()
                self.log("LAW", str(law))
            finally:
                self.scheduler.stop_all()
        schedule = tuple(_line(*line) for line in self.lines)
        return Outcome(
            self.seed, broken, schedule, self.calls.made, tuple(self.chance.happened), len(self.scenario.people)
        )

    def log(self, who: str, what: str) -> None:
        """Note what someone does."""
        self.lines.append((self.scheduler.now, who, what))

    def _log_decisions(self) -> None:
        """Note what the app decided last, in its own words."""
        for entity, _ in self.table.matching(lambda entity: str(entity["PartitionKey"]).startswith("decisions ")):
            self.log("the app", f"{entity['RowKey']}: {entity['outcome']}, {entity['reason']}: {entity['sentence']}")

    # what the clients reach ------------------------------------------------------------------------------------------

    def actor(self) -> Actor:
        """Who acts now."""
        process = self.scheduler.current
        return self.actors[process] if process is not None else Actor("person", "person")

    def graph_lag(self) -> float:
        """Minutes while there are faults."""
        if not self.calls.faults.is_on:
            return 0.0
        return self.chance.between(0, self.scenario.graph_lag)

    def send(self, queue: str, body: str) -> None:
        """Deliver the message soon, often once, sometimes twice or late."""
        self.messages += 1
        message = QueueMessage(queue, f"m{self.messages}", body)
        self.pending.append(message)
        self._deliver_later(message, self._delay())
        if self.calls.faults.is_on and self.chance.fault(self.scenario.duplicates):
            self._deliver_later(message, self._delay() + self.chance.between(0, 200))

    def publish(self, events: Sequence[object]) -> None:
        """Deliver each event soon, sometimes twice."""
        for event in events:
            for _ in range(2 if self.calls.faults.is_on and self.chance.fault(self.scenario.duplicates) else 1):
                self._event_later(event, self._delay(), 1)

    # the host --------------------------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        for name, every, until in (
            ("detect_releases", DETECTS_EVERY, RECONCILED_AT),
            ("reconcile", RECONCILES_EVERY, RECONCILED_AT),
            ("watch_runs", WATCHES_EVERY, ENDS_AT),
        ):
            first = self.chance.between(5, every / 3)
            for number in range(int((until - first) / every) + 1):
                self.scheduler.at(first + number * every, lambda name=name: self._timer(name))  # type: ignore[misc]
        for number, (time, deed) in enumerate(self.scenario.people):
            if number not in self.omitted_people:
                self.scheduler.at(time, lambda deed=deed: self.people.do(deed))  # type: ignore[misc]

    def _calm(self) -> None:
        """No more faults, and every cluster is fit for an upgrade."""
        self.log("----", "the faults end")
        self.calls.faults.is_on = False
        self.people.repair()

    def _timer(self, name: str) -> None:
        self._invoke(name, Actor("trigger", name, began_at=self.scheduler.now), app.timer(name), lambda _: None)

    def _deliver_later(self, message: QueueMessage, after: float) -> None:
        self.scheduler.at(self.scheduler.now + after, lambda: self._deliver(message))

    def _deliver(self, message: QueueMessage) -> None:
        if message.is_done:
            return
        message.deliveries += 1
        profile = ""
        if message.queue == "evaluate-profile":
            profile = ResourceId.parse(profile_of(read_message(message.body.encode())).text).name
        name = f"{message.queue} {message.id}" + (f" ({message.deliveries})" if message.deliveries > 1 else "")
        actor = Actor("trigger", name, profile, began_at=self.scheduler.now)

        def ended(process: Process) -> None:
            if process.is_stopped:
                self._deliver_later(message, _INVISIBLE)
            elif process.error is None:
                message.is_done = True
            elif message.deliveries < _DELIVERIES:
                self._deliver_later(message, _VISIBLE_AGAIN)
            else:
                message.is_done = True
                self.log("host", f"{message.queue} {message.id} goes to the poison queue")

        self._invoke(name, actor, app.queue_message(message.queue, message.id, message.body), ended)

    def _event_later(self, event: object, after: float, delivery: int) -> None:
        def ended(process: Process) -> None:
            if (process.is_stopped or process.error is not None) and delivery < 5:
                self._event_later(event, 10 * 4**delivery, delivery + 1)

        actor = Actor("trigger", "release event")
        self.scheduler.at(
            self.scheduler.now + after, lambda: self._invoke("release event", actor, app.release_event(event), ended)
        )

    def _request(self, profile: str, *, start: bool) -> None:
        name = f"HTTP {'start' if start else 'review'}"
        actor = Actor("request", name, profile, starts=start, began_at=self.scheduler.now)
        self._invoke(name, actor, app.generate(self.azure.profiles[profile].id, start=start), lambda _: None)

    def _invoke(self, name: str, actor: Actor, call: Callable[[], object], ended: Callable[[Process], None]) -> None:
        """Call a function of the app on an instance."""
        self.invocations += 1
        instance = self.chance.one_of(self.instances)
        about = f" {actor.profile}" if actor.profile else ""
        process = Process(f"{instance.name} {name}{about}", instance, self.scheduler.now)
        self.actors[process] = actor

        def work() -> None:
            try:
                self._report(process, call())
            except FleetAutoUpgradeError as error:
                if isinstance(error, InternalError):
                    raise Broken("no bug", f"{process.label} raised {error!r}") from error
                self.log(process.label, f"raises {type(error).__name__}: {error}")
                raise
            except Broken:
                raise
            except Exception as error:
                raise Broken("no bug", f"{process.label} raised {error!r}") from error

        def run() -> None:
            try:
                work()
            finally:
                self.scheduler.at(self.scheduler.now, lambda: self._ended(process, ended))

        self.log(process.label, "begins")
        self.scheduler.start(process, run)

    def _ended(self, process: Process, ended: Callable[[Process], None]) -> None:
        del self.actors[process]
        if isinstance(process.error, Broken):
            raise process.error
        ended(process)

    def _report(self, process: Process, result: object) -> None:
        if isinstance(result, func.HttpResponse):
            self.log(process.label, f"responds {result.status_code} {result.get_body().decode()[:160]}")
            if result.status_code == 500:
                raise Broken("no bug", f"{process.label} responded 500")

    def _crash(self, crashed: Process) -> None:
        """The whole instance dies, with every invocation on it, and begins anew."""
        for process in self.scheduler.processes:
            process.is_stopped = process.is_stopped or process.instance is crashed.instance
        if isinstance(crashed.instance, app.Instance):
            crashed.instance.restart()

    def _services(self) -> Services:
        process = self.scheduler.current
        if process is None or not isinstance(process.instance, app.Instance):
            raise RuntimeError("only an instance of the app has services")
        return process.instance.services

    def _delay(self) -> float:
        if self.calls.faults.is_on and self.chance.maybe(0.1):
            return self.chance.between(10, 900)
        return self.chance.between(0.1, 10)

    def _log_of_app(self, what: str) -> None:
        process = self.scheduler.current
        self.log(process.label if process is not None else "", what)

    def _observe(self, event: Event) -> None:
        self.laws.observe(event)


def _line(time: float, who: str, what: str) -> str:
    moment = BEGINNING + timedelta(seconds=time)
    return f"{moment:%d %H:%M:%S} {who:<34} {what}"
