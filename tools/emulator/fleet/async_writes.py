"""Children that are written by long-running operations: members and managed namespaces."""

from __future__ import annotations

from tools.emulator.arm import ArmRequest, ArmResponse
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import Children, Resources, show
from tools.emulator.state import Fleet, FleetResource


class AsyncWrites:
    """What PUT, GET and DELETE of such children share: the state while an operation is in progress."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._operations = operations

    def read(self, request: ArmRequest, children: Children, kind: str) -> FleetResource:
        """The child in the path; a read counts for its operation, which can end with it.

        Raises:
            ArmError: 404, it does not exist, or not any more.
        """
        self._operations.count_read(self._resources.child(request, children, kind).id)
        return self._resources.child(request, children, kind)

    def read_all(self, children: Children) -> list[FleetResource]:
        """All children; a read counts for the operation of each."""
        for child in list(children.values()):
            self._operations.count_read(child.id)
        return list(children.values())

    def check_idle(self, child: FleetResource | None) -> None:
        """Refuse a write while another operation is in progress.

        Raises:
            ArmError: 409.
        """
        if child is not None:
            self._operations.check_idle(child.id)

    def begin(self, request: ArmRequest, fleet: Fleet, child: FleetResource, state: str) -> dict[str, str]:
        """The child has been written and is in this state until the operation is done; the headers to poll with."""

        def finish() -> None:
            child.properties["provisioningState"] = "Succeeded"
            self._resources.changed(child)

        operation = self._operations.begin(request, fleet.region, child.id, finish)
        child.properties["provisioningState"] = state
        child.properties["status"] = {"lastOperationId": operation.name}
        return operation.headers

    def delete(self, request: ArmRequest, fleet: Fleet, children: Children, state: str) -> ArmResponse:
        """Delete the child in the path; it stays, in this state, until the operation is done.

        Raises:
            ArmError: 412 the request's conditions do not hold, 409 another operation is in progress.
        """
        child = children.get(request.params["name"].lower())
        check_preconditions(request, child.etag if child is not None else None)
        if child is None:
            return ArmResponse(204)
        in_progress = self._operations.deletion(child.id)
        if in_progress is not None:
            return ArmResponse(202, show(child), in_progress.headers)
        self.check_idle(child)

        def finish() -> None:
            del children[child.name.lower()]
            self._resources.estate.touch()

        operation = self._operations.begin(request, fleet.region, child.id, finish, is_deletion=True)
        child.properties["provisioningState"] = state
        child.properties["status"] = {"lastOperationId": operation.name}
        self._resources.changed(child)
        return ArmResponse(202, show(child), operation.headers)
