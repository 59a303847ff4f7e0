"""What a world has to fulfil besides its model: names that exist, and names that are free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pydantic.alias_generators import to_camel

from tools.documents import DocumentError, Path, did_you_mean, read
from tools.emulator.label_selector import parse_selector
from tools.emulator.world.faults import WorldFaults
from tools.emulator.world.model import (
    WORLD,
    World,
    WorldFleet,
    WorldGroup,
    WorldMember,
    WorldStage,
    WorldStrategy,
)

_OF_CONNECTED_CLUSTERS: Final = frozenset({"name", "group", "region", "cluster_type", "joins"})


def parse_world(content: object, what: str | None = None) -> World:
    """The world that a document describes; `what` names it in errors.

    Raises:
        DocumentError: it is not a world, or names something that is not in it; says where.
    """
    world = read(WORLD, content, what)
    try:
        _check_unique((fleet.resource_group + "/" + fleet.name for fleet in world.fleets), ("fleets",), "name")
        for index, fleet in enumerate(world.fleets):
            _check_fleet(fleet, world.regions, ("fleets", index))
        _check_clusters(world)
        _check_faults(world.faults, world)
    except DocumentError as error:
        raise DocumentError(error.message, error.path, what) from None
    return world


def _check_fleet(fleet: WorldFleet, regions: Sequence[str], path: Path) -> None:
    for key, named in (("members", fleet.members), ("strategies", fleet.strategies), ("profiles", fleet.profiles)):
        _check_unique((item.name for item in named), (*path, key), "name")
    _check_known(fleet.region, regions, (*path, "region"))
    for index, member in enumerate(fleet.members):
        _check_member(member, regions, (*path, "members", index))
    for index, strategy in enumerate(fleet.strategies):
        _check_strategy(strategy, (*path, "strategies", index))
    names = [strategy.name for strategy in fleet.strategies]
    for index, profile in enumerate(fleet.profiles):
        if profile.update_strategy is not None:
            _check_known(profile.update_strategy, names, (*path, "profiles", index, "updateStrategy"))


def _check_member(member: WorldMember, regions: Sequence[str], path: Path) -> None:
    _check_known(member.region, regions, (*path, "region"))
    _check_unique((pool.name for pool in member.pools), (*path, "pools"), "name")
    if member.cluster_type != "managedClusters":
        _check_connected(member, path)
    elif "pools" not in member.model_fields_set:
        raise DocumentError("'pools' is missing", path)
    elif not member.pools:
        raise DocumentError("has fewer than 1 items", (*path, "pools"))
    if member.busy_until is not None and not member.is_busy:
        raise DocumentError("nothing is in progress; give a provisioningState", (*path, "busyUntil"))


def _check_connected(member: WorldMember, path: Path) -> None:
    """Of a cluster outside AKS the emulator knows no more than where it is."""
    field = next((name for name in sorted(member.model_fields_set) if name not in _OF_CONNECTED_CLUSTERS), None)
    if field is not None:
        key = to_camel(field)
        raise DocumentError(f"{member.cluster_type} have no such key in a world", (*path, key))


def _check_strategy(strategy: WorldStrategy, path: Path) -> None:
    """Each stage has a name that no other has; so has each group, across all stages, as Fleet requires."""
    _check_unique((stage.name for stage in strategy.stages), (*path, "stages"), "name")
    seen: set[str] = set()
    for stage_index, stage in enumerate(strategy.stages):
        _check_stage(stage, (*path, "stages", stage_index))
        for index, group in enumerate(stage.groups):
            if group.name in seen:
                place = (*path, "stages", stage_index, "groups", index, "name")
                raise DocumentError(f"the strategy already has a group '{group.name}'", place)
            seen.add(group.name)


def _check_stage(stage: WorldStage, path: Path) -> None:
    if not stage.groups and stage.member_selector is None:
        raise DocumentError("a stage needs a group or a memberSelector", (*path, "groups"))
    _check_part(stage, path)
    for index, group in enumerate(stage.groups):
        _check_part(group, (*path, "groups", index))


def _check_part(part: WorldStage | WorldGroup, path: Path) -> None:
    """The selector and the gates of a stage or a group."""
    if part.member_selector is not None and parse_selector(part.member_selector.by_label) is None:
        raise DocumentError("it must be a label selector such as env=prod", (*path, "memberSelector", "byLabel"))
    for key, gates in (("beforeGates", part.before_gates), ("afterGates", part.after_gates)):
        for index, gate in enumerate(gates):
            if (gate.type == "ScheduledStart") != (gate.scheduled_start_configuration is not None):
                place = (*path, key, index, "scheduledStartConfiguration")
                raise DocumentError("a gate of type ScheduledStart needs it, and no other gate has it", place)


def _check_clusters(world: World) -> None:
    """Clusters have the names of their members, and are in the fleet's resource group."""
    seen: set[tuple[str, str]] = set()
    for number, fleet in enumerate(world.fleets):
        for index, member in enumerate(fleet.members):
            key = (fleet.resource_group.lower(), member.name)
            if key in seen:
                raise DocumentError(
                    f"the resource group {fleet.resource_group} already has a cluster '{member.name}'",
                    ("fleets", number, "members", index, "name"),
                )
            seen.add(key)


def _check_faults(faults: WorldFaults, world: World) -> None:
    for region in faults.regions:
        _check_known(region, world.regions, ("faults", "regions", region))
    members = {f"{fleet.name}/{member.name}" for fleet in world.fleets for member in fleet.members}
    named = {
        "upgrades": [upgrades.member for upgrades in faults.upgrades],
        "operations": [operation.member for operation in faults.operations],
    }
    for key, names in named.items():
        for index, name in enumerate(names):
            if name not in members:
                message = f"there is no member '{name}'{did_you_mean(name, members)}"
                raise DocumentError(message, ("faults", key, index, "member"))
    for index, operation in enumerate(faults.operations):
        if operation.ends is not None and operation.ends <= operation.begins:
            raise DocumentError("it ends before it begins", ("faults", "operations", index, "ends"))
    _check_unique((upgrades.member for upgrades in faults.upgrades), ("faults", "upgrades"), "member")


def _check_unique(names: Iterable[str], path: Path, key: str) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            raise DocumentError(f"'{name}' is taken already", (*path, index, key))
        seen.add(name.lower())


def _check_known(name: str, known: Sequence[str], path: Path) -> None:
    if name not in known:
        raise DocumentError(f"'{name}' is not one of {', '.join(known) or 'none'}{did_you_mean(name, known)}", path)
