"""Update runs: written here, carried out by the engine."""

from __future__ import annotations

import copy

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import object_at, objects_at, text_at
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, Resources
from tools.emulator.fleet.rules import check_name, check_run, invalid, strategy_of
from tools.emulator.fleet.versioned import show_in
from tools.emulator.journal import Journal
from tools.emulator.specification import check_specified
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.engine import UpdateRunEngine
from tools.emulator.update_runs.execution import FAILED, NOT_STARTED, PENDING, RUNNING, SKIPPED, STOPPED
from tools.json_value import Json

KIND = "updateRuns"
SKIPPABLE = ("Member", "Group", "Stage", "AfterStageWait")
_STARTABLE = frozenset({NOT_STARTED, STOPPED, FAILED})
_STOPPABLE = frozenset({RUNNING, PENDING, SKIPPED})


class Runs:
    """Routes for update runs."""

    def __init__(self, resources: Resources, journal: Journal, engine: UpdateRunEngine) -> None:
        self._resources = resources
        self._journal = journal
        self._engine = engine

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        run = f"{FLEET}/{KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{KIND}", self._list),
            ("GET", run, self._get),
            ("PUT", run, self._put),
            ("DELETE", run, self._delete),
            ("POST", f"{run}/start", self._start),
            ("POST", f"{run}/stop", self._stop),
            ("POST", f"{run}/skip", self._skip),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def create(self, fleet: Fleet, properties: dict[str, Json], name: str) -> tuple[FleetResource, bool]:
        """Write a run whose properties have been checked; the run, and whether it is new."""
        written = {key: value for key, value in properties.items() if key not in {"status", "provisioningState"}}
        snapshot = strategy_of(properties, fleet)
        if snapshot:
            written["strategy"] = copy.deepcopy(snapshot)
        run, is_new = self._resources.write(fleet, fleet.runs, KIND, name, written)
        self._engine.prepare(fleet, run)
        if is_new:
            self._journal.add("runCreated", run=run.id, autoUpgradeProfileId=written.get("autoUpgradeProfileId"))
        return run, is_new

    def _list(self, request: ArmRequest) -> ArmResponse:
        runs: list[Json] = [show_in(request.api_version, run) for run in self._resources.fleet(request).runs.values()]
        return ArmResponse(body=list_page(request, runs))

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=show_in(request.api_version, self._run(request)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet, name = self._resources.fleet(request), request.params["name"]
        check_name(name)
        properties = object_at(request.object_body(), "properties")
        existing = fleet.runs.get(name.lower())
        check_preconditions(request, existing.etag if existing is not None else None)
        check_run(properties, fleet, request.api_version)
        check_specified(request)
        if existing is not None and self._engine.state(existing) != NOT_STARTED:
            raise ArmError(409, "OperationNotAllowed", f"Update run '{name}' has started and cannot be changed.")
        writable = {key: value for key, value in properties.items() if key != "autoUpgradeProfileId"}
        run, is_new = self.create(fleet, writable, name)
        return ArmResponse(201 if is_new else 200, show_in(request.api_version, run))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        run = self._resources.delete(request, self._resources.fleet(request).runs)
        if run is None:
            return ArmResponse(204)
        self._engine.forget(run)
        return ArmResponse(200)

    def _start(self, request: ArmRequest) -> ArmResponse:
        run = self._run(request)
        check_preconditions(request, run.etag)
        self._check_state(run, _STARTABLE, "started")
        stale = show_in(request.api_version, run)  # the response shows the run as it was, the next GET as it is
        self._engine.start(run)
        return ArmResponse(body=stale)

    def _stop(self, request: ArmRequest) -> ArmResponse:
        run = self._run(request)
        check_preconditions(request, run.etag)
        self._check_state(run, _STOPPABLE, "stopped")
        self._engine.stop(run)
        return ArmResponse(body=show_in(request.api_version, run))

    def _skip(self, request: ArmRequest) -> ArmResponse:
        run = self._run(request)
        check_preconditions(request, run.etag)
        targets = [(text_at(target, "type"), text_at(target, "name")) for target in objects_at(request.body, "targets")]
        if not targets:
            raise invalid("At least one target is needed.", "targets")
        check_specified(request)
        for kind, name in targets:
            if kind not in SKIPPABLE:
                raise invalid(f"target type '{kind}' must be one of {', '.join(SKIPPABLE)}.", "targets.type")
            if not self._engine.skip(run, kind, name):
                raise invalid(f"The run has no {kind} '{name}'.", "targets.name")
        return ArmResponse(body=show_in(request.api_version, run))

    def _run(self, request: ArmRequest) -> FleetResource:
        return self._resources.child(request, self._resources.fleet(request).runs, KIND)

    def _check_state(self, run: FleetResource, allowed: frozenset[str], verb: str) -> None:
        state = self._engine.state(run)
        if state not in allowed:
            raise ArmError(409, "OperationNotAllowed", f"Update run '{run.name}' is {state} and cannot be {verb}.")
