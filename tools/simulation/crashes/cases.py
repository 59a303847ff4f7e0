"""Plays a flow with an interruption, and then what the host and its timers do; compares the ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.emulator.arm.body import objects_at
from tools.json_value import JsonObject
from tools.simulation import app
from tools.simulation.crashes.app_process import AppProcess
from tools.simulation.crashes.flows import Flow
from tools.simulation.crashes.interruption import AFTER, BEFORE, LOST, Interruption
from tools.simulation.crashes.local_azure import LocalAzure

_A_RUN_LASTS = 90
"""Minutes, at most."""


@dataclass(frozen=True)
class Case:
    """An interrupted flow, and how its end differs from the undisturbed one; empty if it does not."""

    flow: str
    at: int
    kind: str
    request: str
    difference: str

    def __str__(self) -> str:
        return f"{self.flow}: the process {self.kind} request {self.at}, {self.request}"


def count_requests(azure: LocalAzure, flow: Flow) -> tuple[int, str]:
    """How many requests the flow has, and what it ends with, undisturbed."""
    interruption = Interruption()
    end = _play(azure, flow, interruption)
    return len(interruption.made), end


def play_cases(azure: LocalAzure, flow: Flow, every: int = 1, first: int = 0) -> Iterator[Case]:
    """Interrupt the flow at each of its requests in each way, or in every n-th of these cases."""
    requests, undisturbed = count_requests(azure, flow)
    for at, kind in _interruptions(requests)[first % every :: every]:
        interruption = Interruption(at, kind=kind)
        end = _play(azure, flow, interruption)
        request = interruption.made[at - 1] if len(interruption.made) >= at else "which it did not come to"
        yield Case(flow.name, at, kind, request, "" if end == undisturbed else f"\n- {undisturbed}\n+ {end}")


def _interruptions(requests: int) -> list[tuple[int, str]]:
    """What may happen at each request. To die after one is to die before the next one: its calls come in one order."""
    return [*((at, kind) for at in range(1, requests + 1) for kind in (BEFORE, LOST)), (requests, AFTER)]


def _play(azure: LocalAzure, flow: Flow, interruption: Interruption) -> str:
    azure.renew()
    process = AppProcess(azure)
    flow.prepare(azure, process)
    call = flow.call(process)
    is_done = process.run(call, interruption)
    if not is_done and flow.comes_again:
        process.deliver(call)
    process.drain()
    _go_on(azure, process)
    return _end(azure)


def _go_on(azure: LocalAzure, process: AppProcess) -> None:
    """What the timers do, each at least once after everything; half-way, every cluster is started."""
    for timers in (("detect_releases", "reconcile"), ("watch_runs",), ("reconcile",)):
        for name in timers:
            process.run(app.timer(name))
            process.drain()
        azure.wait(minutes=_A_RUN_LASTS)
        azure.change("shop-two", powerState="Running")


def _end(azure: LocalAzure) -> str:
    """Clusters with their versions, and runs with their states and members."""
    state = azure.state()
    members = [
        f"{member['name']} {member['kubernetesVersion']}"
        for fleet in objects_at(state, "fleets")
        for member in objects_at(fleet, "members")
    ]
    runs = [
        f"{run['name']} {run['state']} ({', '.join(_member(member) for member in objects_at(run, 'members'))})"
        for run in objects_at(state, "runs")
    ]
    return "; ".join([*members, *sorted(runs)])


def _member(member: JsonObject) -> str:
    return f"{member['name']} {member['state']}"
