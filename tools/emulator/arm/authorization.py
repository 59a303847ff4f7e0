"""Locks and role assignments: there are none, and none can be made. The emulator checks whose token it is, no role."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resource_groups import GROUP, SUBSCRIPTION, find_group
from tools.emulator.arm.router import ArmRouter
from tools.emulator.state import Estate

_TYPES: Final = {
    "locks": ("2016-09-01", "2017-04-01", "2020-05-01"),
    "roleAssignments": ("2020-04-01-preview", "2020-10-01-preview", "2022-04-01"),
}
_SCOPES: Final = (SUBSCRIPTION, GROUP, f"{GROUP}/providers/{{provider}}/{{type}}/{{name}}")


class Authorization:
    """The lists of both, at every scope."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for kind, versions in _TYPES.items():
            for scope in _SCOPES:
                path = f"{scope}/providers/Microsoft.Authorization/{kind}"
                router.add("GET", path, self._list, api_versions=versions)

    def _list(self, request: ArmRequest) -> ArmResponse:
        if "group" in request.params:
            find_group(self._estate, request.params["group"])
        return ArmResponse(body={"value": []})
