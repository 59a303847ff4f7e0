"""Rows of what an evaluation leaves for people: some profiles of a fleet each, and the runs of one profile each.

A row of another schema is no error: it is not shown, and the next evaluation replaces it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from shared.azure.ledger.entities import SCHEMA as ENTITY_SCHEMA
from shared.azure.ledger.keys import safe
from shared.azure.ledger.reading import optional_time_in, texts_in, time_in
from shared.azure.ledger.store import Row
from shared.core.model.ids import ResourceId
from shared.overview.store import FleetMembers, NewerDecision, Unreadable

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet, StoredProfile
    from shared.documents.runs import RunSummary

SCHEMA = "1"
"""Of the JSON in a row: another one whenever a document loses or changes a field."""

PROFILES_IN_A_ROW = 50
MEMBERS_IN_A_ROW = 2_500
"""Names of at most 50 characters, and of clusters 63 (REST APIs of Fleet and AKS): they fit into a row."""
MAXIMUM_JSON = 384_000
"""Characters of the JSON in a row, within the 1 MiB of an entity."""

HASH = "hash"


def fleet_rows(fleet: StoredFleet) -> Iterator[tuple[str, Row]]:
    """The rows of a fleet by key: the fleet, with as many of its profiles as a row can hold."""
    profiles = fleet["profiles"]
    for number, start in enumerate(range(0, max(1, len(profiles)), PROFILES_IN_A_ROW)):
        part = profiles[start : start + PROFILES_IN_A_ROW]
        text = json.dumps({**fleet, "profiles": part})
        if len(text) > MAXIMUM_JSON:
            text = json.dumps({**fleet, "profiles": [{**profile, "run": None} for profile in part]})
        yield f"{safe(fleet['id'].lower())} {number:04}", _row(text)


def part_of_fleet(row: Row) -> StoredFleet | None:
    """The part of a fleet in a row; None for a row of another schema.

    Raises:
        ValueError, LookupError, TypeError, InvalidInputError: the row is malformed.
    """
    if row.get("schema") != SCHEMA:
        return None
    part = cast("StoredFleet", json.loads(row["content"]))
    for resource in (part, *part["profiles"]):
        ResourceId.parse(resource["id"])
    return part


def fleets_of(parts: Mapping[str, StoredFleet | None]) -> list[StoredFleet]:
    """The fleets of the parts, in the order of the rows' keys."""
    fleets: dict[str, StoredFleet] = {}
    profiles: dict[str, list[StoredProfile]] = {}
    for key in sorted(parts):
        if (part := parts[key]) is not None:
            fleets[part["id"].lower()] = part
            profiles.setdefault(part["id"].lower(), []).extend(part["profiles"])
    return [{**fleet, "profiles": profiles[key]} for key, fleet in fleets.items()]


def runs_row(runs: Sequence[RunSummary]) -> Row:
    """The row of a profile's runs; the last of them are missing if they are too long for it."""
    kept = list(runs)
    while len(text := json.dumps(kept)) > MAXIMUM_JSON:
        kept = kept[: len(kept) // 2]
    return _row(text)


def runs_in(row: Row) -> Sequence[RunSummary]:
    """The runs in the row of a profile; none in a row of another schema.

    Raises:
        ValueError, LookupError: the row is malformed.
    """
    return cast("list[RunSummary]", json.loads(row["content"])) if row.get("schema") == SCHEMA else ()


def members_rows(fleet: FleetMembers) -> Iterator[tuple[str, Row]]:
    """The rows of a fleet's members by key."""
    for number, start in enumerate(range(0, max(1, len(fleet.members)), MEMBERS_IN_A_ROW)):
        names = fleet.members[start : start + MEMBERS_IN_A_ROW]
        content = {"id": fleet.id.text, "profiles": fleet.profiles, "members": names}
        yield f"{safe(fleet.id.key)} {number:04}", _row(json.dumps(content))


def members_in(row: Row) -> FleetMembers | None:
    """Members of a fleet in a row; None for a row of another schema.

    Raises:
        ValueError, LookupError, TypeError, InvalidInputError: the row is malformed.
    """
    if row.get("schema") != SCHEMA:
        return None
    content = json.loads(row["content"])
    return FleetMembers(
        ResourceId.parse(content["id"]),
        tuple(map(str, content["profiles"])),
        tuple((str(member), str(cluster)) for member, cluster in content["members"]),
    )


def _row(content: str) -> Row:
    return {"schema": SCHEMA, "content": content, HASH: hashlib.sha256(f"{SCHEMA} {content}".encode()).hexdigest()}


SUMMARY_COLUMNS = (ENTITY_SCHEMA, "profileId", "outcome", "reason", "sentence", "target", "until")
"""What to read of the row of a decision: the rest is large."""


def newer_decision_in(row: Row) -> tuple[str, NewerDecision]:
    """The profile's id in lower case, and the decision, in a row.

    Raises:
        ValueError, LookupError, InvalidInputError: a part of it is missing or malformed.
    """
    return row["profileId"].lower(), NewerDecision(
        outcome=row.get("outcome", ""),
        reason=row.get("reason", ""),
        sentence=row.get("sentence", ""),
        target=row.get("target", ""),
        until=optional_time_in(row, "until"),
    )


def profile_key(profile_id: ResourceId) -> str:
    """The row key of a profile's runs."""
    return safe(profile_id.key)


def unreadable_row(unreadable: Unreadable) -> Row:
    """The row of what could not be read."""
    return {
        "at": unreadable.at.isoformat(),
        "sentences": json.dumps(unreadable.sentences),
        "count": str(unreadable.count),
    }


def unreadable_of(row: Row) -> Unreadable:
    """What could not be read, from its row; where is its key.

    Raises:
        ValueError, LookupError, TypeError, InvalidInputError: a part of it is missing or malformed.
    """
    return Unreadable("", time_in(row, "at"), tuple(texts_in(row["sentences"])), int(row["count"]))
