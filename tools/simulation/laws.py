"""The laws, stated on what happens in Azure alone: they use nothing that the app knows or decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tools.simulation.policies import covers, value_now, values_since
from tools.simulation.targets import scope_of, target_of
from tools.simulation.world.azure import Actor, Azure, Event
from tools.simulation.world.engine import is_at_target
from tools.simulation.world.model import (
    COMPLETED,
    FAILED,
    FINISHED,
    NOT_STARTED,
    PENDING,
    SKIPPED,
    STOPPED,
    UNFINISHED,
    Cluster,
    Profile,
    Run,
    minor,
    parts,
)

MOST_IN_VAIN = 8
"""How often the same write may be refused for good; one person's mistake is met by several timers."""

IMAGES_ARE_KNOWN_AFTER = 1800.0
"""Seconds after a release in which a run may still be for the images before it."""

CLOCKS_DIFFER = 30.0
"""Seconds by which the clock of an instance may be wrong, at most."""


class Broken(BaseException):
    """A law is broken; nothing of the app catches it."""

    def __init__(self, law: str, how: str) -> None:
        self.law = law
        super().__init__(f"{law}: {how}")


@dataclass
class _Note:
    """What is known of a run."""

    run: Run
    profile: str = ""
    """The profile that the app created it for; empty if a person did."""
    image: str = ""
    """For a run of node images alone: the one that it was created for; empty while that is not certain."""
    intent: str = "review"
    """`upgrade`, `review`, or empty where the policy changed while it was created."""
    started_by: Actor | None = None
    started_at: float = 0.0
    restarts: int = 0
    is_stopped_by_person: bool = False


class Laws:
    """Watches what is done to runs, and compares the clusters at the end with what they should be."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._notes: dict[int, _Note] = {}
        self._in_vain_so_far: Counter[tuple[str, str, str]] = Counter()
        self._skipped: set[tuple[str, str]] = set()
        """Members that a person skipped, with the version or image that the run was for."""

    def observe(self, event: Event) -> None:
        """Something was done.

        Raises:
            Broken: it should not have been.
        """
        by_app = event.actor.kind != "person"
        note = self._notes.setdefault(id(event.run), _Note(event.run))
        if by_app and event.kind in {"created", "started", "stopped"}:
            self._not_frozen(event)
        match event.kind:
            case "created":
                self._created(event, note)
            case "started":
                self._started(event, note)
            case "stopped" if by_app:
                if "replace" not in self._policy("active-run", event.actor):
                    raise Broken("a run is stopped only by policy", _who(event))
            case "stopped":
                note.is_stopped_by_person = True
            case "skipped" if not by_app:
                brings = event.run.version or event.run.selected or self._azure.image_of(event.run)
                self._skipped.update((member, brings) for member in event.members)
            case "refused" if by_app:
                self._in_vain(event)
            case "returned" if event.actor.kind == "trigger":
                self._in_vain(event)

    def _not_frozen(self, event: Event) -> None:
        """Nothing is done while a freeze was in force ever since the actor began, by the clock of any instance."""
        first, last = event.actor.began_at - CLOCKS_DIFFER, self._azure.now() + CLOCKS_DIFFER
        if all(covers(freeze, first) and covers(freeze, last) for freeze in self._policy("freeze", event.actor)):
            raise Broken("a freeze is respected", _who(event))

    def _created(self, event: Event, note: _Note) -> None:
        if event.actor.kind == "person":
            return
        note.profile, note.image = event.actor.profile, self._image(event.run)
        note.intent = self._intent(event)
        if (event.run.kind == "NodeImageOnly" and not note.image) or self._is_choice_of_fleet(event):
            return
        for other in self._azure.runs.values():
            known = self._note(other)
            is_same = other.content == event.run.content and known.image == note.image
            if is_same and other is not event.run and other.state not in FINISHED and known.profile == note.profile:
                raise Broken("one run for one specification", f"{_who(event)}, although {other.name} is {other.state}")

    def _is_choice_of_fleet(self, event: Event) -> bool:
        """Whether Fleet generated a version that the app did not ask for: no one knows before which one it takes."""
        if not (event.run.profile_id and event.run.version):
            return False
        profile = self._azure.profiles[event.actor.profile]
        targets = {target_of(self._azure, profile, regions) for regions in self._policy("regions", event.actor)}
        return event.run.version not in targets or self._policy("soak", event.actor) != {"PT0S"}

    def _intent(self, event: Event) -> str:
        if event.actor.kind == "request":
            return "upgrade" if event.actor.starts else "review"
        starts = self._policy("start", event.actor)
        return {"auto": "upgrade", "manual": "review"}[starts.pop()] if len(starts) == 1 else ""

    def _image(self, run: Run) -> str:
        """The image that a new run of node images is for, unless another one was released a moment ago."""
        is_certain = self._azure.now() - self._azure.offers.images_changed_at > IMAGES_ARE_KNOWN_AFTER
        return self._azure.image_of(run) if run.kind == "NodeImageOnly" and is_certain else ""

    def _started(self, event: Event, note: _Note) -> None:
        if event.actor.kind == "trigger":
            self._started_by_trigger(event, note)
        if event.actor.kind == "person":
            note.is_stopped_by_person = False
        note.started_by, note.started_at = event.actor, self._azure.now()

    def _started_by_trigger(self, event: Event, note: _Note) -> None:
        if note.is_stopped_by_person:
            raise Broken("a person's stop is respected", _who(event))
        if note.intent == "review" and event.before == NOT_STARTED:
            raise Broken("a review run is never started by a trigger", _who(event))
        if event.before == FAILED:
            note.restarts += 1
            most = max(int(value) for value in self._policy("retry", event.actor, since=0.0))
            if note.restarts > most:
                raise Broken("restarts never pass the policy", f"{_who(event)}, restart {note.restarts} of {most}")
        self._one_unfinished(event)
        self._one_run_a_cluster(event)
        self._skips_unfit(event)

    def _one_unfinished(self, event: Event) -> None:
        if "ignore" in self._policy("active-run", event.actor):
            return
        for other in self._azure.runs.values():
            note = self._note(other)
            if other is event.run or other.state not in UNFINISHED or not self._is_of(other, event.actor.profile):
                continue
            by_person = note.started_by is None or note.started_by.kind != "trigger"
            if not by_person or note.started_at < event.actor.began_at:
                raise Broken("one unfinished run a profile", f"{_who(event)}, although {other.name} is {other.state}")

    def _one_run_a_cluster(self, event: Event) -> None:
        """No run is started on clusters that another run, which a trigger started, has yet to finish."""
        if "upgrade" in self._policy("busy-clusters", event.actor):
            return
        left = set(self._left(event.run, {SKIPPED, COMPLETED}))
        for other in self._azure.runs.values():
            by = self._note(other).started_by
            if other is event.run or other.state not in UNFINISHED or by is None or by.kind != "trigger":
                continue
            ends = {NOT_STARTED} if other.is_stopping or other.has_failed else set[str]()
            if shared := left.intersection(self._left(other, {SKIPPED, COMPLETED, FAILED, *ends})):
                raise Broken("one run at a time on a cluster", f"{_who(event)}, with {min(shared)} in {other.name}")

    def _left(self, run: Run, over: Collection[str]) -> Iterator[str]:
        """The members to which a run that was started has yet to do something."""
        for member in run.members():
            if member.state not in over and not is_at_target(run, self._azure.cluster_of(member.name)):
                yield member.name

    def _skips_unfit(self, event: Event) -> None:
        """A cluster that was stopped or failed all the time is skipped: Fleet would fail the run for it."""
        for member in self._left(event.run, {SKIPPED, COMPLETED}):
            cluster = self._azure.cluster_of(member)
            is_unfit = cluster.is_stopped or cluster.state == "Failed"
            was_unfit = is_unfit and cluster.changed_at < event.actor.began_at
            if was_unfit or not self._azure.offers.is_offered(event.run, cluster):
                raise Broken("a cluster that cannot be upgraded is skipped", f"{_who(event)}, with {member}")

    def _in_vain(self, event: Event) -> None:
        """A write was refused, or Fleet returned a run that it had generated before."""
        key = (event.actor.profile, event.run.name, event.code)
        self._in_vain_so_far[key] += 1
        if self._in_vain_so_far[key] > MOST_IN_VAIN:
            raise Broken("nothing is tried again and again in vain", f"{_who(event)} {event.code}")

    # the end ---------------------------------------------------------------------------------------------------------

    def check_end(self) -> None:
        """Every profile that can be brought to its target is there.

        Raises:
            Broken: one is not.
        """
        for profile in self._azure.profiles.values():
            if self._is_held_by_policy(profile) or self._waits_for_person(profile):
                continue
            for cluster, member in scope_of(self._azure, profile):
                if missing := self._missing(profile, cluster, member):
                    raise Broken(
                        "every profile that can be brought to its target is there",
                        f"{profile.name} ({profile.channel}): {cluster.name} is {cluster.version}, nodes "
                        f"{cluster.node_version}, image {cluster.image}; it should be {missing}",
                    )

    def _is_held_by_policy(self, profile: Profile) -> bool:
        """Whether it is disabled, frozen, starts nothing, or has Fleet generate what Fleet does not generate."""
        is_frozen = covers(self._now("freeze", profile), self._azure.now())
        is_manual = self._now("start", profile) == "manual"
        return profile.disabled or is_frozen or is_manual or self._is_impossible(profile)

    def _is_impossible(self, profile: Profile) -> bool:
        """Fleet generates no run for control planes alone, and for the newest version that any region offers."""
        if self._now("generator", profile) != "native":
            return False
        if profile.channel == "NodeImage" or self._now("split", profile) != "off":
            return self._now("split", profile) != "off"
        return target_of(self._azure, profile, "any") != target_of(self._azure, profile, self._now("regions", profile))

    def _is_skipped(self, profile: Profile, member: str, target: str) -> bool:
        """Whether a person skipped the member in a run for the target, or for a step towards it.

        A run of node images of which Fleet has selected none yet is for neither.
        """
        versions = [version for name, version in self._skipped if name == member and version]
        has_steps = self._now("catch-up", profile) != "off"
        return any(version == target or (has_steps and parts(version) < parts(target)) for version in versions)

    def _waits_for_person(self, profile: Profile) -> bool:
        """Whether a run waits for a person: approval, stopped by a person, review (also after a stop), failures."""
        for run in self._azure.runs.values():
            note = self._note(run)
            if run.state == FAILED and (note.intent != "upgrade" or note.restarts >= int(self._now("retry", profile))):
                return True
            if run.approval == PENDING and run.state in UNFINISHED:
                return True
            if run.state == STOPPED and note.is_stopped_by_person:
                return True
            if run.state in {NOT_STARTED, STOPPED} and note.intent != "upgrade":
                return True
        return False

    def _missing(self, profile: Profile, cluster: Cluster, member: str) -> str:
        """What the cluster should be and is not; empty if nothing is missing."""
        if profile.channel == "NodeImage":
            regions = {each.region for each, _ in scope_of(self._azure, profile)}
            newest = min((self._azure.offers.images[region] for region in regions), key=parts)
            is_missing = parts(cluster.image) < parts(newest) and (member, newest) not in self._skipped
            return f"image {newest}" if is_missing else ""
        target = target_of(self._azure, profile, self._now("regions", profile))
        if target is None or self._is_skipped(profile, member, target):
            return ""
        if target not in self._azure.offers.versions[cluster.region]:
            return ""
        if parts(cluster.version) > parts(target):
            return ""  # the channel was changed: no run brings nodes to a version below their control plane
        is_far = minor(target)[1] - minor(cluster.version)[1] > 1
        if is_far and self._now("catch-up", profile) == "off":
            return ""
        is_there = min(parts(cluster.version), parts(cluster.node_version)) >= parts(target)
        return "" if is_there else target

    # helpers ---------------------------------------------------------------------------------------------------------

    def _note(self, run: Run) -> _Note:
        return self._notes.setdefault(id(run), _Note(run))

    def _is_of(self, run: Run, profile: str) -> bool:
        return self._note(run).profile == profile or run.profile_id.endswith(f"/{profile}")

    def _now(self, key: str, profile: Profile) -> str:
        return value_now(self._azure, key, profile.name)

    def _policy(self, key: str, actor: Actor, since: float | None = None) -> set[str]:
        return values_since(self._azure, key, actor, since)


def _who(event: Event) -> str:
    of = f" of {event.actor.profile}" if event.actor.profile else ""
    return f"{event.actor.name}{of}: {event.run.name} {event.kind}, which was {event.before or 'new'}"
