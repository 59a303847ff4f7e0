"""Changing a fleet from outside, as its owner would."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter

from tools.documents import CamelCaseDocument, read
from tools.emulator.control.requests import ControlError
from tools.emulator.etag import new_etag
from tools.emulator.state import Estate, Fleet
from tools.json_value import Json


class FleetChange(CamelCaseDocument):
    """The body of `PATCH /emulator/fleets`."""

    id: str
    tags: dict[str, str | None]
    """Tags to set; null removes one. The other tags stay."""


_CHANGE = TypeAdapter(FleetChange)


def change_fleet(content: dict[str, Json], estate: Estate, now: datetime) -> Fleet:
    """Set or remove single tags of a fleet. Their names are compared without regard to case, as ARM does.

    Raises:
        DocumentError: the body has another form.
        ControlError: 404, there is no such fleet.
    """
    change = read(_CHANGE, content, "fleet")
    fleet = estate.fleets.get(change.id.lower())
    if fleet is None:
        raise ControlError(f"There is no fleet {change.id}.", 404)
    for name, value in change.tags.items():
        fleet.tags = {known: text for known, text in fleet.tags.items() if known.lower() != name.lower()}
        if value is not None:
            fleet.tags[name] = value
    fleet.modified_at = now
    fleet.etag = new_etag(now)
    estate.touch()
    return fleet
