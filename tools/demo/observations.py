"""What the demo saw: collected from the emulator's journal and the app's own log, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from tools.json_value import Json, JsonObject
from tools.stack.control import as_time


@dataclass
class ObservedRun:
    """An update run, from its creation on."""

    id: str
    profile: str = ""
    target: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    state: str = "NotStarted"
    changed_at: datetime | None = None
    upgraded: set[str] = field(default_factory=set)
    """The members whose upgrade has begun."""

    @property
    def name(self) -> str:
        """The run's name."""
        return self.id.rpartition("/")[2]

    @property
    def days(self) -> float | None:
        """From creation to the last change, in days."""
        if self.created_at is None or self.changed_at is None:
            return None
        return (self.changed_at - self.created_at).total_seconds() / 86400


@dataclass
class Observations:
    """Everything seen so far."""

    releases: list[JsonObject] = field(default_factory=list)
    runs: dict[str, ObservedRun] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    """Ids of the runs created, in order, as the emulator saw it."""
    pending_members: list[str] = field(default_factory=list)
    moves: list[tuple[str, str, str]] = field(default_factory=list)
    """Cluster, version before, version after."""
    errors: list[str] = field(default_factory=list)
    decisions: int = 0

    def run(self, run_id: Json) -> ObservedRun:
        """The run with the id, ignoring case."""
        text = str(run_id)
        return self.runs.setdefault(text.lower(), ObservedRun(text))

    def take_journal_entry(self, entry: JsonObject) -> None:
        """Note what the emulator says happened."""
        kind = entry["kind"]
        if kind == "runCreated":
            run = self.run(entry["run"])
            run.created_at = as_time(entry["at"])
            self.created.append(run.id)
        elif kind == "runState":
            run = self.run(entry["run"])
            run.state, run.changed_at = str(entry["state"]), as_time(entry["at"])
        elif kind == "memberState" and entry["state"] == "Running":
            self.run(entry["run"]).upgraded.add(str(entry["member"]))
        elif kind == "memberState" and entry["state"] == "Pending":
            self.pending_members.append(f"{entry['member']}: {entry.get('message') or 'no message'}")
        elif kind == "clusterVersion":
            self.moves.append((str(entry["cluster"]), str(entry["from"]), str(entry["to"])))
        elif kind in {"eventFailed", "eventDeadLettered"}:
            self.errors.append(f"{kind}: {entry}")

    def take_log_record(self, record: JsonObject) -> None:
        """Note what the app says it did."""
        fields = cast("JsonObject", record.get("fields") or {})
        name = fields.get("event_name")
        if name == "release_detected":
            self.releases.append(fields)
        elif name == "decision":
            self.decisions += 1
        elif name == "run_generated":
            run = self.run(fields["run_id"])
            run.profile, run.target = profile_key(fields["profile_id"]), str(fields["target"])
        elif name == "run_started":
            self.run(fields["run_id"]).started_at = as_time(fields["at"])
        if record.get("level") in {"ERROR", "CRITICAL"}:
            self.errors.append(str(record.get("message")))


def names_in(text: Json) -> list[str]:
    """The names in a property of an event, where they are separated by commas."""
    return [name for name in str(text).split(",") if name]


def profile_key(profile_id: Json) -> str:
    """`fleet/profile` of a profile's resource id."""
    parts = str(profile_id).split("/")
    return f"{parts[-3]}/{parts[-1]}"
