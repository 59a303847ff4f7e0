"""`./dev kill-test`: real hosts on one fleet, many copies of the same requests at once, and `kill -9` in between."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from tools.emulator.arm.body import objects_at
from tools.stack.control import HostControl, at_rest
from tools.stack.kept_process import Process
from tools.stack.stack import Stack, StackOptions

HERE = Path(__file__).parent
FLEET = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/platform/providers"
    "/Microsoft.ContainerService/fleets/retail"
)
SHOPS, LAB = f"{FLEET}/autoUpgradeProfiles/shops", f"{FLEET}/autoUpgradeProfiles/lab"
_NEVER = "0 0 0 29 2 *"
_PATIENCE = 120.0
_RELEASE = "1.34.2"


@dataclass(frozen=True)
class KillOptions:
    """How many of what."""

    hosts: int
    copies: int
    kills: int
    seed: int
    say: Callable[[str], None] = print


@dataclass
class _Race:
    """The hosts that run, and those that are killed and started again."""

    stack: Stack
    options: KillOptions
    hosts: list[tuple[Process, HostControl]] = field(default_factory=list)
    killed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def add(self) -> None:
        """Start another host."""
        started = self.stack.start_host(f"racer-{next(self._numbers)}")
        with self._lock:
            self.hosts.append(started)

    def request(self, number: int) -> None:
        """One of the copies: every third is for review, of a profile that only requests act on."""
        with self._lock:
            _, host = self.hosts[number % len(self.hosts)]
        try:
            if number % 3:
                host.generate_update_run(SHOPS, start=True)
            else:
                host.generate_update_run(LAB)
        except httpx.HTTPError:
            pass  # its host was killed

    def kill(self, chance: random.Random) -> None:
        """Kill a host at a random moment, and start another one."""
        time.sleep(chance.uniform(0.0, 0.5))
        with self._lock:
            process, _ = self.hosts.pop(chance.randrange(len(self.hosts)))
        process.kill()
        self.killed += 1
        self.add()


def run_kill_test(options: KillOptions) -> int:
    """Race and kill, let the timers run, and check the laws; 0 if they hold, otherwise 1."""
    schedules = dict.fromkeys((f"AUTO_UPGRADE_{name}_SCHEDULE" for name in ("DETECT", "RECONCILE", "WATCH")), _NEVER)
    stack_options = StackOptions(
        world=HERE / "world.yaml", timeline=HERE / "timeline.json", settings=schedules, say=lambda _: None
    )
    with Stack(stack_options) as stack:
        return _play(stack, options)


def _play(stack: Stack, options: KillOptions) -> int:
    race, chance = _Race(stack, options), random.Random(options.seed)  # noqa: S311 - reproducible on purpose
    for _ in range(options.hosts):
        race.add()
    options.say(f"{options.hosts} hosts are up")
    stack.emulator.publish_release({"kind": "patch", "version": _RELEASE, "preview": False, "lts_patch": False})
    with ThreadPoolExecutor(options.hosts * 4) as pool:
        copies = [pool.submit(race.request, number) for number in range(options.copies)]
        for _ in range(options.kills):
            race.kill(chance)
        for copy in copies:
            copy.result()
    options.say(f"{options.copies} copies of requests, {race.killed} hosts killed")
    _settle(stack, race)
    return judge(stack, options)


def _settle(stack: Stack, race: _Race) -> None:
    """Callers try again, the timers run, and time passes until every run has ended."""
    hosts = [host for _, host in race.hosts]
    for _ in range(3):
        for number in range(3):
            race.request(number)
        hosts[0].invoke("reconcile")
        emulator = stack.emulator
        for minutes in (15, 45, 60):
            at_rest(emulator, [*hosts, stack.host], emulator.clock().now, _PATIENCE)
            emulator.advance(emulator.clock().now + timedelta(minutes=minutes))


def judge(stack: Stack, options: KillOptions) -> int:
    """One run for each profile; that of the triggers' profile is started once, that for review is not started."""
    expected = {("runCreated", "shops"): 1, ("runStarted", "shops"): 1, ("runCreated", "lab"): 1}
    found = Counter(
        (str(entry["kind"]), str(entry["run"]).rpartition("/auto-")[2].partition("-")[0])
        for entry in stack.emulator.journal(0)
        if entry["kind"] in {"runCreated", "runStarted"}
    )
    behind = [
        str(member["name"])
        for fleet in objects_at(stack.emulator.state(), "fleets")
        for member in objects_at(fleet, "members")
        if member["group"] == "shops" and member["kubernetesVersion"] != _RELEASE
    ]
    for (kind, profile), count in sorted(found.items()):
        options.say(f"{kind} of profile {profile}: {count}")
    options.say(f"clusters below {_RELEASE}: {', '.join(behind) or 'none'}")
    return 0 if found == expected and not behind else 1
