"""The Functions host of the simulated instances: it calls functions, and delivers again what was not handled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import azure.functions as func

from shared.core.model.ids import ResourceId
from shared.errors import FleetAutoUpgradeError, InternalError
from shared.messages import profile_of, read_message
from tools.simulation import app
from tools.simulation.calls import Faults
from tools.simulation.chance import Chance
from tools.simulation.laws import Broken
from tools.simulation.scheduler import Process, Scheduler
from tools.simulation.world.azure import Actor
from tools.simulation.world.storage import QueueMessage

_VISIBLE_AGAIN, _DELIVERIES = 60.0, 12
"""Of host.json: after how many seconds a message that failed comes again, and how often."""
_INVISIBLE = 600.0
"""After how many seconds a message comes again whose process died."""
_EVENT_DELIVERIES = 5

Ended = Callable[[Process], None]


class Host:
    """Calls the app's functions on its instances.

    Args:
        scheduler: the time.
        chance: what is chosen, and late, and comes twice.
        faults: while they are on, messages are late and come twice.
        duplicates: how likely a message or an event comes twice.
        log: notes what someone does.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        chance: Chance,
        faults: Faults,
        duplicates: float,
        log: Callable[[str, str], None],
    ) -> None:
        self.instances: Sequence[app.Instance] = ()
        self._scheduler, self._chance, self._faults, self._log = scheduler, chance, faults, log
        self._duplicates = duplicates
        self._actors: dict[Process, Actor] = {}
        self._messages = 0

    def actor(self) -> Actor:
        """Who acts now."""
        process = self._scheduler.current
        return self._actors[process] if process is not None else Actor("person", "person")

    def invoke(self, name: str, actor: Actor, call: Callable[[], object], ended: Ended = lambda _: None) -> None:
        """Call a function of the app on an instance."""
        instance = self._chance.one_of(self.instances)
        about = f" {actor.profile}" if actor.profile else ""
        process = Process(f"{instance.name} {name}{about}", instance, self._scheduler.now)
        self._actors[process] = actor

        def run() -> None:
            try:
                self._call(process, call)
            finally:
                self._scheduler.at(self._scheduler.now, lambda: self._ended(process, ended))

        self._log(process.label, "begins")
        self._scheduler.start(process, run)

    def send(self, queue: str, body: str) -> None:
        """Deliver the message soon, often once, sometimes twice or late."""
        self._messages += 1
        message = QueueMessage(queue, f"m{self._messages}", body)
        self._deliver_later(message, self._delay())
        if self._comes_twice():
            self._deliver_later(message, self._delay() + self._chance.between(0, 200))

    def publish(self, name: str, call: Callable[[], object]) -> None:
        """Deliver the event soon, sometimes twice."""
        for _ in range(2 if self._comes_twice() else 1):
            self._deliver_event(name, call, self._delay(), 1)

    def crash(self, crashed: Process) -> None:
        """The whole instance dies, with every invocation on it, and begins anew."""
        for process in self._scheduler.processes:
            process.is_stopped = process.is_stopped or process.instance is crashed.instance
        if isinstance(crashed.instance, app.Instance):
            crashed.instance.restart()

    def _call(self, process: Process, call: Callable[[], object]) -> None:
        try:
            self._report(process, call())
        except FleetAutoUpgradeError as error:
            if isinstance(error, InternalError):
                raise Broken("no bug", f"{process.label} raised {error!r}") from error
            self._log(process.label, f"raises {type(error).__name__}: {error}")
            raise
        except Broken:
            raise
        except Exception as error:
            raise Broken("no bug", f"{process.label} raised {error!r}") from error

    def _report(self, process: Process, result: object) -> None:
        if isinstance(result, func.HttpResponse):
            self._log(process.label, f"responds {result.status_code} {result.get_body().decode()[:160]}")
            if result.status_code == 500:
                raise Broken("no bug", f"{process.label} responded 500")

    def _ended(self, process: Process, ended: Ended) -> None:
        del self._actors[process]
        if isinstance(process.error, Broken):
            raise process.error
        ended(process)

    def _deliver_later(self, message: QueueMessage, after: float) -> None:
        self._scheduler.at(self._scheduler.now + after, lambda: self._deliver(message))

    def _deliver(self, message: QueueMessage) -> None:
        if message.is_done:
            return
        message.deliveries += 1
        profile = ""
        if message.queue == "evaluate-profile":
            profile = ResourceId.parse(profile_of(read_message(message.body.encode())).text).name
        name = f"{message.queue} {message.id}" + (f" ({message.deliveries})" if message.deliveries > 1 else "")
        actor = Actor("trigger", name, profile, began_at=self._scheduler.now)

        def ended(process: Process) -> None:
            if process.is_stopped:
                self._deliver_later(message, _INVISIBLE)
            elif process.error is None:
                message.is_done = True
            elif message.deliveries < _DELIVERIES:
                self._deliver_later(message, _VISIBLE_AGAIN)
            else:
                message.is_done = True
                self._log("host", f"{message.queue} {message.id} goes to the poison queue")

        self.invoke(name, actor, app.queue_message(message.queue, message.id, message.body), ended)

    def _deliver_event(self, name: str, call: Callable[[], object], after: float, delivery: int) -> None:
        def ended(process: Process) -> None:
            if (process.is_stopped or process.error is not None) and delivery < _EVENT_DELIVERIES:
                self._deliver_event(name, call, 10 * 4**delivery, delivery + 1)

        actor = Actor("trigger", name)
        self._scheduler.at(self._scheduler.now + after, lambda: self.invoke(name, actor, call, ended))

    def _comes_twice(self) -> bool:
        return self._faults.is_on and self._chance.fault(self._duplicates)

    def _delay(self) -> float:
        if self._faults.is_on and self._chance.maybe(0.1):
            return self._chance.between(10, 900)
        return self._chance.between(0.1, 10)
