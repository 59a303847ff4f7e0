"""What the runs that exist mean for the one that is wanted.

A run that asks for the same thing counts as generated, whoever made it. A finished one that did not reach some members
(they joined later, were left out, or failed where failures are tolerated) is followed by another of the same target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.reasons import Verdict
from shared.core.runs.specification import RunSpecification, is_name_of

_FINISHED = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED})

Pinning = Callable[[UpdateRun], tuple[NodeImage, ...] | Verdict]
"""The images to pin a follow-up to, given the first run for the target."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the wanted run stands."""

    specification: RunSpecification
    """The run to generate, or the one that `run` answers to."""
    run: UpdateRun | None
    """The run that is there already; None if the specification is yet to be generated."""
    predecessor: UpdateRun | None = None
    """The finished run that this one follows."""
    retries: int = 0
    """How many runs for this target were finished with a failed member that is still due, before this one."""
    is_only_retry: bool = False
    """Whether this run is for members that failed in its predecessor, and for nobody else."""


@dataclass(frozen=True, slots=True)
class ExistingRuns:
    """The runs of a fleet, what the app remembers of its own, and how often failed members are tried again."""

    runs: Sequence[UpdateRun]
    records: Mapping[str, RunRecord]
    retry: int = 0

    def standing(self, wanted: RunSpecification, due_members: frozenset[str], pinning: Pinning) -> Standing | Verdict:
        """Follow the runs of the same target to the one that counts now.

        Args:
            wanted: the specification of the first run of this target.
            due_members: names, in lower case, of members that the run is for.
            pinning: asked once there is something to follow.
        """
        by_name = {run.name.lower(): run for run in self.runs}
        first = by_name.get(wanted.name) or _same_request(wanted, self.runs)
        standing = Standing(wanted, first)
        if first is None:
            return standing
        pinned: tuple[NodeImage, ...] | Verdict | None = None
        while standing.run is not None and standing.run.state in _FINISHED:
            follower = self._follower(standing, standing.run, due_members)
            if follower is None:
                break
            pinned = pinning(first) if pinned is None else pinned
            if isinstance(pinned, Verdict):
                return pinned
            specification = wanted.following(standing.run.name, pinned)
            standing = Standing(
                specification,
                by_name.get(specification.name),
                predecessor=standing.run,
                retries=follower.retries,
                is_only_retry=follower.is_only_retry,
            )
        return standing

    def _follower(self, standing: Standing, run: UpdateRun, due_members: frozenset[str]) -> _Follower | None:
        """Whether the finished run is to be followed, and why."""
        failed = frozenset(name for name in due_members if run.member_states.get(name) is UpdateState.FAILED)
        missed = due_members - failed - self._dealt_with(run)
        if missed:
            return _Follower(standing.retries + bool(failed), is_only_retry=False)
        if failed and standing.retries < self.retry:
            return _Follower(standing.retries + 1, is_only_retry=True)
        return None

    def _dealt_with(self, run: UpdateRun) -> frozenset[str]:
        """The members the run dealt with. One that was left out by us is not among them; one that Fleet skipped is."""
        record = self.records.get(run.name.lower())
        skipped = record.skipped if record is not None else frozenset[str]()
        return frozenset(
            name for name, state in run.member_states.items() if not (state is UpdateState.SKIPPED and name in skipped)
        )


@dataclass(frozen=True, slots=True)
class _Follower:
    retries: int
    is_only_retry: bool


def _same_request(wanted: RunSpecification, runs: Sequence[UpdateRun]) -> UpdateRun | None:
    """A run by somebody else that asks for the same; one that Fleet is at work on before any other."""
    alike = [
        run for run in runs if not is_name_of(wanted.profile_id, wanted.channel, run.name) and asks_for(run, wanted)
    ]
    return max(alike, key=lambda run: (run.is_unfinished, run.name), default=None)


def asks_for(run: UpdateRun, wanted: RunSpecification) -> bool:
    """Whether the run brings what the specification wants."""
    return not differences_between(run, wanted) and _covers_images(run, wanted)


def differences_between(run: UpdateRun, wanted: RunSpecification) -> list[str]:
    """What the run asks for otherwise than the specification, one clause each; images picked later aside."""
    found: list[str] = []
    if run.upgrade_type is not wanted.upgrade_type:
        found.append(f"upgrades {run.upgrade_type} instead of {wanted.upgrade_type}")
    if run.kubernetes_version != wanted.kubernetes_version:
        found.append(f"brings {run.kubernetes_version} instead of {wanted.kubernetes_version}")
    if wanted.upgrade_type is not UpgradeType.CONTROL_PLANE_ONLY:
        selection = run.node_image_selection or NodeImageSelection.LATEST
        if selection != wanted.node_image_selection:
            found.append(f"selects node images {selection} instead of {wanted.node_image_selection}")
    is_own = run.auto_upgrade_profile_id == wanted.profile_id
    if run.update_strategy_id != wanted.update_strategy_id and not is_own:
        found.append(f"follows {run.update_strategy_id} instead of {wanted.update_strategy_id}")
    return found


def _covers_images(run: UpdateRun, wanted: RunSpecification) -> bool:
    if wanted.upgrade_type is not UpgradeType.NODE_IMAGE_ONLY:
        return True
    if not run.node_images:
        # Fleet has not said which images it picked: what is still going on picks today's, what is over picked others
        return run.state not in _FINISHED and run.state is not UpdateState.FAILED
    picked = {image.family: image.version for image in run.node_images if isinstance(image, NodeImage)}
    return all(image.family in picked and picked[image.family] >= image.version for image in wanted.node_images)


def runs_of(profile_id: ResourceId, channel: Channel, runs: Sequence[UpdateRun]) -> list[UpdateRun]:
    """The runs of the profile: ours by their name, native ones by autoUpgradeProfileId."""
    return [
        run for run in runs if run.auto_upgrade_profile_id == profile_id or is_name_of(profile_id, channel, run.name)
    ]


def unfinished_runs_of(profile_id: ResourceId, channel: Channel, runs: Sequence[UpdateRun]) -> list[UpdateRun]:
    """Those of them that Fleet is at work on."""
    return [run for run in runs_of(profile_id, channel, runs) if run.is_unfinished]
