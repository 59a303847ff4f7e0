"""Reads fleets fresh from Azure Resource Manager, and writes update runs, conditionally where Fleet allows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineResponse
from azure.core.rest import HttpResponse

from shared.azure.aks.maintenance_reader import MaintenanceReader
from shared.azure.arm_reads import ArmReads
from shared.azure.clients import PerSubscription
from shared.azure.connection import Connection
from shared.azure.fleet.fleet_reader import ArmFleetReader
from shared.azure.fleet.parse_fleet import (
    id_of,
    parse_profile,
)
from shared.azure.fleet.parse_run_outline import parse_outline
from shared.azure.fleet.parse_update_run import RUN_FIELDS, parse_run
from shared.azure.fleet.paths import path_of, place_of
from shared.azure.fleet.run_body import run_body
from shared.azure.json_value import JsonObject
from shared.azure.parse_values import to_id
from shared.azure.projected_json import ProjectedJson
from shared.azure.sdk_errors import PRECONDITION_FAILED, translated
from shared.capture import Capture
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.core.runs.specification import RunSpecification
from shared.errors import InternalError, InvalidInputError, NotFoundError, TransientError, UserMustFixError
from shared.overview.run_outline import RunOutline
from shared.ports import KnownFleet

_RUN = ProjectedJson(RUN_FIELDS)

LONGEST_OPERATION_SECONDS = 60
"""How long to wait for a long-running write; where its answer does not show the run, the use case reads it."""


class ArmFleetStore:
    """Implements `shared.ports.FleetStore`."""

    def __init__(self, connection: Connection) -> None:
        self._clients = PerSubscription(connection)
        self._reads = ArmReads(connection)
        self._fleets = ArmFleetReader(self._clients, self._reads, is_preview=connection.settings.uses_fleet_preview)
        self._windows = MaintenanceReader(self._clients)

    def read_fleet(
        self, profile_id: ResourceId, capture: Capture | None = None, known: KnownFleet | None = None
    ) -> tuple[Profile, Fleet]:
        """The profile and its fleet, read in parallel; see the port."""
        return self._fleets.read(profile_id, capture, known=known)

    def read_fleet_with(self, profile: Profile) -> Fleet:
        """The profile's fleet as if it had this profile; see `shared.profile_port`."""
        _, fleet = self._fleets.read(profile.id, None, added=profile)
        return fleet

    def read_profile(self, profile_id: ResourceId) -> Profile:
        """The profile alone, with its id as Azure spells it."""
        client = self._clients.fleet(profile_id.subscription)
        with translated("read", str(profile_id)):
            content = client.auto_upgrade_profiles.get(*path_of(profile_id)).as_dict()
        spelled = to_id(content.get("id"))
        if not isinstance(spelled, ResourceId) or spelled != profile_id:
            spelled = profile_id
        return parse_profile(spelled, content)

    def read_maintenance_windows(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """The names of each cluster's maintenance configurations."""
        return self._windows.read(cluster_ids, capture)

    def read_runs(self, fleet_id: ResourceId) -> Sequence[UpdateRun]:
        """All update runs of the fleet as they are now."""
        with translated("read", str(fleet_id)):
            contents = list(self._reads.update_runs.list_by_fleet(*place_of(fleet_id)))
        return [parse_run(id_of(content), content) for content in contents]

    def find_run(self, run_id: ResourceId) -> UpdateRun | None:
        """The run as it is now; None if it does not exist."""
        try:
            with translated("read", str(run_id)):
                return parse_run(run_id, self._reads.update_runs.get(run_id.subscription, *path_of(run_id)))
        except NotFoundError:
            return None

    def read_outline(self, run_id: ResourceId) -> RunOutline:
        """The run with its stages, groups, members and gates."""
        with translated("read", str(run_id)):
            return parse_outline(run_id, self._reads.update_runs.get(run_id.subscription, *path_of(run_id)))

    def create_run(self, fleet_id: ResourceId, specification: RunSpecification) -> UpdateRun | None:
        """Create the run with `If-None-Match: *`. None may also mean that a lost request of this call created it."""
        run_id = fleet_id.child("updateRuns", specification.name)
        client = self._clients.fleet(fleet_id.subscription)
        content: JsonObject = {}

        def create() -> None:
            nonlocal content
            poller = client.update_runs.begin_create_or_update(  # type: ignore[call-overload] # its model loses images
                *path_of(run_id), run_body(specification), match_condition=MatchConditions.IfMissing, cls=_run_in
            )
            content = poller.result(LONGEST_OPERATION_SECONDS)

        is_created = self._write(create, "create", run_id, lambda: self.find_run(run_id) is None)
        return parse_run(run_id, content) if is_created else None

    def skip_members(self, run: UpdateRun, members: Sequence[str]) -> bool:
        """Skip the members with `If-Match`."""
        client = self._clients.fleet(run.id.subscription)
        targets = {"targets": [{"type": "Member", "name": member} for member in members]}

        def skip() -> None:
            client.update_runs.begin_skip(  # type: ignore[call-overload] # plain JSON, as the library's types.py has it
                *path_of(run.id), targets, etag=_etag(run), match_condition=MatchConditions.IfNotModified
            ).wait(LONGEST_OPERATION_SECONDS)

        return self._write(skip, "skip members of", run.id, lambda: self._is_unchanged(run))

    def start_run(self, run: UpdateRun) -> bool:
        """Start the run with `If-Match`."""
        client = self._clients.fleet(run.id.subscription)

        def start() -> None:
            client.update_runs.begin_start(
                *path_of(run.id), etag=_etag(run), match_condition=MatchConditions.IfNotModified
            ).wait(LONGEST_OPERATION_SECONDS)

        return self._write(start, "start", run.id, lambda: self._is_unchanged(run))

    def stop_run(self, run: UpdateRun) -> bool:
        """Stop the run with `If-Match`."""
        client = self._clients.fleet(run.id.subscription)

        def stop() -> None:
            client.update_runs.begin_stop(
                *path_of(run.id), etag=_etag(run), match_condition=MatchConditions.IfNotModified
            ).wait(LONGEST_OPERATION_SECONDS)

        return self._write(stop, "stop", run.id, lambda: self._is_unchanged(run))

    def generate_natively(self, profile_id: ResourceId) -> ResourceId:
        """`generateUpdateRun`, which returns 200 at once or 202 with an operation; it accepts no conditions."""
        client = self._clients.fleet(profile_id.subscription)
        with translated("generate an update run from", str(profile_id)):
            poller = client.auto_upgrade_profile_operations.begin_generate_update_run(*path_of(profile_id))
            content = poller.result(LONGEST_OPERATION_SECONDS).as_dict()
        try:
            return id_of(content)
        except InvalidInputError as error:
            raise TransientError(f"Fleet generated a run from {profile_id} and did not say which") from error

    def _write(
        self, write: Callable[[], None], action: str, run_id: ResourceId, is_unchanged: Callable[[], bool]
    ) -> bool:
        """Do the write. Returns False if the run had changed since it was read: another writer was first."""
        try:
            with translated(action, str(run_id)):
                write()
        except UserMustFixError as error:
            cause = error.__cause__
            status = cause.status_code if isinstance(cause, HttpResponseError) else None
            if status == PRECONDITION_FAILED or (status is not None and not is_unchanged()):
                return False
            raise
        return True

    def _is_unchanged(self, run: UpdateRun) -> bool:
        current = self.find_run(run.id)
        return current is not None and current.etag == run.etag


def _run_in(response: PipelineResponse[object, HttpResponse], *_: object) -> JsonObject:
    """The run in the response that shows it: copying the SDK's model takes a quarter of a second for 1,000 members."""
    return _RUN.read(response.http_response.content)


def _etag(run: UpdateRun) -> str:
    if not run.etag:
        raise InternalError(f"{run.id} was not read from ARM, so that a write to it cannot be conditional")
    return run.etag
