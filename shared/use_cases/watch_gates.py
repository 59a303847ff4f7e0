"""Reads the gates of one run when an event says that one of them has changed."""

from __future__ import annotations

from shared import telemetry
from shared.core.model.ids import ResourceId
from shared.use_cases.services import Services


def watch_gates(services: Services, run_id: ResourceId) -> int:
    """Report which gates of the run wait for approval now, regardless of the event. Returns how many.

    A run that no longer exists has none.
    """
    run = services.fleets.find_run(run_id)
    gates = run.progress.pending_gates if run is not None else ()
    now = services.clock.now()
    for gate in gates:
        telemetry.gate_pending(run_id, gate, now)
    return len(gates)
