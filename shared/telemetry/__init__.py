"""Telemetry of the app: events, metrics and traces by OpenTelemetry, documented in docs/telemetry.md.

Only `shared/composition.py` configures whether telemetry is sent. Without a receiver, events are log records, and
metrics and traces do nothing.
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
    profile_changed,
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
    messages_poisoned,
    no_node_image,
    release_tracker_unreadable,
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
    "messages_poisoned",
    "no_node_image",
    "profile_changed",
    "profile_state",
    "reconcile_succeeded",
    "release_detected",
    "release_tracker_unreadable",
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
