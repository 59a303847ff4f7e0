"""The progress of a run in words, for sentences of decisions."""

from __future__ import annotations

from shared.core.model.run_progress import PendingGate, RunProgress


def waits_for(progress: RunProgress) -> str:
    """What a pending run waits for: its gates by name, or what it can be where Fleet reports no gate."""
    if not progress.pending_gates:
        return "a maintenance window, or a region that has not got the version"
    return " and ".join(_gate(gate) for gate in progress.pending_gates)


def tolerated(progress: RunProgress) -> str:
    """A sentence on the failures that the run's strategy tolerates so far, with a space before; empty without any."""
    stages = [
        f"{failures.count} of at most {failures.allowed} in stage {name}"
        for name, failures in progress.failures.items()
        if failures.count <= failures.allowed
    ]
    return f" Failed and tolerated: {', '.join(stages)}." if stages else ""


def _gate(gate: PendingGate) -> str:
    if not gate.is_scheduled:
        return f"{gate} waits for approval"
    if gate.opens_at is None:
        return f"{gate} opens at its scheduled time"
    return f"{gate} opens at {gate.opens_at:%Y-%m-%d %H:%M} UTC"
