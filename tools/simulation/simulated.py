"""Plays one seed: instances of the app, people and releases in one world, first with faults and then without."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.use_cases.services import Services
from tools.simulation import app
from tools.simulation.calls import Calls
from tools.simulation.chance import Chance
from tools.simulation.host import Host
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
from tools.simulation.scheduler import Scheduler
from tools.simulation.world.azure import Actor, Azure, Event
from tools.simulation.world.model import BEGINNING, FLEET, RUNNING, STOPPING
from tools.simulation.world.storage import Table

RECONCILED_AT = TIDIES_AT + 2 * RECONCILES_EVERY + 600
"""When the second reconciliation after people have tidied up is over."""
ENDS_AT = RECONCILED_AT + 1.5 * RECONCILES_EVERY
"""When most runs that it began have ended; they are still watched, but nothing is reconciled."""
FOLLOWS_WITHIN = 1.5 * WATCHES_EVERY
"""After a run has ended: the watch timer sees it, and what follows is started."""
LAST_RUN_ENDS_AT = ENDS_AT + 6 * RECONCILES_EVERY
"""When also the steps and phases have ended that follow one another; members may come one by one in each."""


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

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed, self.omitted_faults)
        self.scenario: Scenario = make_scenario(self.seed)
        faults = self.scenario.faults
        self.host = Host(self.scheduler, self.chance, faults, self.scenario.duplicates, self.log)
        self.calls = Calls(self.scheduler, self.chance, faults, self._log_of_app, self.host.crash)
        self.azure = Azure(
            lambda: self.scheduler.now,
            lambda after, action: self.scheduler.at(self.scheduler.now + after, action),
            lambda: self.chance.between(200, 900),
            self._observe,
        )
        self.scenario.build(self.azure)
        self.laws = Laws(self.azure)
        self.people = People(self.azure, self.scheduler, self.chance, self.log, self)

    def play(self) -> Outcome:
        """Play it to its end, or to the first law that is broken."""
        with app.simulated(self, self._services):
            self.host.instances = [
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
                self._let_runs_end()
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
        return self.host.actor()

    def graph_lag(self) -> float:
        """Minutes while there are faults."""
        if not self.calls.faults.is_on:
            return 0.0
        return self.chance.between(0, self.scenario.graph_lag)

    def send(self, queue: str, body: str) -> None:
        """Deliver the message soon, often once, sometimes twice or late."""
        self.host.send(queue, body)

    def publish(self, events: Sequence[object]) -> None:
        """Deliver each event soon, sometimes twice."""
        for event in events:
            self.host.publish("release event", app.release_event(event))

    # what people call ------------------------------------------------------------------------------------------------

    def request(self, profile: str, *, start: bool) -> None:
        """A person requests a run by the HTTP function."""
        name = f"HTTP {'start' if start else 'review'}"
        actor = Actor("request", name, profile, starts=start, began_at=self.scheduler.now)
        self.host.invoke(name, actor, app.generate(self.azure.profiles[profile].id, start=start))

    def alert(self, profile: str, *, start: bool | None) -> None:
        """Azure Monitor calls, with the custom properties of its rule; it does not call again."""
        properties = {"profileId": self.azure.profiles[profile].id} if profile else {"fleetId": FLEET}
        if start is not None:
            properties |= {"action": "generateUpdateRun", "start": "true" if start else "false"}
        call = app.alert(properties)
        actor = Actor("trigger" if start is None else "request", "alert", profile, starts=bool(start))
        self.host.invoke("alert", replace(actor, began_at=self.scheduler.now), call)

    # time ------------------------------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        for name, every, until in (
            ("detect_releases", DETECTS_EVERY, RECONCILED_AT),
            ("reconcile", RECONCILES_EVERY, RECONCILED_AT),
            ("watch_runs", WATCHES_EVERY, LAST_RUN_ENDS_AT),
        ):
            first = self.chance.between(5, every / 3)
            for number in range(int((until - first) / every) + 1):
                self.scheduler.at(first + number * every, lambda name=name: self._timer(name))  # type: ignore[misc]
        for number, (time, deed) in enumerate(self.scenario.people):
            if number not in self.omitted_people:
                self.scheduler.at(time, lambda deed=deed: self.people.do(deed))  # type: ignore[misc]

    def _let_runs_end(self) -> None:
        """Go on while Fleet works on a run, and until it was watched what follows."""
        ends_at = self.scheduler.now + FOLLOWS_WITHIN
        while self.scheduler.now <= min(ends_at, LAST_RUN_ENDS_AT):
            if any(run.state in {RUNNING, STOPPING} for run in self.azure.runs.values()):
                ends_at = self.scheduler.now + FOLLOWS_WITHIN
            self.scheduler.run_until(self.scheduler.now + WATCHES_EVERY / 2)

    def _timer(self, name: str) -> None:
        self.host.invoke(name, Actor("trigger", name, began_at=self.scheduler.now), app.timer(name))

    def _calm(self) -> None:
        """No more faults, and every cluster is fit for an upgrade."""
        self.log("----", "the faults end")
        self.calls.faults.is_on = False
        self.people.repair()

    def _services(self) -> Services:
        process = self.scheduler.current
        if process is None or not isinstance(process.instance, app.Instance):
            raise RuntimeError("only an instance of the app has services")
        return process.instance.services

    def _log_of_app(self, what: str) -> None:
        process = self.scheduler.current
        self.log(process.label if process is not None else "", what)

    def _observe(self, event: Event) -> None:
        if event.kind == "gate":
            self.log("Fleet", f"waits for the approval of {event.run.name}")
            self.host.publish("gate event", app.gate_event(event.run.gate_id, event.run.id))
            self.people.asked_for_approval()
        self.laws.observe(event)


def _line(time: float, who: str, what: str) -> str:
    moment = BEGINNING + timedelta(seconds=time)
    return f"{moment:%d %H:%M:%S} {who:<34} {what}"
