"""Looks at the gates of one run, as soon as an event says that something has changed about one of them."""

from __future__ import annotations

from shared import telemetry
from shared.core.model.ids import ResourceId
from shared.use_cases.services import Services


def watch_gates(services: Services, run_id: ResourceId) -> int:
    """Tell which gates of the run wait for approval now, whatever the event said; how many there are.

    A run that is gone has none.
    """
    run = services.fleets.find_run(run_id)
    gates = run.progress.pending_gates if run is not None else ()
    now = services.clock.now()
    for gate in gates:
        telemetry.gate_pending(run_id, gate, now)
    return len(gates)
