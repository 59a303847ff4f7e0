"""A decision as a row of texts: columns for people who read the table, and the whole decision as JSON."""

from __future__ import annotations

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
    return {name: _cut(text) for name, text in values.items()} | _parts(decision)


def compared_columns(row: Mapping[str, str]) -> dict[str, str]:
    """The columns by which decisions are compared. The JSON is not: it adds the candidates."""
    return {
        name: value for name, value in row.items() if value and name not in _VOLATILE and not name.startswith(_CONTENT)
    }


def content_of(row: Mapping[str, str]) -> dict[str, str]:
    """The parts of the JSON alone."""
    return {name: value for name, value in row.items() if name.startswith(_CONTENT)}


def recorded(row: Mapping[str, str]) -> RecordedDecision:
    """The decision in a row."""
    parts = sorted(content_of(row).items(), key=lambda part: int(part[0].removeprefix(_CONTENT)))
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
