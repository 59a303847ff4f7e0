"""Makes an execution from a run's properties: stages, groups and members, with concurrency as numbers."""

from __future__ import annotations

from collections.abc import Iterable

from tools.emulator.arm.body import integer_at, object_at, objects_at, text_at
from tools.emulator.label_selector import parse_selector
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.execution import (
    SKIPPED,
    Execution,
    GateRun,
    Gates,
    GroupRun,
    MemberRun,
    StageRun,
)
from tools.emulator.update_runs.patches import is_patch_profile, patch_date
from tools.emulator.update_runs.scheduled_start import ScheduledStart
from tools.json_value import Json

DEFAULT_STAGE_CONCURRENCY = 50
DEFAULT_GROUP_CONCURRENCY = 1
DEFAULT_NAME = "default"


def plan(fleet: Fleet, run: FleetResource) -> Execution:
    """What the run will do; nothing has started."""
    update = object_at(run.properties, "managedClusterUpdate")
    selection = object_at(update, "nodeImageSelection")
    listed = [text_at(image, "version").rpartition("-") for image in objects_at(selection, "customNodeImageVersions")]
    strategy = object_at(run.properties, "strategy")
    return Execution(
        fleet=fleet,
        run=run,
        upgrade_type=text_at(update, "upgrade", "type"),
        kubernetes_version=text_at(update, "upgrade", "kubernetesVersion") or None,
        image_selection=text_at(selection, "type") or "Latest",
        images={family: version for family, _, version in listed},
        stages=_stages(fleet, strategy) if strategy else [_all_one_by_one(fleet)],
        patched_on=_patched_on(fleet, run),
    )


def _patched_on(fleet: Fleet, run: FleetResource) -> str:
    """The date of the patches of a run that a profile of channel SecurityPatch generated; empty for other runs.

    UNVERIFIED: how Fleet itself knows such a run, whose upgrade type is one of the others.
    """
    is_patching = is_patch_profile(fleet, text_at(run.properties, "autoUpgradeProfileId"))
    return patch_date(run.created_at) if is_patching else ""


def concurrency(text: str, of: int, default: int) -> int:
    """`maxConcurrency` as a number: a count, or a percentage rounded down, at least one."""
    if not text:
        return default
    if text.endswith("%"):
        return max(1, of * int(text[:-1]) // 100)
    return max(1, int(text))


def allowed_failures(text: str, of: int) -> int | None:
    """`maxAllowedFailures` as a number: a count, or a percentage rounded up; None if nothing is said."""
    if text.endswith("%"):
        return -(-of * int(text[:-1]) // 100)
    return int(text) if text else None


def _stages(fleet: Fleet, strategy: dict[str, Json]) -> list[StageRun]:
    stages = []
    for stage in objects_at(strategy, "stages"):
        name = text_at(stage, "name")
        groups = _groups(stage, name, _selected(fleet.members.values(), stage))
        count = sum(len(group.members) for group in groups)
        stages.append(
            StageRun(
                name=name,
                max_concurrency=concurrency(text_at(stage, "maxConcurrency"), count, DEFAULT_STAGE_CONCURRENCY),
                max_allowed_failures=allowed_failures(text_at(stage, "maxAllowedFailures"), count),
                wait_seconds=integer_at(stage, "afterStageWaitInSeconds"),
                groups=groups,
                gates=_gates(stage, name),
            )
        )
    return stages


def _groups(stage: dict[str, Json], name: str, members: list[FleetResource]) -> list[GroupRun]:
    """The groups of a stage over the members that it selects. UNVERIFIED: the name of an implicit group."""
    groups = objects_at(stage, "groups")
    if not groups:
        return [_group({"name": DEFAULT_NAME}, name, members)]
    return [_group(group, name, _of_group(group, members)) for group in groups]


def _group(group: dict[str, Json], stage: str, selected: list[FleetResource]) -> GroupRun:
    """A group of a stage; one without members is skipped from the start, its gates are not started (as recorded)."""
    name, members = text_at(group, "name"), [_member(member) for member in selected]
    limit = concurrency(text_at(group, "maxConcurrency"), len(members), DEFAULT_GROUP_CONCURRENCY)
    planned = GroupRun(
        name,
        limit,
        members,
        _gates(group, stage, name),
        max_allowed_failures=allowed_failures(text_at(group, "maxAllowedFailures"), len(members)),
    )
    if not members:
        planned.progress.state = SKIPPED
    return planned


def _of_group(group: dict[str, Json], members: list[FleetResource]) -> list[FleetResource]:
    """By labels if the group has a selector, else by its name."""
    if text_at(group, "memberSelector", "byLabel"):
        return _selected(members, group)
    return [member for member in members if text_at(member.properties, "group") == text_at(group, "name")]


def _selected(members: Iterable[FleetResource], part: dict[str, Json]) -> list[FleetResource]:
    """The members that the selector of a stage or group selects; all of them if it has none.

    UNVERIFIED: that a member which several groups select is in each of them.
    """
    selector = parse_selector(text_at(part, "memberSelector", "byLabel"))
    return [member for member in members if selector is None or selector(object_at(member.properties, "labels"))]


def _gates(part: dict[str, Json], stage: str, group: str | None = None) -> Gates:
    lists = [
        [
            GateRun(
                text_at(gate, "displayName"),
                text_at(gate, "type"),
                stage,
                group,
                timing,
                _scheduled_start(gate),
            )
            for gate in objects_at(part, key)
        ]
        for key, timing in (("beforeGates", "Before"), ("afterGates", "After"))
    ]
    return Gates(*lists)


def _scheduled_start(gate: dict[str, Json]) -> ScheduledStart | None:
    configuration = object_at(gate, "scheduledStartConfiguration")
    return ScheduledStart(configuration) if configuration else None


def _all_one_by_one(fleet: Fleet) -> StageRun:
    members = [_member(member) for member in fleet.members.values()]
    group = GroupRun(DEFAULT_NAME, DEFAULT_GROUP_CONCURRENCY, members)
    return StageRun(DEFAULT_NAME, DEFAULT_STAGE_CONCURRENCY, None, 0, [group])


def _member(member: FleetResource) -> MemberRun:
    return MemberRun(member.name, text_at(member.properties, "clusterResourceId"))
