"""Reads maintenance configurations: completes one, finds the window that an upgrade waits for.

Errors are `DocumentError`s without a document, whose path begins below `properties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tools.documents import read
from tools.emulator.aks.maintenance_model import (
    CONFIGURATION,
    DEFAULT,
    DEFAULT_CONFIGURATION,
    KUBERNETES,
    NODE_IMAGES,
    zone_of,
)
from tools.emulator.aks.maintenance_window import Window
from tools.json_value import Json

_GOVERNING: Final = {"Full": KUBERNETES, "ControlPlaneOnly": KUBERNETES, "NodeImageOnly": NODE_IMAGES}


def complete(name: str, properties: Json, now: datetime) -> dict[str, Json]:
    """The configuration as AKS stores it: without nulls and empty lists, with `utcOffset` and `startDate`.

    The start date is today's in the window's offset (AKS's planned maintenance page). UNVERIFIED: one that has passed
    is accepted, as in the examples of that page; users of AKS's Terraform provider have reported that AKS rejects it.

    Args:
        name: of the configuration.
        properties: as they were sent.
        now: decides which day is today.

    Raises:
        DocumentError: they have another form.
    """
    content = _without_nothing(properties)
    if name == DEFAULT:
        read(DEFAULT_CONFIGURATION, content, None)
    else:
        read(CONFIGURATION, content, None)
    if not isinstance(content, dict):
        raise TypeError(content)
    window = content.get("maintenanceWindow")
    if isinstance(window, dict):
        offset = window.setdefault("utcOffset", "+00:00")
        window.setdefault("startDate", now.astimezone(zone_of(f"{offset}")).date().isoformat())
    return content


def read_window(properties: Json) -> Window:
    """The window in a configuration. One without a start date has been in force for ever.

    Raises:
        DocumentError: there is no window in it, or it has another form.
    """
    return read(CONFIGURATION, _without_nothing(properties), None).maintenance_window.as_window()


def window_for(configurations: Mapping[str, Json], upgrade_type: str) -> Window | None:
    """The window that an update run waits for (Fleet's update orchestration concepts).

    `default` is for AKS's own weekly releases and governs no update run.

    Args:
        configurations: those of a cluster by name, each as `complete` returned it.
        upgrade_type: `Full`, `ControlPlaneOnly` or `NodeImageOnly`.

    Returns:
        None: the cluster can be upgraded at any time.
    """
    properties = configurations.get(_GOVERNING[upgrade_type])
    return None if properties is None else read_window(properties)


def _without_nothing(value: Json) -> Json:
    """A copy; null counts as absent (ARM's habit), and AKS omits empty lists."""
    if isinstance(value, dict):
        return {name: _without_nothing(item) for name, item in value.items() if item is not None and item != []}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value
