"""Reports each event as it happens, in one line, with a progress bar under them on a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from tools.demo.observations import names_in, profile_key
from tools.demo.world import World
from tools.json_value import Json, JsonObject
from tools.stack.control import as_time

_STYLES = {
    "release": "cyan",
    "decision": "yellow",
    "generated": "green",
    "started": "green",
    "run": "bold green",
    "cluster": "white",
    "joined": "magenta",
    "waiting": "yellow",
    "owner": "magenta",
    "problem": "bold red",
}
_MOST_RELEASED = 6
"""The first detection finds all that a region offers; no release has so many versions."""
_HELD = re.compile(r"set member: \S+ to Pending due to failed validation err: ")
"""What Fleet writes before the reason for which a member waits."""


class Narrator:
    """Lines go to standard output, or to standard error if that is kept for machines.

    With a world, a release is shown with the profiles it concerns; without one, profiles may come and go.
    """

    def __init__(self, world: World | None, begins: datetime, ends: datetime, *, for_machines: bool) -> None:
        self._world = world
        self._begins = begins
        self._days = max(1.0, (ends - begins).total_seconds() / 86400)
        stream = sys.stderr if for_machines else sys.stdout
        width = None if stream.isatty() or "COLUMNS" in os.environ else 100
        self._console = Console(file=stream, highlight=False, width=width)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._last: dict[str, str] = {}

    def __enter__(self) -> Narrator:
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[speed]}"),
                TimeElapsedColumn(),
            )
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._progress.start()
            self._task = self._progress.add_task("", total=self._days, speed="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show_time(self, now: datetime) -> None:
        """Move the progress bar."""
        if self._progress is None or self._task is None:
            return
        done = (now - self._begins).total_seconds() / 86400
        elapsed = self._progress.tasks[0].elapsed or 0.001
        speed = f"{done / elapsed:.0f} days a second"
        self._progress.update(self._task, completed=done, description=f"{now:%Y-%m-%d}", speed=speed)

    def show_journal_entry(self, entry: JsonObject) -> None:
        """Show what the emulator says happened, if a person would want to see it."""
        kind, at = entry["kind"], as_time(entry["at"])
        if kind == "clusterVersion":
            self._line(at, "cluster", f"{_name(entry['cluster'])}: {entry['from']} → {entry['to']}")
        elif kind == "memberJoined":
            self._line(at, "joined", f"{_name(entry['member'])} joins its fleet")
        elif kind == "runState" and entry["state"] in {"Completed", "Failed", "Stopped"}:
            self._line(at, "run", f"{_name(entry['run'])} is {str(entry['state']).lower()}")
        elif kind == "gateReached":
            self._line(at, "waiting", f"{_name(entry['run'])} waits {_gate(entry)}")
        elif kind == "memberState" and entry["state"] == "Pending":
            reason = _HELD.sub("", str(entry["message"]))
            self._line(at, "waiting", f"{_name(entry['run'])} waits with {entry['member']}: {reason}")
        elif kind in {"eventFailed", "eventDeadLettered"}:
            self._line(at, "problem", f"{kind}: {entry.get('error') or entry.get('status')}")

    def show_incident(self, at: datetime, text: str) -> None:
        """Show what someone does to a cluster."""
        self._line(at, "owner", text)

    def show_log_record(self, record: JsonObject) -> None:
        """Show what the app says it did."""
        fields = cast("JsonObject", record.get("fields") or {})
        show: Callable[[JsonObject], None] | None = {
            "release_detected": self._show_release,
            "decision": self._show_decision,
            "run_generated": self._show_generated,
            "run_started": self._show_started,
        }.get(str(fields.get("event_name")))
        if show is not None:
            show(fields)
        elif record.get("level") in {"ERROR", "CRITICAL"}:
            self._console.print(Text(f"{'':18}{record.get('message')}", style=_STYLES["problem"]))

    def _show_release(self, fields: JsonObject) -> None:
        versions, images = names_in(fields["kubernetes_versions"]), names_in(fields["node_images"])
        parts = [f"Kubernetes {', '.join(versions)}"] if versions else []
        if len(versions) > _MOST_RELEASED:
            parts = [f"offers {len(versions)} Kubernetes versions up to {max(versions, key=_numbers)}"]
        parts += [f"{len(images)} node image{'s' if len(images) > 1 else ''}"] if images else []
        region = str(fields["region"])
        self._line(as_time(fields["at"]), "release", f"{region}: {', '.join(parts)}")
        if self._world is None:
            return
        concerned = self._world.profiles_in(region)
        self._line(as_time(fields["at"]), "", f"concerns {', '.join(concerned) or 'no enabled profile'}")

    def _show_decision(self, fields: JsonObject) -> None:
        key = profile_key(fields["profile_id"])
        text = f"{fields['outcome']} ({fields['reason']}): {fields['sentence']}"
        if self._last.get(key) != text:
            self._last[key] = text
            self._line(as_time(fields["at"]), "decision", f"{key}: {text}")

    def _show_generated(self, fields: JsonObject) -> None:
        self._line(as_time(fields["at"]), "generated", f"{_name(fields['run_id'])}")

    def _show_started(self, fields: JsonObject) -> None:
        self._line(as_time(fields["at"]), "started", f"{_name(fields['run_id'])}")

    def _line(self, at: datetime, kind: str, text: str) -> None:
        line = Text(f"{at:%Y-%m-%d %H:%M}  ", style="dim")
        line.append(f"{kind:<10}", style=_STYLES.get(kind, ""))
        line.append(text)
        self._console.print(line, soft_wrap=not self._console.is_terminal)


def _name(resource_id: Json) -> str:
    return str(resource_id).rpartition("/")[2]


def _gate(entry: JsonObject) -> str:
    """What a gate waits for, with its name for `az fleet gate approve`."""
    name = f"gate {_name(entry['gate'])}" + (f" ({entry['displayName']})" if entry["displayName"] else "")
    starts_at = entry["startsAt"]
    return f"for the approval of {name}" if starts_at is None else f"until {starts_at} at {name}"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
