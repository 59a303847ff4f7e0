"""What the runs that exist mean for the one that is wanted.

A run that asks for the same thing counts as generated, whoever made it. A finished one that did not reach some
members (they joined later, or were left out because they were stopped) is followed by another of the same target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.core.facts import RunRecord
from shared.core.node_image import NodeImage
from shared.core.profile import Channel, NodeImageSelection
from shared.core.resource_id import ResourceId
from shared.core.run_specification import RunSpecification, is_name_of
from shared.core.update_run import UpdateRun, UpdateState

_FINISHED = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the wanted run stands."""

    specification: RunSpecification
    """The run to generate, or the one that `run` answers to."""
    run: UpdateRun | None
    """The run that is there already; None if the specification is yet to be generated."""


def find_standing(
    wanted: RunSpecification,
    runs: Sequence[UpdateRun],
    records: Mapping[str, RunRecord],
    due_members: frozenset[str],
) -> Standing:
    """Follow the runs of the same target to the one that counts now.

    Args:
        wanted: the specification of the first run of this target.
        runs: every run of the fleet.
        records: what the app remembers of its own.
        due_members: names, in lower case, of members that the run is for.
    """
    by_name = {run.name.lower(): run for run in runs}
    specification = wanted
    run = by_name.get(specification.name) or _same_request(wanted, runs)
    while run is not None and run.state in _FINISHED:
        unreached = due_members - _reached(run, records.get(run.name.lower()))
        if not unreached:
            break
        specification = wanted.following(run.name)
        run = by_name.get(specification.name)
    return Standing(specification, run)


def _reached(run: UpdateRun, record: RunRecord | None) -> frozenset[str]:
    """The members the run dealt with. One that was left out by us was not reached; one that Fleet skipped was."""
    left_out = record.left_out if record is not None else frozenset[str]()
    return frozenset(
        name for name, state in run.member_states.items() if not (state is UpdateState.SKIPPED and name in left_out)
    )


def _same_request(wanted: RunSpecification, runs: Sequence[UpdateRun]) -> UpdateRun | None:
    """A run by somebody else that asks for the same; one that Fleet is at work on before any other."""
    alike = [
        run for run in runs if not is_name_of(wanted.profile_id, wanted.channel, run.name) and _asks_for(run, wanted)
    ]
    return max(alike, key=lambda run: (run.is_unfinished, run.name), default=None)


def _asks_for(run: UpdateRun, wanted: RunSpecification) -> bool:
    same_shape = (
        run.upgrade_type is wanted.upgrade_type
        and run.kubernetes_version == wanted.kubernetes_version
        and (run.node_image_selection or NodeImageSelection.LATEST) == wanted.node_image_selection
        and (run.update_strategy_id == wanted.update_strategy_id or run.auto_upgrade_profile_id == wanted.profile_id)
    )
    return same_shape and _covers_images(run, wanted)


def _covers_images(run: UpdateRun, wanted: RunSpecification) -> bool:
    if wanted.channel is not Channel.NODE_IMAGE:
        return True
    if not run.node_images:
        # Fleet has not said which images it picked: what is still going on picks today's, what is over picked others
        return run.state not in _FINISHED and run.state is not UpdateState.FAILED
    picked = {image.family: image.version for image in run.node_images if isinstance(image, NodeImage)}
    return all(image.family in picked and picked[image.family] >= image.version for image in wanted.node_images)


def unfinished_runs_of(profile_id: ResourceId, channel: Channel, runs: Sequence[UpdateRun]) -> list[UpdateRun]:
    """The runs of the profile that Fleet is at work on: ours by their name, native ones by autoUpgradeProfileId."""
    return [
        run
        for run in runs
        if run.is_unfinished
        and (run.auto_upgrade_profile_id == profile_id or is_name_of(profile_id, channel, run.name))
    ]
