"""A fleet in memory behind every port of Azure, whose process can stop at any write."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.capture import Capture
from shared.core.model.catalog import Catalog
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.releases.releases import NewReleases
from shared.core.runs.specification import RunSpecification
from shared.errors import NotFoundError, UserMustFixError
from shared.overview.run_outline import RunOutline
from shared.ports import Estate, KnownFleet
from shared.profile_port import StoredProfile, StrategyOutline


class ProcessStopped(BaseException):
    """The process ends here; nothing catches it."""


@dataclass
class FakeAzure:
    """Implements the ports of fleets, catalogs, events, queues, tracker and clock on one fleet.

    `stops_before` and `stops_after` count the writes; the process stops before or after that one.
    """

    fleet: Fleet
    catalog: Catalog
    time: datetime
    tracker_digest: str | None = "one"
    unreadable: tuple[str, ...] = ()
    stops_before: int | None = None
    stops_after: int | None = None
    created: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    skipped: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    new_releases: list[NewReleases] = field(default_factory=list)
    due: list[ResourceId] = field(default_factory=list)
    evaluations_sent: int = 0
    gate_runs: list[ResourceId] = field(default_factory=list)
    poisoned: Mapping[str, int] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    state_after_stop: UpdateState = UpdateState.STOPPED
    native_run: UpdateRun | None = None
    generated_natively: int = 0
    skip_is_refused: bool = False
    before_runs_are_read: Callable[[], None] = lambda: None
    """What someone else does at that moment."""
    read_windows_of: list[ResourceId] = field(default_factory=list)
    catalog_reads: int = 0
    known_when_read: list[KnownFleet | None] = field(default_factory=list)
    """What was not read again, each time that the fleet was read."""
    read_alone: list[UpdateState | Unparsed | None] = field(default_factory=list)
    """The states in which a run was found by its id; None if there was none."""
    _writes: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _etags: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def now(self) -> datetime:
        return self.time

    def digest(self) -> str | None:
        return self.tracker_digest

    def read(self, needs: Mapping[str, RegionNeeds], capture: Capture | None = None) -> Catalog:
        self.catalog_reads += 1
        return self.catalog

    def read_fleet(
        self, profile_id: ResourceId, capture: Capture | None = None, known: KnownFleet | None = None
    ) -> tuple[Profile, Fleet]:
        self.known_when_read.append(known)
        for profile in self.fleet.profiles:
            if profile.id == profile_id:
                return profile, self.fleet if known is None else self._with_known(known)
        raise NotFoundError(str(profile_id))

    def _with_known(self, known: KnownFleet) -> Fleet:
        clusters = {member.cluster_id: member.cluster for member in self.fleet.members}
        members = (
            replace(member, cluster=clusters.get(member.cluster_id, Unknown("not found"))) for member in known.members
        )
        return replace(self.fleet, members=tuple(members), strategies={**self.fleet.strategies, **known.strategies})

    def read_profile(self, profile_id: ResourceId) -> Profile:
        return self.read_fleet(profile_id)[0]

    def read_maintenance_windows(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        wanted = list(cluster_ids)
        self.read_windows_of += wanted
        return dict.fromkeys(wanted, frozenset({"aksmanagedautoupgradeschedule"}))

    def read_runs(self, fleet_id: ResourceId) -> Sequence[UpdateRun]:
        assert fleet_id == self.fleet.id
        self.before_runs_are_read()
        return self.fleet.update_runs

    def find_run(self, run_id: ResourceId) -> UpdateRun | None:
        run = self._find(run_id)
        self.read_alone.append(run.state if run is not None else None)
        return run

    def _find(self, run_id: ResourceId) -> UpdateRun | None:
        return next((run for run in self.fleet.update_runs if run.id == run_id), None)

    def read_fleet_with(self, profile: Profile) -> Fleet:
        if profile.fleet_id != self.fleet.id:
            raise NotFoundError(str(profile.fleet_id))
        others = tuple(other for other in self.fleet.profiles if other.id != profile.id)
        return replace(self.fleet, profiles=(*others, profile))

    def read_stored(self, profile_id: ResourceId) -> StoredProfile:
        profile = self.read_profile(profile_id)
        return StoredProfile(profile, _etag_of(profile))

    def read_strategies(self, fleet_id: ResourceId) -> Sequence[StrategyOutline]:
        return [StrategyOutline(strategy_id, ("first", "rest")) for strategy_id in self.fleet.strategies]

    def write_profile(self, profile: Profile, *, only_new: bool, etag: str | None = None) -> None:
        before = next((other for other in self.fleet.profiles if other.id == profile.id), None)
        if only_new and before is not None:
            raise UserMustFixError("The profile exists.")
        if etag is not None and (before is None or etag != _etag_of(before)):
            raise UserMustFixError("The profile has changed since it was read; read it again")
        self.fleet = self.read_fleet_with(profile)

    def delete_profile(self, profile_id: ResourceId) -> None:
        others = tuple(other for other in self.fleet.profiles if other.id != profile_id)
        self.fleet = replace(self.fleet, profiles=others)

    def read_outline(self, run_id: ResourceId) -> RunOutline:
        run = self._find(run_id)
        if run is None:
            raise NotFoundError(str(run_id))
        return RunOutline(run, ())

    def create_run(self, fleet_id: ResourceId, specification: RunSpecification) -> UpdateRun | None:
        write = self._write()
        run_id = fleet_id.child("updateRuns", specification.name)
        if self._find(run_id) is not None:
            return None
        run = UpdateRun(
            id=run_id,
            upgrade_type=specification.upgrade_type,
            state=UpdateState.NOT_STARTED,
            kubernetes_version=specification.kubernetes_version,
            node_image_selection=specification.node_image_selection,
            node_images=frozenset(specification.node_images),
            update_strategy_id=specification.update_strategy_id,
            member_states={member.name.lower(): UpdateState.NOT_STARTED for member in self.fleet.members},
            created_at=self.time,
            etag=self._etag(),
        )
        self._put(run)
        self.created.append(run.name)
        self._stop_after(write)
        return run

    def skip_members(self, run: UpdateRun, members: Sequence[str]) -> bool:
        if self.skip_is_refused:
            raise UserMustFixError("OperationNotAllowed")
        write = self._write()
        if not self._is_current(run):
            return False
        states: dict[str, UpdateState | Unparsed] = dict(run.member_states)
        states.update({member.lower(): UpdateState.SKIPPED for member in members})
        self._put(replace(run, member_states=states, etag=self._etag()))
        self.skipped.append((run.name, tuple(members)))
        self._stop_after(write)
        return True

    def start_run(self, run: UpdateRun) -> bool:
        write = self._write()
        if not self._is_current(run):
            return False
        self._put(replace(run, state=UpdateState.RUNNING, completed_at=None, etag=self._etag()))
        self.started.append(run.name)
        self._stop_after(write)
        return True

    def stop_run(self, run: UpdateRun) -> bool:
        write = self._write()
        if not self._is_current(run):
            return False
        ended = self.time if self.state_after_stop is UpdateState.STOPPED else None
        self._put(replace(run, state=self.state_after_stop, completed_at=ended, etag=self._etag()))
        self.stopped.append(run.name)
        self._stop_after(write)
        return True

    def generate_natively(self, profile_id: ResourceId) -> ResourceId:
        """Fleet's own generation: the run that the test has prepared, created once."""
        write = self._write()
        self.generated_natively += 1
        assert self.native_run is not None, "the test has put no native run ready"
        if self._find(self.native_run.id) is None:
            self._put(replace(self.native_run, created_at=self.time, etag=self._etag()))
        self._stop_after(write)
        return self.native_run.id

    def publish_new_releases(self, new_releases: Sequence[NewReleases], now: datetime) -> None:
        write = self._write()
        self.new_releases += new_releases
        self._stop_after(write)

    def evaluate_estate(self) -> None:
        write = self._write()
        self.evaluations_sent += 1
        self._stop_after(write)

    def evaluate_profiles(self, profile_ids: Sequence[ResourceId]) -> None:
        write = self._write()
        self.due += profile_ids
        self._stop_after(write)

    def watch_gates(self, run_id: ResourceId) -> None:
        write = self._write()
        self.gate_runs.append(run_id)
        self._stop_after(write)

    def waiting_messages(self) -> Mapping[str, int]:
        return {"evaluate-profile": len(self.due)}

    def poison_messages(self) -> Mapping[str, int]:
        return self.poisoned

    def fail(self, run_name: str, member: str) -> None:
        """Have a run fail at a member, now."""
        for run in self.fleet.update_runs:
            if run.name == run_name:
                states = {**run.member_states, member: UpdateState.FAILED}
                failed = replace(run, state=UpdateState.FAILED, member_states=states, completed_at=self.time)
                self._put(replace(failed, etag=self._etag()))

    def finish(self, run_name: str, state: UpdateState = UpdateState.COMPLETED) -> None:
        """Have a run come to its end: every member that was not skipped is done."""
        for run in self.fleet.update_runs:
            if run.name == run_name:
                states = {
                    name: before if before is UpdateState.SKIPPED else UpdateState.COMPLETED
                    for name, before in run.member_states.items()
                }
                completed = replace(run, state=state, member_states=states, completed_at=self.time)
                self._put(replace(completed, etag=self._etag()))

    def _put(self, run: UpdateRun) -> None:
        others = tuple(other for other in self.fleet.update_runs if other.id != run.id)
        self.fleet = replace(self.fleet, update_runs=(*others, run))

    def _is_current(self, run: UpdateRun) -> bool:
        current = self._find(run.id)
        return current is not None and current.etag == run.etag

    def _etag(self) -> str:
        return f'"{next(self._etags)}"'

    def _write(self) -> int:
        number = next(self._writes)
        if number == self.stops_before:
            raise ProcessStopped
        return number

    def _stop_after(self, number: int) -> None:
        if number == self.stops_after:
            raise ProcessStopped


@dataclass
class FakeEstate:
    """The sweep over the fake's one fleet."""

    azure: FakeAzure
    sweeps: int = 0
    is_managed: bool = True

    def read(self) -> Estate:
        self.sweeps += 1
        return Estate((self.azure.fleet,), self.azure.unreadable)

    def has_runs_to_watch(self, ended_since: datetime, failed_since: datetime) -> bool:
        return any(
            run.is_unfinished or _ended(run, failed_since if run.state is UpdateState.FAILED else ended_since)
            for run in self.azure.fleet.update_runs
        )

    def manages(self, fleet_id: ResourceId) -> bool:
        return self.is_managed


def _etag_of(profile: Profile) -> str:
    return f'"{hash(profile):x}"'


def _ended(run: UpdateRun, since: datetime) -> bool:
    return run.completed_at is not None and run.completed_at >= since
