"""Adds bodies to the captured facts as an adapter reads them."""

from __future__ import annotations

from shared.azure.json_value import JsonObject
from shared.azure.projection import Projection
from shared.capture import Capture, Section
from shared.core.model.ids import ResourceId


def captured(
    capture: Capture | None, section: Section, fields: Projection, resource_id: ResourceId, content: JsonObject
) -> JsonObject:
    """The body to parse: with a capture, it is reduced to the fields and added to it, else it is unchanged.

    The parser gets what was captured, so that the same facts give the same values later.
    """
    if capture is None:
        return content
    body = fields.of(content)
    capture.resource(section, resource_id, body)
    return body
