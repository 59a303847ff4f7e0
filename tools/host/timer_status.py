"""What is remembered of a timer's runs, as the real host keeps it in a blob."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.host.instants import from_iso, to_iso

_log = logging.getLogger(__name__)
# The first of all moments in .NET: what the real host gives for a timer that has not run.
_NEVER = "0001-01-01T00:00:00+00:00"


@dataclass(frozen=True)
class TimerStatus:
    """The record of one timer."""

    schedule: str
    last: datetime | None
    next: datetime
    updated: datetime

    def for_function(self) -> dict[str, str]:
        """The ``ScheduleStatus`` that a function gets."""
        return {
            "Last": self.last.isoformat() if self.last else _NEVER,
            "Next": self.next.isoformat(),
            "LastUpdated": self.updated.isoformat(),
        }


class TimerStatuses:
    """All records: in memory, and in a file if there is one, so that a restart knows what it missed."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._statuses = _read(file) if file and file.exists() else {}

    def of(self, timer: str) -> TimerStatus | None:
        """The record of a timer, if it has one."""
        return self._statuses.get(timer)

    def save(self, timer: str, status: TimerStatus) -> None:
        """Replace a timer's record."""
        self._statuses[timer] = status
        if self._file:
            content = {name: _to_json(each) for name, each in self._statuses.items()}
            unfinished = self._file.with_suffix(".tmp")
            unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
            unfinished.replace(self._file)


def _to_json(status: TimerStatus) -> dict[str, str | None]:
    return {
        "schedule": status.schedule,
        "last": to_iso(status.last) if status.last else None,
        "next": to_iso(status.next),
        "updated": to_iso(status.updated),
    }


def _read(file: Path) -> dict[str, TimerStatus]:
    """A damaged file is worth a warning, not a host that does not start: at worst a run is not caught up."""
    try:
        content: dict[str, dict[str, str | None]] = json.loads(file.read_text(encoding="utf-8"))
        return {name: _from_json(status) for name, status in content.items()}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        _log.warning("%s does not hold the status of timers, starting without: %s", file, error)
        return {}


def _from_json(status: dict[str, str | None]) -> TimerStatus:
    last = status["last"]
    return TimerStatus(
        schedule=str(status["schedule"]),
        last=from_iso(last) if last else None,
        next=from_iso(str(status["next"])),
        updated=from_iso(str(status["updated"])),
    )
