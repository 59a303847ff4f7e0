"""What people and AKS do in the simulated Azure, beside the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from tools.simulation.chance import Chance
from tools.simulation.scenario import Deed, policy_of
from tools.simulation.scheduler import Scheduler
from tools.simulation.world.azure import Actor, Azure
from tools.simulation.world.model import (
    FAILED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    STOPPED,
    UNFINISHED,
    Cluster,
    Member,
    Refused,
    Run,
    parts,
)

T = TypeVar("T")
PERSON = Actor("person", "a person")
_RELEASES = ("1.35.2", "1.34.3", "1.36.0", "1.35.3", "1.36.1", "1.34.4", "1.35.4", "1.36.2")
_IMAGES = ("202607.08.0", "202607.15.0", "202607.22.0", "202607.29.0", "202608.01.0", "202608.02.0")
_ROLLOUTS = (1200.0, 1200.0, 7200.0)
"""Seconds until a release has reached the last region."""


_APPROVED_AFTER = 60.0


class App(Protocol):
    """What people, and Azure Monitor, call of the app."""

    def request(self, profile: str, *, start: bool) -> None:
        """Request a run of a profile by its HTTP function."""

    def alert(self, profile: str, *, start: bool | None) -> None:
        """An alert fires: for a profile, or without one for the fleet; a run is requested unless `start` is None."""


class People:
    """They stop, start, skip and delete runs, edit profiles and policies, and work on clusters."""

    def __init__(
        self,
        azure: Azure,
        scheduler: Scheduler,
        chance: Chance,
        log: Callable[[str, str], None],
        app: App,
    ) -> None:
        self._azure, self._scheduler, self._chance = azure, scheduler, chance
        self._log, self._app = log, app
        self._created = 0
        self._approves_all = False
        self._deeds: dict[str, Callable[[Deed], str]] = {
            "release": self._release,
            "image": self._image,
            "stop a run": self._stop_run,
            "start a run": self._start_run,
            "delete a run": self._delete_run,
            "skip a member": self._skip_member,
            "request a start": lambda deed: self._request_run(deed, start=True),
            "request a review": lambda deed: self._request_run(deed, start=False),
            "change a policy": self._change_policy,
            "edit a profile": self._edit_profile,
            "alert": self._alert,
            "approve": self._approve,
            "create a run": self._create_run,
            "add a member": self._add_member,
            "stop a cluster": lambda deed: self._change_cluster(deed, "stopped"),
            "start a cluster": lambda deed: self._change_cluster(deed, "started"),
            "break a cluster": lambda deed: self._change_cluster(deed, "Failed"),
            "use a cluster": self._use_cluster,
            "fail an upgrade": self._fail_upgrade,
        }

    def do(self, deed: Deed) -> None:
        """Do it, if there is something to do it to."""
        try:
            done = self._deeds[deed.kind](deed)
        except Refused as refusal:
            done = f"{deed.kind}: Azure refuses, {refusal}"
        if done:
            self._log("a person", done)

    def repair(self) -> None:
        """Start every cluster, repair what has failed, and let no further upgrade fail."""
        for cluster in self._azure.clusters.values():
            cluster.failures = 0
            if cluster.is_stopped or cluster.state == "Failed":
                cluster.is_stopped, cluster.state = False, "Succeeded"
                cluster.changed_at = self._azure.now()
                self._azure.touch(cluster)
        self._log("a person", "starts and repairs all clusters")

    def tidy(self, *, clears_runs: bool) -> None:
        """Repair what failed meanwhile, end freezes, approve, and delete the runs that wait for a person.

        As the app's sentences say; what the app stopped itself is for the app to continue or to replace.
        """
        self.repair()
        if not clears_runs:
            return
        self._azure.tag("auto-upgrade.freeze", "none")
        self._approves_all = True
        while done := self._approve():
            self._log("a person", done)
        for run in list(self._azure.runs.values()):
            is_for_app = run.state == STOPPED and run.stopped_by != PERSON.kind
            if run.state in {NOT_STARTED, STOPPED, FAILED} and not is_for_app:
                self._azure.delete(PERSON, run)
                self._log("a person", f"deletes {run.name}, which is {run.state}")

    def asked_for_approval(self) -> None:
        """A run waits for an approval. After the faults they approve soon."""
        if self._approves_all:
            self._scheduler.at(self._scheduler.now + _APPROVED_AFTER, lambda: self.do(Deed("approve", 0, 0)))

    def _release(self, _: Deed) -> str:
        offers = self._azure.offers
        known = set().union(*offers.versions.values())
        version = next((version for version in _RELEASES if version not in known), "")
        if not version:
            return ""

        def reach(region: str) -> None:
            offers.versions[region].add(version)
            self._log("AKS", f"offers {version} in {region}")

        self._roll_out(list(offers.versions), reach)
        return ""

    def _image(self, _: Deed) -> str:
        offers = self._azure.offers
        newest = max(offers.images.values(), key=parts)
        image = next((image for image in _IMAGES if parts(image) > parts(newest)), "")
        if not image:
            return ""

        def reach(region: str) -> None:
            offers.images[region] = max(offers.images[region], image, key=parts)
            offers.images_changed_at = self._azure.now()
            self._log("AKS", f"offers node image {image} in {region}")

        self._roll_out(list(offers.images), reach)
        return ""

    def _roll_out(self, regions: Sequence[str], reach: Callable[[str], None]) -> None:
        rollout = self._chance.one_of(_ROLLOUTS)
        for number, region in enumerate(regions):
            after = number * self._chance.between(0, rollout)
            self._scheduler.at(self._scheduler.now + after, lambda region=region: reach(region))  # type: ignore[misc]

    def _stop_run(self, deed: Deed) -> str:
        run = self._run(deed, frozenset({RUNNING, PENDING}))
        if run is None:
            return ""
        self._azure.stop(PERSON, run.name, None)
        return f"stops {run.name}"

    def _start_run(self, deed: Deed) -> str:
        run = self._run(deed, frozenset({NOT_STARTED, STOPPED, FAILED}))
        if run is None:
            return ""
        self._azure.start(PERSON, run.name, None)
        return f"starts {run.name}"

    def _delete_run(self, deed: Deed) -> str:
        run = self._run(deed, frozenset({NOT_STARTED, STOPPED, FAILED, "Completed", "Skipped"}))
        if run is None:
            return ""
        self._azure.delete(PERSON, run)
        return f"deletes {run.name}, which is {run.state}"

    def _skip_member(self, deed: Deed) -> str:
        run = self._run(deed, frozenset({NOT_STARTED, *UNFINISHED}))
        waiting = [member.name for member in run.members() if member.state == NOT_STARTED] if run is not None else []
        if run is None or not waiting:
            return ""
        member = _picked(waiting, deed.choice)
        self._azure.skip(PERSON, run.name, None, [member])
        return f"skips {member} in {run.name}"

    def _request_run(self, deed: Deed, *, start: bool) -> str:
        profile = _picked(sorted(self._azure.profiles), deed.pick)
        self._app.request(profile, start=start)
        return f"requests the run of {profile}, {'to start it' if start else 'for review'}"

    def _alert(self, deed: Deed) -> str:
        profile = _picked(sorted(self._azure.profiles), deed.pick)
        number = int(deed.choice * 4)
        start = {0: True, 1: False}.get(number)
        self._app.alert("" if number == 3 else profile, start=start)
        return f"has an alert on {profile}, {'to evaluate' if start is None else 'to generate its run'}"

    def _approve(self, _: Deed | None = None) -> str:
        run = next((run for run in self._azure.runs.values() if run.approval == PENDING), None)
        if run is None:
            return ""
        self._azure.approve(run)
        return f"approves the second stage of {run.name}"

    def _change_policy(self, deed: Deed) -> str:
        tag, value = policy_of(deed)
        self._azure.tag(tag, value)
        return f"sets the tag {tag}={value}"

    def _edit_profile(self, deed: Deed) -> str:
        profile = self._azure.profiles[_picked(sorted(self._azure.profiles), deed.pick)]
        if deed.choice < 0.5 and profile.channel in {"Rapid", "Stable"}:
            profile.channel = "Stable" if profile.channel == "Rapid" else "Rapid"
        elif deed.choice < 0.75:
            profile.disabled = not profile.disabled
        else:
            profile.strategy = "" if profile.strategy else "staged"
        self._azure.touch(profile)
        return f"edits {profile}"

    def _create_run(self, deed: Deed) -> str:
        self._created += 1
        versions = sorted(set.intersection(*self._azure.offers.versions.values()), key=parts)
        run = Run(f"by-hand-{self._created}", "Full", versions[-1], "Latest", (), "", [])
        self._azure.create(PERSON, run)
        if deed.choice < 0.5:
            self._azure.start(PERSON, run.name, None)
        return f"creates {run.name} for {run.version}, which is {run.state}"

    def _add_member(self, deed: Deed) -> str:
        azure, number = self._azure, len(self._azure.clusters)
        region = _picked(sorted(azure.offers.versions), deed.pick)
        cluster = Cluster(f"c{number}", region, "1.34.2", "1.34.2", "202607.01.0")
        member = Member(f"m{number}", cluster.name, _picked(["a", "b"], deed.choice))
        azure.clusters[cluster.name], azure.members[member.name] = cluster, member
        azure.touch(cluster)
        azure.touch(member)
        return f"adds {member.name} with a cluster in {region}"

    def _change_cluster(self, deed: Deed, change: str) -> str:
        cluster = self._cluster(deed)
        if cluster.state not in {"Succeeded", "Failed"}:
            return ""
        match change:
            case "stopped":
                cluster.is_stopped = True
            case "started":
                cluster.is_stopped = False
            case _:
                cluster.state = change
        cluster.changed_at = self._azure.now()
        self._azure.touch(cluster)
        return f"{cluster.name} is {change.lower()}"

    def _use_cluster(self, deed: Deed) -> str:
        cluster = self._cluster(deed)
        if cluster.state != "Succeeded":
            return ""
        cluster.state = "Updating"
        self._azure.touch(cluster)
        minutes = 5 + int(deed.choice * 90)

        def over() -> None:
            cluster.state = "Succeeded"
            self._azure.touch(cluster)

        self._scheduler.at(self._scheduler.now + 60 * minutes, over)
        return f"updates {cluster.name} for {minutes} minutes"

    def _fail_upgrade(self, deed: Deed) -> str:
        cluster = self._cluster(deed)
        cluster.failures = 1 + int(deed.choice * 2)
        return f"lets {cluster.failures} upgrades of {cluster.name} fail"

    def _cluster(self, deed: Deed) -> Cluster:
        return self._azure.clusters[_picked(sorted(self._azure.clusters), deed.pick)]

    def _run(self, deed: Deed, states: frozenset[str]) -> Run | None:
        runs = [run for run in self._azure.runs.values() if run.state in states]
        return _picked(runs, deed.pick) if runs else None


def _picked(choices: Sequence[T], pick: float) -> T:
    return choices[int(pick * len(choices))]
