"""A decision as a row of texts."""

from __future__ import annotations

import json
from datetime import datetime

from shared.core.decision import Decision

MAXIMUM_TEXT = 32_000
"""Characters a text property may have: Table Storage takes 64 KiB of UTF-16."""

VOLATILE = frozenset({"at", "trigger"})
"""What changes with every evaluation, and makes no difference by itself."""


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
    return {name: _cut(text) for name, text in values.items()}


def _cut(text: str) -> str:
    return text if len(text) <= MAXIMUM_TEXT else f"{text[:MAXIMUM_TEXT]}… (cut, {len(text)} characters)"
