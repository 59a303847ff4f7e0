"""The last trigger of a profile as a row of texts."""

from __future__ import annotations

import json
from collections.abc import Mapping

from shared.azure.ledger.reading import texts_in, time_in
from shared.ports import Trigger

_MAXIMUM_MESSAGE = 8_000


def trigger_row(trigger: Trigger) -> dict[str, str]:
    """The row."""
    return {
        "at": trigger.at.isoformat(),
        "versions": json.dumps(trigger.versions),
        "errorCode": trigger.error_code or "",
        "errorMessage": trigger.error_message[:_MAXIMUM_MESSAGE],
    }


def trigger_of(row: Mapping[str, str]) -> Trigger:
    """The trigger in a row."""
    return Trigger(
        at=time_in(row, "at"),
        versions=tuple(texts_in(row["versions"])),
        error_code=row.get("errorCode") or None,
        error_message=row.get("errorMessage", ""),
    )
