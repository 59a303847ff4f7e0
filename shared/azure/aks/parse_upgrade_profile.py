"""Parses the upgrade profile of a node pool, which reports the newest image of its family."""

from __future__ import annotations

from shared.azure.json_value import JsonObject, shown, value_at
from shared.azure.parse_values import to_image
from shared.azure.projection import Projection
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown, Unparsed

UPGRADE_PROFILE_FIELDS = Projection("properties.latestNodeImageVersion")
"""The fields of an upgrade profile that are read here."""


def parse_upgrade_profile(family: str, where: str, content: JsonObject) -> NodeImageVersion | Absent | Unknown:
    """The newest image of the family; `Unknown` if the pool, named by `where`, reports another family's.

    `Absent` if AKS answered and named none: the family has ended, as Azure Linux 2.0 did in March 2026.
    """
    newest = to_image(value_at(content, "properties", "latestNodeImageVersion"))
    if newest is None:
        return Absent()
    if isinstance(newest, Unparsed):
        return Unknown(f'{where} names "{newest.text}", which is no node image')
    if newest.family != family:
        return Unknown(f"{where} has moved to the family {shown(newest.family)}")
    return newest.version
