"""Fleets in Azure Resource Manager: fresh reads, and the three writes, each conditional."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError

from shared.azure.clients import PerSubscription
from shared.azure.cluster_reader import ClusterReader
from shared.azure.connection import Connection
from shared.azure.json_value import JsonObject, object_at
from shared.azure.parse_fleet import cluster_id_of, parse_member, parse_profile, parse_run, parse_strategy
from shared.azure.run_body import run_body
from shared.azure.sdk_errors import translated
from shared.core.fleet import Fleet, Member, UpdateStrategy
from shared.core.profile import Profile
from shared.core.resource_id import ResourceId
from shared.core.run_specification import RunSpecification
from shared.core.unknown import Unknown, Unparsed
from shared.core.update_run import UpdateRun
from shared.errors import NotFoundError, UserMustFixError

_PRECONDITION_FAILED = 412


class ArmFleetStore:
    """Implements `shared.ports.FleetStore`."""

    def __init__(self, connection: Connection) -> None:
        self._clients = PerSubscription(connection)
        self._clusters = ClusterReader(self._clients)

    def read_fleet(self, profile_id: ResourceId) -> tuple[Profile, Fleet]:
        """The profile and its fleet, read at once in parallel."""
        fleet_id = profile_id.parent
        client = self._clients.fleet(fleet_id.subscription)
        where = (fleet_id.resource_group, fleet_id.name)
        with translated("read", str(profile_id)):
            profile = parse_profile(client.auto_upgrade_profiles.get(*where, profile_id.name).as_dict())
        with translated("read", str(fleet_id)), ThreadPoolExecutor(max_workers=3) as pool:
            fleet = pool.submit(lambda: client.fleets.get(*where).as_dict())
            members = pool.submit(lambda: [item.as_dict() for item in client.fleet_members.list_by_fleet(*where)])
            runs = pool.submit(lambda: [parse_run(item.as_dict()) for item in client.update_runs.list_by_fleet(*where)])
            return profile, Fleet(
                id=fleet_id,
                tags={name: str(value) for name, value in object_at(fleet.result(), "tags").items()},
                members=self._with_clusters(members.result()),
                strategies=self._strategies(profile),
                profiles=(profile,),
                update_runs=tuple(runs.result()),
            )

    def find_run(self, run_id: ResourceId) -> UpdateRun | None:
        """The run as it is now; None if it does not exist."""
        client = self._clients.fleet(run_id.subscription)
        try:
            with translated("read", str(run_id)):
                return parse_run(client.update_runs.get(*_path(run_id)).as_dict())
        except NotFoundError:
            return None

    def create_run(self, fleet_id: ResourceId, specification: RunSpecification) -> bool:
        """Create the run with `If-None-Match: *`. The library repeats a lost request, so False may be our own doing."""
        run_id = fleet_id.child("updateRuns", specification.name)
        client = self._clients.fleet(fleet_id.subscription)

        def create() -> None:
            # a plain dict: the library's own model would lose custom node images (NodeImageVersion.version)
            client.update_runs.begin_create_or_update(
                *_path(run_id), run_body(specification), match_condition=MatchConditions.IfMissing, etag="*"
            ).result()

        return self._write(create, "create", run_id, lambda: self.find_run(run_id) is None)

    def skip_members(self, run: UpdateRun, members: Sequence[str]) -> bool:
        """Skip the members with `If-Match`."""
        client = self._clients.fleet(run.id.subscription)
        targets = {"targets": [{"type": "Member", "name": member} for member in members]}

        def skip() -> None:
            client.update_runs.begin_skip(
                *_path(run.id), targets, etag=run.etag, match_condition=MatchConditions.IfNotModified
            ).result()

        return self._write(skip, "skip members of", run.id, lambda: self._is_unchanged(run))

    def start_run(self, run: UpdateRun) -> bool:
        """Start the run with `If-Match`."""
        client = self._clients.fleet(run.id.subscription)

        def start() -> None:
            client.update_runs.begin_start(
                *_path(run.id), etag=run.etag, match_condition=MatchConditions.IfNotModified
            ).result()

        return self._write(start, "start", run.id, lambda: self._is_unchanged(run))

    def _write(
        self, write: Callable[[], None], action: str, run_id: ResourceId, still_as_read: Callable[[], bool]
    ) -> bool:
        """Do the write; False if the run was not as it was read, which is no error: somebody else was quicker."""
        try:
            with translated(action, str(run_id)):
                write()
        except UserMustFixError as error:
            cause = error.__cause__
            status = cause.status_code if isinstance(cause, HttpResponseError) else None
            if status == _PRECONDITION_FAILED or (status is not None and not still_as_read()):
                return False
            raise
        return True

    def _is_unchanged(self, run: UpdateRun) -> bool:
        current = self.find_run(run.id)
        return current is not None and current.etag == run.etag

    def _strategies(self, profile: Profile) -> Mapping[ResourceId, UpdateStrategy | Unknown]:
        strategy_id = profile.update_strategy_id
        if strategy_id is None or isinstance(strategy_id, Unparsed):
            return {}
        client = self._clients.fleet(strategy_id.subscription)
        try:
            with translated("read", str(strategy_id)):
                content = client.fleet_update_strategies.get(*_path(strategy_id)).as_dict()
        except NotFoundError:
            return {}
        except UserMustFixError as error:
            return {strategy_id: Unknown(str(error))}
        return {strategy_id: parse_strategy(content)}

    def _with_clusters(self, members: Iterable[JsonObject]) -> tuple[Member, ...]:
        contents = list(members)
        clusters = self._clusters.read([cluster_id_of(content) for content in contents])
        return tuple(parse_member(content, clusters[cluster_id_of(content)]) for content in contents)


def _path(resource_id: ResourceId) -> tuple[str, str, str]:
    return resource_id.resource_group, resource_id.parent.name, resource_id.name
