"""The simulated ARM: reads, and the writes on update runs with the refusals that Azure is known for.

Sources of the rules: Fleet's documentation of update runs and their states, and ARM's conventions of ETags. Not
documented, and assumed here: a failed member of a failed run can be skipped, and a run that was stopped ends stopped.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.simulation.world.engine import Engine
from tools.simulation.world.model import (
    APPROVED,
    FAILED,
    FAMILY,
    FLEET,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    STOPPED,
    STOPPING,
    Body,
    Cluster,
    Member,
    MemberRun,
    Offers,
    Profile,
    Refused,
    Run,
    Strategy,
    minor,
    parts,
)

_STARTABLE = frozenset({NOT_STARTED, STOPPED, FAILED})
_STOPPABLE = frozenset({RUNNING, PENDING})


@dataclass(frozen=True)
class Actor:
    """Who does something."""

    kind: str
    """`trigger`: the app by itself; `request`: the app for a person; `person`: a person in Azure."""
    name: str
    profile: str = ""
    """The name of the profile that the app acts on."""
    starts: bool = True
    """For a request: whether it asks to start the run."""
    began_at: float = 0.0


@dataclass(frozen=True)
class Event:
    """Something was done to an update run."""

    kind: str
    """`created`, `started`, `stopped`, `skipped`, `deleted`, `refused`, `returned` instead of generated, or `gate`."""
    actor: Actor
    run: Run
    before: str = ""
    """The run's state before."""
    members: tuple[str, ...] = ()
    """Those that were skipped."""
    code: str = ""
    """Of a refusal."""


class Azure:
    """One fleet with everything in it.

    Args:
        now: the time in seconds.
        later: has something done after so many seconds.
        lasts: how many seconds the upgrade of a member takes.
        observe: called with every event, after it.
    """

    def __init__(
        self,
        now: Callable[[], float],
        later: Callable[[float, Callable[[], None]], None],
        lasts: Callable[[], float],
        observe: Callable[[Event], None],
    ) -> None:
        self.now = now
        self.offers = Offers()
        self.tags: dict[str, str] = {}
        self.tags_before: list[tuple[float, dict[str, str]]] = []
        """The tags since the beginning, each time they changed."""
        self.clusters: dict[str, Cluster] = {}
        self.members: dict[str, Member] = {}
        self.strategies: dict[str, Strategy] = {}
        self.profiles: dict[str, Profile] = {}
        self.runs: dict[str, Run] = {}
        self._observe = observe
        self._etags = itertools.count(1)
        self._versions: dict[str, list[tuple[float, Body | None]]] = defaultdict(list)
        self._engine = Engine(self, later, lasts)

    # what it is ------------------------------------------------------------------------------------------------------

    def fleet_body(self) -> Body:
        """The fleet, in ARM's form."""
        return {"id": FLEET, "location": "westeurope", "tags": dict(self.tags), "properties": {}}

    def touch(self, changed: Cluster | Member | Strategy | Profile | Run) -> None:
        """A resource has changed; a run gets another ETag."""
        if isinstance(changed, Run):
            changed.etag = f'"{next(self._etags)}"'
        self._versions[changed.id.lower()].append((self.now(), changed.body()))

    def tag(self, name: str, value: str) -> None:
        """Set a tag of the fleet."""
        self.tags = {**self.tags, name: value}
        self.touch_fleet()

    def touch_fleet(self) -> None:
        """The fleet's tags have changed."""
        self.tags_before.append((self.now(), self.tags))
        self._versions[FLEET.lower()].append((self.now(), self.fleet_body()))

    def as_of(self, time: float) -> Iterable[Body]:
        """All resources as they were at a time."""
        for versions in self._versions.values():
            known = [body for at, body in versions if at <= time]
            if known and known[-1] is not None:
                yield known[-1]

    def latest(self, resource_id: str) -> Body:
        """A resource as it is.

        Raises:
            Refused: there is none.
        """
        versions = self._versions.get(resource_id.lower())
        body = versions[-1][1] if versions else None
        if body is None:
            raise Refused(404, "ResourceNotFound", f"{resource_id} was not found")
        return body

    # update runs -----------------------------------------------------------------------------------------------------

    def create(self, actor: Actor, run: Run) -> Body:
        """`PUT` with `If-None-Match: *`; the stages follow from the strategy.

        Raises:
            Refused: it exists, or its strategy does not.
        """
        if run.name.lower() in self.runs:
            raise Refused(412, "PreconditionFailed", f"{run.name} exists")
        if run.strategy and run.strategy not in self.strategies:
            self.refuse(actor, run, 400, "InvalidParameter", f"The strategy {run.strategy} does not exist.")
        run.stages, run.created_at = self._stages(run.strategy), self.now()
        if run.strategy and self.strategies[run.strategy].needs_approval:
            run.approval = NOT_STARTED
        self.runs[run.name.lower()] = run
        self.touch(run)
        self._observe(Event("created", actor, run))
        return run.body()

    def start(self, actor: Actor, name: str, etag: str | None) -> Body:
        """Start a run, or start it again.

        Raises:
            Refused: the ETag is old, or the run's state does not allow it.
        """
        run = self._checked(name, etag)
        stale, before = run.body(), run.state
        if run.state not in _STARTABLE:
            self.refuse(actor, run, 409, "OperationNotAllowed", f"{run.name} is {run.state} and cannot be started.")
        self._engine.start(run)
        self._observe(Event("started", actor, run, before))
        return stale

    def stop(self, actor: Actor, name: str, etag: str | None) -> Body:
        """Stop a run; what has begun is finished.

        Raises:
            Refused: the ETag is old, or the run's state does not allow it.
        """
        run = self._checked(name, etag)
        before = run.state
        if run.state not in _STOPPABLE:
            self.refuse(actor, run, 409, "OperationNotAllowed", f"{run.name} is {run.state} and cannot be stopped.")
        run.is_stopping, run.stopped_by = True, actor.kind
        run.state = STOPPING
        self._engine.proceed(run)
        self._observe(Event("stopped", actor, run, before))
        return run.body()

    def skip(self, actor: Actor, name: str, etag: str | None, members: Iterable[str]) -> Body:
        """Skip members that have not begun, or have failed in a run that has ended.

        Raises:
            Refused: the ETag is old, or a member is not in the run.
        """
        run = self._checked(name, etag)
        wanted = {member.lower() for member in members}
        if not wanted <= {member.name.lower() for member in run.members()}:
            self.refuse(actor, run, 400, "InvalidParameter", f"{run.name} has no such member.")
        skippable = {NOT_STARTED, PENDING, *([FAILED] if run.state in {FAILED, STOPPED} else [])}
        skipped = [each for each in run.members() if each.name.lower() in wanted and each.state in skippable]
        for member in skipped:
            member.state, member.skipped_by = SKIPPED, "person" if actor.kind == "person" else "app"
            member.attempt += 1
        self._engine.proceed(run)
        self._observe(Event("skipped", actor, run, run.state, tuple(member.name for member in skipped)))
        return run.body()

    def delete(self, actor: Actor, run: Run) -> None:
        """Delete a run that Fleet does not work on."""
        del self.runs[run.name.lower()]
        self._versions[run.id.lower()].append((self.now(), None))
        self._observe(Event("deleted", actor, run, run.state))

    def reached_gate(self, run: Run) -> None:
        """A run waits for an approval."""
        self._observe(Event("gate", Actor("fleet", "Fleet"), run, run.state))

    def approve(self, run: Run) -> None:
        """A person approves the gate that the run waits for."""
        run.approval = APPROVED
        if run.state == PENDING:
            run.state = RUNNING
        self._engine.proceed(run)

    def generate(self, actor: Actor, profile_name: str) -> Body:
        """Fleet's own generation: the newest version that any region offers; an existing run is returned.

        Raises:
            Refused: no region offers a version for the channel.
        """
        profile = self.profiles[profile_name.lower()]
        run = self._native_run(profile)
        if existing := self.runs.get(run.name.lower()):
            self._observe(Event("returned", actor, existing, existing.state))
        else:
            self.create(actor, run)
        return {"id": run.id}

    def refuse(self, actor: Actor, run: Run, status: int, code: str, message: str) -> None:
        """Refuse a write for good.

        Raises:
            Refused: always.
        """
        self._observe(Event("refused", actor, run, run.state, code=f"{status} {code}"))
        raise Refused(status, code, message)

    def cluster_of(self, member: str) -> Cluster:
        """The cluster of a member."""
        return self.clusters[self.members[member].cluster]

    def _checked(self, name: str, etag: str | None) -> Run:
        run = self.runs.get(name.lower())
        if run is None:
            raise Refused(404, "ResourceNotFound", f"{name} was not found")
        if etag is not None and etag != run.etag:
            raise Refused(412, "PreconditionFailed", f"{name} has changed")
        return run

    def _stages(self, strategy: str) -> list[list[MemberRun]]:
        """Without a strategy the members come one by one."""
        if not strategy:
            return [[MemberRun(name)] for name in self.members]
        return [
            [MemberRun(member.name) for member in self.members.values() if member.group == group]
            for group in self.strategies[strategy].groups
        ]

    def _native_run(self, profile: Profile) -> Run:
        regions = {self.cluster_of(name).region for name in self.members}
        if profile.channel == "NodeImage":
            newest = max((self.offers.images[region] for region in regions), key=parts)
            name = f"auto-{profile.name}-nodeimage-1{newest.replace('.', '')[-5:]}"
            return Run(name, "NodeImageOnly", "", "Consistent", (), profile.strategy, [], profile.id)
        offered = {version for region in regions for version in self.offers.versions[region]}
        newest_minor = max(minor(version) for version in offered)
        wanted = {
            "Rapid": newest_minor,
            "Stable": (newest_minor[0], newest_minor[1] - 1),
        }.get(profile.channel) or parts(profile.target)
        patches = [version for version in offered if minor(version) == wanted]
        if not patches:
            raise Refused(409, "NoVersionAvailable", "No patch is offered.")
        version = max(patches, key=parts)
        name = f"auto-{profile.name}-{profile.channel.lower()}-{version.replace('.', '-')}-1abcde"
        return Run(name, "Full", version, "Latest", (), profile.strategy, [], profile.id)

    def image_of(self, run: Run) -> str:
        """The node image that Fleet selects for a run now: the oldest that is the newest of a member's region."""
        if run.selection == "Custom":
            return run.images[0].removeprefix(f"{FAMILY}-")
        regions = {self.cluster_of(member.name).region for member in run.members()}
        return min((self.offers.images[region] for region in regions), key=parts)
