"""Events and metrics about update runs."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from shared.callers import current_caller
from shared.core.model.ids import ResourceId
from shared.core.model.run_progress import PendingGate
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.telemetry.emit import emit
from shared.telemetry.metrics import measure


def profile_changed(profile_id: ResourceId, change: str, now: datetime) -> None:
    """A person created, changed or deleted an auto-upgrade profile through this app."""
    emit(
        "profile_changed",
        f"{profile_id}: {change} by a person",
        {
            "profile_id": str(profile_id),
            "fleet_id": str(profile_id.parent),
            "change": change,
            "requested_by": requested_by.id if (requested_by := current_caller()) is not None else "",
            "at": now.isoformat(),
        },
    )


def run_generated(profile_id: ResourceId, run_id: ResourceId, target: str, now: datetime) -> None:
    """This app created an update run."""
    emit(
        "run_generated",
        f"{profile_id}: generated {run_id.name} for {target}",
        {
            "target": target,
            "requested_by": requested_by.id if (requested_by := current_caller()) is not None else "",
            "at": now.isoformat(),
            **_ids(profile_id, run_id),
        },
    )


def run_started(profile_id: ResourceId, run_id: ResourceId, restart: int, now: datetime) -> None:
    """This app started an update run; `restart` is 0, or the number of the restart after a failure."""
    emit(
        "run_restarted" if restart else "run_started",
        f"{profile_id}: {f'restarted (for the {restart}. time)' if restart else 'started'} {run_id.name}",
        {
            "restart": restart,
            "at": now.isoformat(),
            **_ids(profile_id, run_id),
        },
    )


def run_stopped(profile_id: ResourceId, run_id: ResourceId, now: datetime) -> None:
    """This app stopped an update run that a newer one replaces."""
    emit(
        "run_stopped",
        f"{profile_id}: stopped {run_id.name}",
        {
            "at": now.isoformat(),
            **_ids(profile_id, run_id),
        },
    )


def run_watched(profile_id: ResourceId, run: UpdateRun, now: datetime) -> None:
    """The state of a run of a profile that is in progress or ended recently."""
    states = Counter(str(state) for state in run.member_states.values())
    wait = run.progress.longest_wait(now) if run.state is UpdateState.PENDING else None
    summary = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    emit(
        "run_watched",
        f"{profile_id}: {run.name} is {run.state} ({summary})",
        {
            "state": str(run.state),
            "members": states,
            "failed_members": states[UpdateState.FAILED.value],
            "pending_reason": wait.reason.value if wait else "",
            "pending_days": wait.days(now) if wait else "",
            "stages": dict(run.progress.stage_states),
            "stage_failures": {name: f"{one.count}/{one.allowed}" for name, one in run.progress.failures.items()},
            "at": now.isoformat(),
            **_ids(profile_id, run.id),
        },
        level=logging.WARNING if run.state is UpdateState.FAILED else logging.INFO,
    )


def gate_pending(run_id: ResourceId, gate: PendingGate, now: datetime) -> None:
    """A gate of a run is pending: it waits for approval, or for its scheduled time, which is for no one to act on."""
    opens_at = gate.opens_at.isoformat() if gate.opens_at is not None else ""
    emit(
        "gate_scheduled" if gate.is_scheduled else "gate_pending",
        f"{run_id}: {gate} {f'opens at {opens_at}' if gate.is_scheduled else 'waits for approval'}",
        {
            "fleet_id": str(run_id.parent),
            "run_id": str(run_id),
            "run": run_id.name,
            "gate_id": gate.gate_id,
            "display_name": gate.display_name,
            "stage": gate.stage,
            "group": gate.group,
            "timing": gate.timing,
            "waiting_days": gate.days(now),
            **({"opens_at": opens_at} if gate.is_scheduled else {}),
        },
    )


def runs_counted(runs: Iterable[UpdateRun]) -> None:
    """How many update runs there are in each state; a state without runs is reported as 0."""
    counts = Counter(str(run.state) for run in runs)
    for state in {state.value for state in UpdateState} | set(counts):
        measure("runs", counts[state], state=state)


def _ids(profile_id: ResourceId, run_id: ResourceId) -> dict[str, str]:
    return {"profile_id": str(profile_id), "run_id": str(run_id), "run": run_id.name}
