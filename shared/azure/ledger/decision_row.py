"""A decision as a row of texts: columns for people who read the table, and the whole decision as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from shared.azure.ledger.entities import SCHEMA, SCHEMA_VERSION
from shared.azure.ledger.reading import time_in
from shared.core.decision import Decision
from shared.decision_json import decision_json
from shared.ports import RecordedDecision

MAXIMUM_TEXT = 32_000
"""Characters of a column for people; a longer one is cut."""

MAXIMUM_JSON = 384_000
"""Characters of the JSON, of two bytes each: what the other columns leave of the 1 MiB of a row."""

_CONTENT = "content"
_COMPARED, _HASH = "decisionHash", "jsonHash"
COLUMNS_TO_COMPARE = (_COMPARED, _HASH, "at", "trigger", SCHEMA)
"""What to read of a row to know whether a decision has changed: a row may be large, and hashes are short."""
_NOT_COMPARED = frozenset({"at", "trigger", "until", _CONTENT})
"""Columns that are not compared: two change with every evaluation, the sentence has the moment, and the JSON adds the
candidates."""


def decision_row(decision: Decision, trigger: str, now: datetime) -> dict[str, str]:
    """The row; texts that are too long are cut, and say so."""
    specification = decision.specification
    members = [
        {"member": member.member, "action": member.action, "reason": member.reason, "sentence": member.sentence}
        for member in decision.members
    ]
    values = {
        "profileId": decision.profile_id.text,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "sentence": decision.sentence,
        "target": str(decision.target) if decision.target else "",
        "runName": specification.name if specification else "",
        "runId": decision.run_id.text if decision.run_id else "",
        "members": json.dumps(members),
        "warnings": json.dumps([{"warning": note.warning, "sentence": note.sentence} for note in decision.warnings]),
        "until": decision.until.isoformat() if decision.until is not None else "",
        "trigger": trigger,
        "at": now.isoformat(),
    }
    row = {name: _cut(text) for name, text in values.items()} | {_CONTENT: _json(decision)}
    return row | {_COMPARED: _hash(_compared_columns(row)), _HASH: _hash({_CONTENT: row[_CONTENT]})}


def is_same_decision(row: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether two rows are of the same decision. The JSON is not compared: it adds the candidates."""
    return row[_COMPARED] == before.get(_COMPARED)


def has_same_content(row: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether the JSON is the same too."""
    return row[_HASH] == before.get(_HASH)


def _hash(columns: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()


def _compared_columns(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value and name not in _NOT_COMPARED}


def recorded(row: Mapping[str, str]) -> RecordedDecision:
    """The decision in a row.

    Raises:
        ValueError, LookupError, TypeError, InvalidInputError: a part of it is missing or malformed.
    """
    content: object = json.loads(row[_CONTENT]) if _CONTENT in row else {}
    if not isinstance(content, dict):
        raise TypeError("the content is no JSON object")
    return RecordedDecision(time_in(row, "at"), row["trigger"], content)


def can_be_compared(row: Mapping[str, str]) -> bool:
    """Whether the columns of `COLUMNS_TO_COMPARE` can be used; if not, the decision counts as another one."""
    return row.get(SCHEMA, SCHEMA_VERSION) == SCHEMA_VERSION and "at" in row and "trigger" in row


def _json(decision: Decision) -> str:
    content = decision_json(decision)
    text = json.dumps(content)
    if len(text) > MAXIMUM_JSON:
        text = json.dumps({**content, "members": [], "membersOmitted": len(decision.members)})
    return text


def _cut(text: str) -> str:
    return text if len(text) <= MAXIMUM_TEXT else f"{text[:MAXIMUM_TEXT]}… (cut, {len(text)} characters)"
