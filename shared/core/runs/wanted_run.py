"""A wanted run: the run that brings the members due to the target. It exists already, or is to be generated.

A run with the same content counts as generated, even if someone else created it. A finished run that did not reach
some members (they joined later, were skipped, or failed where failures are tolerated) is followed by another run for
the same target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import NodeImageSelection
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.reasons import Verdict
from shared.core.runs.specification import RunSpecification, is_name_of, is_name_under_any_channel

FINISHED = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED})
"""States in which nothing of a run is left to do."""

Pinning = Callable[[UpdateRun], tuple[NodeImage, ...] | Verdict]
"""The images to pin a follow-up to, given the first run for the target."""


@dataclass(frozen=True, slots=True)
class WantedRun:
    """The run that is wanted now."""

    specification: RunSpecification
    """The run to generate, or what the existing run was matched with."""
    run: UpdateRun | None
    """The run in the fleet; None if it is to be generated."""
    predecessor: UpdateRun | None = None
    """The finished run that this one follows."""
    retries: int = 0
    """How many earlier runs for this target finished with a failed member that is still due."""
    is_only_retry: bool = False
    """Whether this run is only for members that failed in its predecessor."""

    def skips_of(self, due_members: frozenset[str]) -> dict[str, str]:
        """The run's name by member, if the run is finished and a person skipped all that are still due in it."""
        run = self.run
        if run is None or run.state not in FINISHED:
            return {}
        skipped = all(run.member_states.get(name) is UpdateState.SKIPPED for name in due_members)
        return dict.fromkeys(due_members, run.name) if skipped else {}


@dataclass(frozen=True, slots=True)
class FleetRuns:
    """The runs of a fleet, the app's records of those it generated, and how often failed members are retried."""

    runs: Sequence[UpdateRun]
    records: Mapping[str, RunRecord]
    retry: int = 0

    def find_wanted_run(
        self, first_specification: RunSpecification, due_members: frozenset[str], pinning: Pinning
    ) -> WantedRun | Verdict:
        """Follow the chain of runs for the target to the one that is wanted now.

        Args:
            first_specification: of the first run for this target.
            due_members: names, in lower case, of the members that the run is for.
            pinning: called if a finished run is to be followed.
        """
        by_name = {run.name.lower(): run for run in self.runs}
        first = (
            by_name.get(first_specification.name)
            or _find_match(first_specification, self.runs)
            or _find_follow_up(first_specification, self.runs)
        )
        wanted = WantedRun(first_specification, first)
        if first is None:
            return wanted
        pinned: tuple[NodeImage, ...] | Verdict | None = None
        while wanted.run is not None and wanted.run.state in FINISHED:
            follower = self._follower(wanted, wanted.run, due_members)
            if follower is None:
                break
            pinned = pinning(first) if pinned is None else pinned
            if isinstance(pinned, Verdict):
                return pinned
            specification = first_specification.following(wanted.run.name, pinned)
            wanted = WantedRun(
                specification,
                by_name.get(specification.name),
                predecessor=wanted.run,
                retries=follower.retries,
                is_only_retry=follower.is_only_retry,
            )
        return wanted

    def _follower(self, wanted: WantedRun, run: UpdateRun, due_members: frozenset[str]) -> _Follower | None:
        """Whether the finished run is followed, and whom the next run is for; None if it is not followed."""
        failed = frozenset(name for name in due_members if run.member_states.get(name) is UpdateState.FAILED)
        missed = due_members - failed - self._handled(run)
        if missed:
            return _Follower(wanted.retries + bool(failed), is_only_retry=False)
        if failed and wanted.retries < self.retry:
            return _Follower(wanted.retries + 1, is_only_retry=True)
        return None

    def _handled(self, run: UpdateRun) -> frozenset[str]:
        """The members that the run handled: also those that Fleet skipped, but not those that this app skipped."""
        record = self.records.get(run.name.lower())
        skipped = record.skipped if record is not None else frozenset[str]()
        return frozenset(
            name for name, state in run.member_states.items() if not (state is UpdateState.SKIPPED and name in skipped)
        )


@dataclass(frozen=True, slots=True)
class _Follower:
    retries: int
    is_only_retry: bool


def _find_match(wanted: RunSpecification, runs: Sequence[UpdateRun]) -> UpdateRun | None:
    """A run with the same content that this app did not create.

    One that Fleet works on goes before any other, then one that Fleet generated from the profile itself: a person may
    have stopped that, and what another profile's run did not reach is no reason to go on beside it.
    """
    matching = [
        run for run in runs if not is_name_of(wanted.profile_id, wanted.channel, run.name) and matches(run, wanted)
    ]
    return max(
        matching,
        key=lambda run: (run.is_unfinished, run.auto_upgrade_profile_id == wanted.profile_id, run.name),
        default=None,
    )


def _find_follow_up(wanted: RunSpecification, runs: Sequence[UpdateRun]) -> UpdateRun | None:
    """A run for the same version that this app generated and that is not finished, though the first was deleted.

    One for certain node images is not found: it may be for others.
    """
    if wanted.node_images:
        return None
    own = (run for run in runs if is_name_of(wanted.profile_id, wanted.channel, run.name))
    matching = [run for run in own if run.state not in FINISHED and matches(run, wanted)]
    return max(matching, key=lambda run: (run.is_unfinished, run.name), default=None)


def generated_run(
    wanted: RunSpecification, records: Mapping[str, RunRecord], runs: Sequence[UpdateRun]
) -> UpdateRun | None:
    """The run that Fleet generated when the app asked for this one; None if it did not ask, or the run was deleted."""
    record = records.get(wanted.name)
    return next((run for run in runs if record is not None and run.name.lower() == record.generated), None)


def matches(run: UpdateRun, wanted: RunSpecification) -> bool:
    """Whether the run does what the specification wants."""
    return not differences_between(run, wanted) and _covers_images(run, wanted)


def differences_between(run: UpdateRun, wanted: RunSpecification) -> list[str]:
    """Where the run differs from the specification, one clause each; node images are not compared."""
    found: list[str] = []
    if run.upgrade_type is not wanted.upgrade_type:
        found.append(f"upgrades {run.upgrade_type} instead of {wanted.upgrade_type}")
    if run.kubernetes_version != wanted.kubernetes_version:
        found.append(f"brings {run.kubernetes_version} instead of {wanted.kubernetes_version}")
    if wanted.node_image_selection is not None:
        selection = run.node_image_selection or NodeImageSelection.LATEST
        if selection != wanted.node_image_selection:
            found.append(f"selects node images {selection} instead of {wanted.node_image_selection}")
    is_own = run.auto_upgrade_profile_id == wanted.profile_id
    if wanted.patch_week is not None and not is_own:
        found.append("was not generated from this profile")
    if run.update_strategy_id != wanted.update_strategy_id and not is_own:
        found.append(f"follows {run.update_strategy_id} instead of {wanted.update_strategy_id}")
    return found


def _covers_images(run: UpdateRun, wanted: RunSpecification) -> bool:
    if wanted.upgrade_type is not UpgradeType.NODE_IMAGE_ONLY:
        return True
    if not run.node_images:
        # Fleet does not report the images: an unfinished run selects today's, a finished one selected others
        return run.state not in FINISHED and run.state is not UpdateState.FAILED
    selected = {image.family: image.version for image in run.node_images if isinstance(image, NodeImage)}
    return all(image.family in selected and selected[image.family] >= image.version for image in wanted.node_images)


def runs_of(profile_id: ResourceId, runs: Iterable[UpdateRun]) -> list[UpdateRun]:
    """The runs of the profile: the app's by their name, under any channel, and native ones by autoUpgradeProfileId."""
    return [
        run
        for run in runs
        if run.auto_upgrade_profile_id == profile_id or is_name_under_any_channel(profile_id, run.name)
    ]


def other_unfinished_runs(
    profile_id: ResourceId, runs: Iterable[UpdateRun], own: ResourceId | None = None
) -> list[UpdateRun]:
    """The unfinished runs of the profile, except for the run `own`, by name."""
    unfinished = (run for run in runs if run.is_unfinished and run.id != own)
    return sorted(runs_of(profile_id, unfinished), key=lambda run: run.name)
