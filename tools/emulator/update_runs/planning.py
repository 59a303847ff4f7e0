"""Makes an execution from a run's properties: stages, groups and members, with concurrency as numbers."""

from __future__ import annotations

from tools.emulator.arm.body import integer_at, object_at, objects_at, text_at
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.execution import SKIPPED, Execution, GateRun, Gates, GroupRun, MemberRun, StageRun
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
    )


def concurrency(text: str, of: int, default: int) -> int:
    """`maxConcurrency` as a number: a count, or a percentage rounded down, at least one."""
    if not text:
        return default
    if text.endswith("%"):
        return max(1, of * int(text[:-1]) // 100)
    return max(1, int(text))


def allowed_failures(text: str, of: int) -> int:
    """`maxAllowedFailures` as a number: a count, or a percentage rounded up; none unless something is said."""
    if text.endswith("%"):
        return -(-of * int(text[:-1]) // 100)
    return int(text or 0)


def _stages(fleet: Fleet, strategy: dict[str, Json]) -> list[StageRun]:
    stages = []
    for stage in objects_at(strategy, "stages"):
        name = text_at(stage, "name")
        groups = [_group(fleet, group, name) for group in objects_at(stage, "groups")]
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


def _group(fleet: Fleet, group: dict[str, Json], stage: str) -> GroupRun:
    """A group of a stage; one without members is skipped from the start, its gates are not started (as recorded)."""
    name = text_at(group, "name")
    members = [_member(member) for member in fleet.members.values() if text_at(member.properties, "group") == name]
    limit = concurrency(text_at(group, "maxConcurrency"), len(members), DEFAULT_GROUP_CONCURRENCY)
    planned = GroupRun(name, limit, members, _gates(group, stage, name))
    if not members:
        planned.progress.state = SKIPPED
    return planned


def _gates(part: dict[str, Json], stage: str, group: str | None = None) -> Gates:
    lists = [
        [
            GateRun(text_at(gate, "displayName"), text_at(gate, "type"), stage, group, timing)
            for gate in objects_at(part, key)
        ]
        for key, timing in (("beforeGates", "Before"), ("afterGates", "After"))
    ]
    return Gates(*lists)


def _all_one_by_one(fleet: Fleet) -> StageRun:
    members = [_member(member) for member in fleet.members.values()]
    group = GroupRun(DEFAULT_NAME, DEFAULT_GROUP_CONCURRENCY, members)
    return StageRun(DEFAULT_NAME, DEFAULT_STAGE_CONCURRENCY, 0, 0, [group])


def _member(member: FleetResource) -> MemberRun:
    return MemberRun(member.name, text_at(member.properties, "clusterResourceId"))
