"""Gates of update runs. They are made and deleted by runs; what a caller can do is approve one."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import object_at, text_at
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.fleet.list_filter import filtered
from tools.emulator.fleet.resources import API_VERSIONS as ALL_API_VERSIONS
from tools.emulator.fleet.resources import FLEET, Resources
from tools.emulator.fleet.rules import invalid
from tools.emulator.fleet.versioned import show_in
from tools.emulator.state import FleetResource
from tools.emulator.update_runs.engine import UpdateRunEngine
from tools.emulator.update_runs.execution import COMPLETED, PENDING, SKIPPED
from tools.json_value import Json

KIND: Final = "gates"
API_VERSIONS: Final = tuple(version for version in ALL_API_VERSIONS if version >= "2025-04-01-preview")
"""Those that have gates."""


class Gates:
    """Routes for gates: no PUT and no DELETE."""

    def __init__(self, resources: Resources, engine: UpdateRunEngine) -> None:
        self._resources = resources
        self._engine = engine

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        gate = f"{FLEET}/{KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{KIND}", self._list),
            ("GET", gate, self._get),
            ("PATCH", gate, self._patch),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        """All gates, or those that `$filter` asks for: `state eq Pending`, as the CLI sends it."""
        gates = filtered(request, self._resources.fleet(request).gates.values(), ("state",))
        shown: list[Json] = [_show(request.api_version, gate) for gate in gates]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=_show(request.api_version, self._gate(request)))

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Approve. UNVERIFIED: how the service responds for another state, and for a gate that is over."""
        gate = self._gate(request)
        check_preconditions(request, gate.etag)
        state = text_at(object_at(request.object_body(), "properties"), "state")
        if state != COMPLETED:
            raise invalid(f"state '{state}' must be {COMPLETED}: a gate can only be approved.", "properties.state")
        if gate.properties["state"] == SKIPPED:
            raise ArmError(409, "OperationNotAllowed", f"Gate '{gate.name}' is {SKIPPED} and cannot be approved.")
        if gate.properties["state"] == PENDING:
            self._engine.approve(gate)
        return ArmResponse(body=show_in(request.api_version, gate))

    def _gate(self, request: ArmRequest) -> FleetResource:
        return self._resources.child(request, self._resources.fleet(request).gates, KIND)


def _show(api_version: str, gate: FleetResource) -> dict[str, Json]:
    """A gate as ARM shows it: without `systemData` until it was changed, as recorded."""
    shown = show_in(api_version, gate)
    if gate.properties["state"] != COMPLETED:
        del shown["systemData"]
    return shown
