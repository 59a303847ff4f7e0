"""The small query: whether any update run has to be watched."""

from __future__ import annotations

from datetime import UTC, datetime


def runs_to_watch(ended_since: datetime, failed_since: datetime) -> str:
    """One row if a run is in progress, or ended or failed lately; an unknown state counts as in progress."""
    return (
        "aksresources | where type =~ 'microsoft.containerservice/fleets/updateruns'"
        " | extend state = tostring(properties.status.status.state),"
        " completed = todatetime(properties.status.status.completedTime)"
        " | where state !in ('NotStarted', 'Completed', 'Failed', 'Skipped', 'Stopped')"
        f" or completed >= {_kql(ended_since)}"
        f" or (state == 'Failed' and completed >= {_kql(failed_since)})"
        " | project id | take 1"
    )


def _kql(moment: datetime) -> str:
    return f"datetime({moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z)"
