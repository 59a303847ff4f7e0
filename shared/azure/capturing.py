"""Adds what an adapter has read to the captured facts."""

from __future__ import annotations

from shared.azure.json_value import JsonObject
from shared.azure.projection import Projection
from shared.capture import Capture, Section
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown


def add_body(
    capture: Capture | None,
    section: Section,
    resource_id: ResourceId,
    content: JsonObject,
    fields: Projection,
    parsed: object,
) -> None:
    """Add a body reduced to its fields or, if it could not be parsed, the reason; nothing without a capture."""
    if capture is None:
        return
    if isinstance(parsed, Unknown):
        capture.unreadable(section, [resource_id], parsed.why)
    else:
        capture.resource(section, resource_id, fields.of(content))
