"""Names and their lengths: the pattern that all of Fleet's path parameters have."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.fleet.rules.refusals import invalid

MAXIMUM_CHILD_NAME: Final = 50
"""Members, groups, stages, strategies, runs and profiles."""
MAXIMUM_FLEET_NAME: Final = 63
MAXIMUM_MESH_NAME: Final = 63
MAXIMUM_NAMESPACE_NAME: Final = 63
"""A managed namespace is a Kubernetes namespace, whose name is a DNS label."""

_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)


def check_name(name: str, longest: int = MAXIMUM_CHILD_NAME, target: str = "name") -> None:
    """Refuse a name of another form, or one that is too long."""
    if _NAME.fullmatch(name) is None or len(name) > longest:
        raise invalid(
            f"The name '{name}' must be 1 to {longest} characters of lower-case letters, digits and dashes, "
            "and begin and end with a letter or digit.",
            target,
        )
