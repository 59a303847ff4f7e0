"""Reads the gates of one run when an event says that one of them has changed."""

from __future__ import annotations

from shared import telemetry
from shared.core.model.ids import ResourceId
from shared.core.model.run_progress import NO_PROGRESS
from shared.use_cases.services import Services


def watch_gates(services: Services, run_id: ResourceId) -> int:
    """Report which gates of the run are pending now, regardless of the event. Returns how many wait for approval.

    A run that no longer exists has none.
    """
    run = services.fleets.find_run(run_id)
    progress = run.progress if run is not None else NO_PROGRESS
    now = services.clock.now()
    for gate in progress.pending_gates:
        telemetry.gate_pending(run_id, gate, now)
    return len(progress.gates_to_approve)
