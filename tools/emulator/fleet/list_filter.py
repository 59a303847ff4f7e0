"""`$filter` of lists: `name eq value`, joined by `and`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tools.emulator.arm import ArmRequest
from tools.emulator.fleet.rules import invalid
from tools.emulator.state import FleetResource

_CONDITION: Final = re.compile(r"(?:properties/)?(?P<name>\w+)\s+eq\s+(?:'(?P<quoted>[^']*)'|(?P<bare>[^\s']+))", re.I)
_MESH: Final = re.compile(r"clusterMeshProfile(?P<selector>\.Selector)?\s+eq\s+'?(?P<name>[-\w]+)'?", re.I)
_AND: Final = re.compile(r"\s+and\s+", re.I)


def filtered(request: ArmRequest, children: Iterable[FleetResource], names: tuple[str, ...]) -> list[FleetResource]:
    """The children that the request's `$filter` asks for; all of them if it has none.

    UNVERIFIED: which filters the service knows. `names` are the properties that can be asked for here.

    Raises:
        ArmError: 400, the filter has another form, or asks for another property.
    """
    text = request.query.get("$filter", "").strip()
    conditions = [_condition(part, names) for part in _AND.split(text)] if text else []
    return [child for child in children if all(child.properties.get(name) == value for name, value in conditions)]


def mesh_condition(text: str) -> tuple[str, bool] | None:
    """The mesh that a filter of members names, and whether its selector is meant; None for another filter."""
    found = _MESH.fullmatch(text.strip())
    return None if found is None else (found["name"], found["selector"] is not None)


def _condition(text: str, names: tuple[str, ...]) -> tuple[str, str]:
    found = _CONDITION.fullmatch(text)
    known = {name.lower(): name for name in names}
    if found is None or found["name"].lower() not in known:
        raise invalid(
            f"The filter '{text}' is not supported: use '<property> eq <value>' with one of {', '.join(names)}.",
            "$filter",
        )
    value = found["quoted"]
    return known[found["name"].lower()], value if value is not None else found["bare"]
