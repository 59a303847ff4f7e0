"""Parses the list of a cluster's maintenance configurations."""

from __future__ import annotations

from shared.azure.json_value import JsonObject, objects_at, text_at
from shared.azure.projection import Projection

MAINTENANCE_FIELDS = Projection("value[].name")
"""The fields of the list that are read here."""


def parse_maintenance_configurations(content: JsonObject) -> frozenset[str]:
    """The names of the configurations, in lower case."""
    return frozenset((text_at(item, "name") or "").lower() for item in objects_at(content, "value"))
