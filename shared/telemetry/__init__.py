"""What the app tells the world it did: events, metrics and traces, by OpenTelemetry; documented in docs/telemetry.md.

Nobody but the app's wiring needs to know whether anything is sent: without a receiver the events are log records, and
the rest costs nothing.
"""

from shared.telemetry.decisions import (
    ages_measured,
    decision_made,
    decisions_counted,
    detection_succeeded,
    profile_state,
    reconcile_succeeded,
    release_detected,
)
from shared.telemetry.runs import (
    gate_pending,
    run_generated,
    run_started,
    run_stopped,
    run_watched,
    runs_counted,
)
from shared.telemetry.tracing import current_trace_parent, span
from shared.telemetry.trouble import (
    access_denied,
    azure_called,
    failed,
    request_refused,
    throttled,
    unreadable,
)

__all__ = [
    "access_denied",
    "ages_measured",
    "azure_called",
    "current_trace_parent",
    "decision_made",
    "decisions_counted",
    "detection_succeeded",
    "failed",
    "gate_pending",
    "profile_state",
    "reconcile_succeeded",
    "release_detected",
    "request_refused",
    "run_generated",
    "run_started",
    "run_stopped",
    "run_watched",
    "runs_counted",
    "span",
    "throttled",
    "unreadable",
]
