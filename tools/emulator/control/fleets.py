"""Changing a fleet from outside, as its owner would."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tools.emulator.arm.body import object_at
from tools.emulator.control.requests import ControlError
from tools.emulator.documents import check
from tools.emulator.etag import new_etag
from tools.emulator.state import Estate, Fleet
from tools.json_value import Json

_CHANGE: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "tags": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    },
    "required": ["id", "tags"],
    "additionalProperties": False,
}


def change_fleet(content: dict[str, Json], estate: Estate, now: datetime) -> Fleet:
    """Set single tags of a fleet, or remove them: `{"id", "tags": {name: value or null}}`.

    The other tags stay. Names are compared without case, as ARM does.

    Raises:
        DocumentError: the change is not one.
        ControlError: 404, there is no such fleet.
    """
    check(content, _CHANGE, "fleet")
    fleet = estate.fleets.get(str(content["id"]).lower())
    if fleet is None:
        raise ControlError(f"There is no fleet {content['id']}.", 404)
    for name, value in object_at(content, "tags").items():
        fleet.tags = {known: text for known, text in fleet.tags.items() if known.lower() != name.lower()}
        if value is not None:
            fleet.tags[name] = str(value)
    fleet.modified_at = now
    fleet.etag = new_etag(now)
    estate.touch()
    return fleet
