"""A decision as a row of texts: columns for people who read the table, and the whole decision as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from shared.core.decision import Decision
from shared.decision_json import decision_json
from shared.ports import RecordedDecision

MAXIMUM_TEXT = 32_000
"""Maximum length of a text property: Table Storage accepts 64 KiB of UTF-16."""

MAXIMUM_PARTS = 12
"""Maximum number of properties for the JSON: Table Storage accepts rows of 1 MiB."""

_CONTENT = "content"
_COMPARED, _HASH = "decisionHash", "jsonHash"
COLUMNS_TO_COMPARE = (_COMPARED, _HASH, "at", "trigger")
"""What to read of a row to know whether a decision has changed: a row may be large, and hashes are short."""
_VOLATILE = frozenset({"at", "trigger"})
"""Columns that change with every evaluation, and are not compared."""


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
        "trigger": trigger,
        "at": now.isoformat(),
    }
    row = {name: _cut(text) for name, text in values.items()} | _parts(decision)
    return row | {_COMPARED: _hash(_compared_columns(row)), _HASH: _hash(_content_of(row))}


def is_same_decision(row: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether two rows are of the same decision. The JSON is not compared: it adds the candidates."""
    return row[_COMPARED] == before.get(_COMPARED)


def has_same_content(row: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether the JSON is the same too."""
    return row[_HASH] == before.get(_HASH)


def _hash(columns: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()


def _compared_columns(row: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in row.items() if value and name not in _VOLATILE and not name.startswith(_CONTENT)
    }


def _content_of(row: Mapping[str, str]) -> dict[str, str]:
    """The parts of the JSON alone."""
    return {name: value for name, value in row.items() if name.startswith(_CONTENT)}


def recorded(row: Mapping[str, str]) -> RecordedDecision:
    """The decision in a row."""
    parts = sorted(_content_of(row).items(), key=lambda part: int(part[0].removeprefix(_CONTENT)))
    content = json.loads("".join(text for _, text in parts)) if parts else {}
    return RecordedDecision(datetime.fromisoformat(row["at"]), row["trigger"], content)


def _parts(decision: Decision) -> dict[str, str]:
    content = decision_json(decision)
    text = json.dumps(content)
    if len(text) > MAXIMUM_TEXT * MAXIMUM_PARTS:
        text = json.dumps({**content, "members": [], "membersLeftOut": len(decision.members)})
    starts = range(0, len(text), MAXIMUM_TEXT)
    return {f"{_CONTENT}{number}": text[start : start + MAXIMUM_TEXT] for number, start in enumerate(starts)}


def _cut(text: str) -> str:
    return text if len(text) <= MAXIMUM_TEXT else f"{text[:MAXIMUM_TEXT]}… (cut, {len(text)} characters)"
