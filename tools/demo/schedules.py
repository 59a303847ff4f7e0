"""When the demo's timers run: rarely, since each simulated day takes a few hundredths of a second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

SETTINGS: Mapping[str, str] = {
    "AUTO_UPGRADE_DETECT_SCHEDULE": "0 0 6 * * 1,4",
    "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 30 6 * * 1",
    "AUTO_UPGRADE_WATCH_SCHEDULE": "0 0 7 * * 1",
    "AUTO_UPGRADE_CATALOG_MAX_AGE": "P28D",
}
"""App settings: detection at 06:00 UTC twice a week, reconciliation and the watch of runs on Mondays."""

SETTINGS_IN_FULL: Mapping[str, str] = {
    **SETTINGS,
    "AUTO_UPGRADE_DETECT_SCHEDULE": "0 0 6 12,26 * *",
    "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 30 6 19 * *",
    "AUTO_UPGRADE_WATCH_SCHEDULE": "0 0 7 12,26 * *",
}
"""Those of a whole timeline: detection and the watch twice a month, reconciliation once.

Events of AKS announce Kubernetes versions; only node images wait.
"""

SETTLING = timedelta(days=10)
"""How long after the last release has reached the last region the demo goes on, so that the last runs finish."""

SETTLING_IN_FULL = timedelta(days=20)
"""The same in a whole timeline, whose timers pause for up to 17 days."""
