"""Virtual time, and processes of which exactly one runs at a time: the next one is always that with the earliest time.

A process is a function on a separate thread. It runs until it pauses, at a call to Azure; meanwhile time passes,
other processes run, and the world changes. So the same seed gives the same schedule on every machine.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Work = Callable[[], None]


class ProcessStopped(BaseException):
    """The process ends here, as after `kill -9`: nothing of the app catches it."""


class _Thread:
    """A thread that runs one work after another, while its owner waits for each to pause or to end."""

    def __init__(self) -> None:
        self._go, self._paused = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._paused.acquire()
        self._work: Work | None = None
        self.is_idle = True
        threading.Thread(target=self._run, name="simulated process", daemon=True).start()

    def run(self, work: Work) -> None:
        """Run the work until it first pauses or ends."""
        self._work, self.is_idle = work, False
        self.resume()

    def resume(self) -> None:
        """Run on until the work pauses or ends."""
        self._go.release()
        self._paused.acquire()

    def pause(self) -> None:
        """Pause; called in the thread itself."""
        self._paused.release()
        self._go.acquire()

    def _run(self) -> None:
        while True:
            self._go.acquire()
            if self._work is not None:
                self._work()
            self.is_idle = True
            self._paused.release()


_threads: list[_Thread] = []
"""They are used again, by one simulation after the other."""


@dataclass(eq=False)
class Process:
    """One invocation of a function of the app, on an instance."""

    label: str
    instance: object
    began_at: float
    is_stopped: bool = False
    is_over: bool = False
    error: BaseException | None = None
    """What ended it, if that is neither its own end nor a stop."""
    _thread: _Thread | None = None


@dataclass
class Scheduler:
    """The time in seconds since the beginning, and what happens next."""

    now: float = 0.0
    current: Process | None = None
    """The process that runs at this moment; None between processes."""
    processes: list[Process] = field(default_factory=list)
    """Those that have not ended."""
    _next: list[tuple[float, int, Work | Process]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _horizon: float = 0.0

    def at(self, time: float, action: Work) -> None:
        """Do something at a time; it must not pause."""
        heapq.heappush(self._next, (max(time, self.now), next(self._numbers), action))

    def start(self, process: Process, work: Work) -> None:
        """Begin a process; it runs until its first pause. Not called by a process."""
        thread = next((each for each in _threads if each.is_idle), None)
        if thread is None:
            thread = _Thread()
            _threads.append(thread)
        process._thread = thread
        self.processes.append(process)
        self._switch(process, lambda: thread.run(lambda: _work(process, work)))

    def pause(self, seconds: float) -> None:
        """Let time pass for the current process.

        Raises:
            ProcessStopped: it was stopped meanwhile.
        """
        process = self.current
        if process is None or process._thread is None:
            raise RuntimeError("only a process pauses")
        if process.is_stopped:
            raise ProcessStopped
        wakes_at = self.now + seconds
        if wakes_at <= self._horizon and (not self._next or wakes_at < self._next[0][0]):
            self.now = wakes_at  # nothing else happens until then
            return
        heapq.heappush(self._next, (wakes_at, next(self._numbers), process))
        process._thread.pause()
        if process.is_stopped:
            raise ProcessStopped

    def run_until(self, time: float) -> None:
        """Let everything happen that is due until then."""
        self._horizon = time
        while self._next and self._next[0][0] <= time:
            self.now, _, what = heapq.heappop(self._next)
            if isinstance(what, Process):
                if not what.is_over:
                    self._resume(what)
            else:
                what()
        self.now = max(self.now, time)

    def stop_all(self) -> None:
        """End every process, and forget what would happen."""
        self._next.clear()
        for process in list(self.processes):
            process.is_stopped = True
            while not process.is_over:
                self._resume(process)

    def _resume(self, process: Process) -> None:
        thread = process._thread
        if thread is not None:
            self._switch(process, thread.resume)

    def _switch(self, process: Process, run: Work) -> None:
        self.current = process
        run()
        self.current = None
        if process.is_over:
            self.processes.remove(process)


def _work(process: Process, work: Work) -> None:
    try:
        work()
    except ProcessStopped:
        process.is_stopped = True
    except BaseException as error:  # noqa: BLE001 - the simulation reports it, in its own thread
        process.error = error
    process.is_over = True
