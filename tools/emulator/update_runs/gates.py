"""Gates: resources once a run reaches them; they let it continue when they are approved, or when their time comes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from tools.emulator.arm.values import json_time
from tools.emulator.clock import SimulatedClock
from tools.emulator.etag import new_etag
from tools.emulator.journal import Journal
from tools.emulator.state import Estate, FleetResource
from tools.emulator.update_runs.execution import COMPLETED, NOT_STARTED, PENDING, SKIPPED, Execution, GateRun
from tools.json_value import Json

CREATED, UPDATED, DELETED = "Created", "Updated", "Deleted"
"""The changes of a gate that events report."""


class GateKeeper:
    """Knows the gates that runs have reached, by the gate's id in lower case."""

    def __init__(self, estate: Estate, clock: SimulatedClock, journal: Journal) -> None:
        self._estate = estate
        self._clock = clock
        self._journal = journal
        self._reached: dict[str, tuple[Execution, GateRun]] = {}
        self.on_change: Callable[[str, FleetResource], None] = lambda _change, _gate: None
        """Called with what happened to a gate: `CREATED`, `UPDATED` or `DELETED`."""
        self.on_start: Callable[[Execution], None] = lambda _execution: None
        """Called when the time of a scheduled gate has come and the gate is completed."""

    def let_pass(self, execution: Execution, gates: Iterable[GateRun]) -> bool:
        """Whether all of these gates are over; those that the run has just reached begin to wait."""
        waiting = [gate for gate in gates if not gate.is_over]
        for gate in waiting:
            if gate.progress.state == NOT_STARTED:
                self._reach(execution, gate)
        return not waiting

    def approve(self, gate: FleetResource) -> Execution:
        """Somebody approved a gate; the execution it belongs to."""
        execution, gate_run = self._reached[gate.id.lower()]
        self._end(execution, gate_run, COMPLETED)
        return execution

    def skip(self, execution: Execution, gates: Iterable[GateRun]) -> None:
        """Skip what is not over yet."""
        for gate in gates:
            if not gate.is_over:
                self._end(execution, gate, SKIPPED)

    def forget(self, execution: Execution) -> None:
        """The run is deleted, and its gates with it."""
        for gate in execution.gates():
            if gate.gate_id is not None:
                del self._reached[gate.gate_id.lower()]
                resource = execution.fleet.gates.pop(_name(gate.gate_id))
                self._journal.add("gateDeleted", gate=resource.id, run=execution.run.id)
                self.on_change(DELETED, resource)

    def _reach(self, execution: Execution, gate: GateRun) -> None:
        name, now = str(uuid.uuid4()), self._clock.now()
        gate.gate_id = f"{execution.fleet.id}/gates/{name}"
        gate.progress.move(PENDING, now)
        scheduled: dict[str, Json] = {}
        starts: str | None = None
        if gate.scheduled_start is not None:
            starts_at = gate.scheduled_start.next_from(now)
            self._clock.schedule(starts_at, lambda: self._start(execution, gate))
            starts = json_time(starts_at, digits=0)
            scheduled["scheduledStartProperties"] = {**gate.scheduled_start.configuration, "absoluteStartTime": starts}
        resource = FleetResource(
            id=gate.gate_id,
            name=name,
            type="Microsoft.ContainerService/fleets/gates",
            properties={
                **gate.named,
                "gateType": gate.type,
                "provisioningState": "Succeeded",
                **scheduled,
                "state": PENDING,
                "target": {"id": execution.run.id, "updateRunProperties": _place(execution, gate)},
            },
            etag=new_etag(now),
            created_at=now,
            modified_at=now,
        )
        execution.fleet.gates[name] = resource
        self._reached[gate.gate_id.lower()] = (execution, gate)
        self._journal.add(
            "gateReached", gate=resource.id, run=execution.run.id, displayName=gate.display_name, startsAt=starts
        )
        self.on_change(CREATED, resource)

    def _start(self, execution: Execution, gate: GateRun) -> None:
        """The time of a scheduled gate has come; it may have been approved, skipped or deleted before.

        UNVERIFIED: that it can be approved before, as the API allows for every gate.
        """
        if gate.gate_id is not None and gate.gate_id.lower() in self._reached and not gate.is_over:
            self._end(execution, gate, COMPLETED)
            self.on_start(execution)

    def _end(self, execution: Execution, gate: GateRun, state: str) -> None:
        gate.progress.move(state, self._clock.now())
        if gate.gate_id is None:
            return
        resource = execution.fleet.gates[_name(gate.gate_id)]
        resource.properties["state"] = state
        resource.modified_at = self._clock.now()
        resource.etag = new_etag(resource.modified_at)
        self._estate.touch()
        self._journal.add("gateState", gate=resource.id, run=execution.run.id, state=state)
        self.on_change(UPDATED, resource)


def _name(gate_id: str) -> str:
    return gate_id.rpartition("/")[2]


def _place(execution: Execution, gate: GateRun) -> dict[str, Json]:
    """Where in the run a gate is; without `group` for one of a stage."""
    group: dict[str, Json] = {} if gate.group is None else {"group": gate.group}
    return {"name": execution.run.name, "stage": gate.stage, **group, "timing": gate.timing}
