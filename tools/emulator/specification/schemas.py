"""The schemas beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.json_value import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

STABLE: Final = "fleet-2026-06-01"
PREVIEW: Final = "fleet-2026-06-02-preview"
CLUSTERS: Final = "aks-2026-06-01"
MESH_PREVIEWS: Final = frozenset({"2026-03-02-preview", "2026-06-02-preview"})
"""The api-versions that have more than the stable one; the others have less."""

_INT32: Final = {"minimum": -(2**31), "maximum": 2**31 - 1}
_NUMBERS: Final = frozenset({"spotMaxPrice"})
"""Fractions, for which the types of Bicep have only integers."""


def specified_type(path: str) -> str:
    """The resource type in a path below a resource group, as the schemas have it; empty if they do not.

    Of `…/Microsoft.ContainerService/fleets/f/updateRuns/r/skip` it is `Microsoft.ContainerService/fleets/updateRuns`.
    """
    provider, _, below = path.rpartition("/providers/")[2].partition("/")
    names = below.split("/")
    kinds = names[::2][: len(names) // 2]
    return _spellings().get("/".join([provider, *kinds]).lower(), "")


def schema_file(resource_type: str, api_version: str) -> str:
    """The file that has a resource type in an api-version, or in the nearest one."""
    if "/fleets" not in resource_type:
        return CLUSTERS
    return PREVIEW if api_version in MESH_PREVIEWS else STABLE


@cache
def validator(file: str, definition: str) -> Draft202012Validator:
    """What validates a body against a definition, such as `Microsoft.ContainerService/fleets:write`."""
    from jsonschema import Draft202012Validator

    definitions = definitions_of(file)
    pointer = definition.replace("/", "~1")
    return Draft202012Validator({"$ref": f"#/$defs/{pointer}", "$defs": definitions})


@cache
def _spellings() -> Mapping[str, str]:
    """The resource types as the schemas spell them, by their names in lower case."""
    return {name.lower(): name for file in (PREVIEW, CLUSTERS) for name in definitions_of(file) if ":" not in name}


@cache
def definitions_of(file: str) -> JsonObject:
    """The `$defs` of a file."""
    content = json.loads((Path(__file__).parent / f"{file}.json").read_text())
    definitions: JsonObject = content["$defs"]
    _limit_integers(definitions)
    return definitions


def _limit_integers(value: Json, name: str = "") -> None:
    """Have integers be of 32 bits, as those of the API are; the types of Bicep know one kind alone."""
    if isinstance(value, list):
        for item in value:
            _limit_integers(item)
    if not isinstance(value, dict):
        return
    if value.get("type") == "integer":
        if name in _NUMBERS:
            value["type"] = "number"
        else:
            value.update({**_INT32, **value})
    for key, item in value.items():
        _limit_integers(item, key)
