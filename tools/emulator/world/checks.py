"""What a world has to fulfil besides its schema: names that exist, names that are free, times that are times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import cast

from tools.emulator.aks.maintenance_reading import check_configuration
from tools.emulator.documents import DocumentError, Path, check, did_you_mean
from tools.emulator.world.document import (
    FaultsDocument,
    FleetDocument,
    MemberDocument,
    StrategyDocument,
    WorldDocument,
    joining_time,
    starting_time,
)
from tools.emulator.world.schema import WORLD
from tools.json_value import Json


def check_world(content: Json, what: str | None = None) -> WorldDocument:
    """Check a world; `what` names it in errors.

    Raises:
        DocumentError: it is not a world, or names something that is not in it; says where.
    """
    check(content, WORLD, what)
    world = cast("WorldDocument", content)
    try:
        _check_time(lambda: starting_time(world), ("start",))
        _unique((fleet["resourceGroup"] + "/" + fleet["name"] for fleet in world["fleets"]), ("fleets",), "name")
        for index, fleet in enumerate(world["fleets"]):
            _check_fleet(fleet, world["regions"], ("fleets", index))
        _check_clusters(world)
        _check_faults(world.get("faults", {}), world)
    except DocumentError as error:
        raise DocumentError(error.message, error.path, what) from None
    return world


def _check_fleet(fleet: FleetDocument, regions: list[str], path: Path) -> None:
    members, strategies, profiles = (fleet.get("members", []), fleet.get("strategies", []), fleet.get("profiles", []))
    for key, named in (("members", members), ("strategies", strategies), ("profiles", profiles)):
        _unique((item["name"] for item in cast("list[Mapping[str, str]]", named)), (*path, key), "name")
    _known(fleet["region"], regions, (*path, "region"))
    for index, member in enumerate(members):
        _check_member(member, regions, (*path, "members", index))
    for index, strategy in enumerate(strategies):
        _check_strategy(strategy, (*path, "strategies", index))
    names = [strategy["name"] for strategy in strategies]
    for index, profile in enumerate(profiles):
        if "updateStrategy" in profile:
            _known(profile["updateStrategy"], names, (*path, "profiles", index, "updateStrategy"))


def _check_member(member: MemberDocument, regions: list[str], path: Path) -> None:
    _known(member["region"], regions, (*path, "region"))
    _unique((pool["name"] for pool in member["pools"]), (*path, "pools"), "name")
    _check_time(lambda: joining_time(member), (*path, "joins"))
    for name, properties in member.get("maintenanceConfigurations", {}).items():
        try:
            check_configuration(name, properties)
        except DocumentError as error:
            raise error.below(*path, "maintenanceConfigurations", name) from None


def _check_strategy(strategy: StrategyDocument, path: Path) -> None:
    """A stage's name is there once, and so is a group over all stages, as Fleet has it."""
    _unique((stage["name"] for stage in strategy["stages"]), (*path, "stages"), "name")
    seen: set[str] = set()
    for stage, content in enumerate(strategy["stages"]):
        for index, group in enumerate(content["groups"]):
            if group["name"].lower() in seen:
                place = (*path, "stages", stage, "groups", index, "name")
                raise DocumentError(f"the group '{group['name']}' is in the strategy already", place)
            seen.add(group["name"].lower())


def _check_clusters(world: WorldDocument) -> None:
    """Clusters are named after their members, and stand in the fleet's resource group."""
    seen: set[tuple[str, str]] = set()
    for number, fleet in enumerate(world["fleets"]):
        for index, member in enumerate(fleet.get("members", [])):
            key = (fleet["resourceGroup"].lower(), member["name"])
            if key in seen:
                raise DocumentError(
                    f"a cluster '{member['name']}' is in the resource group {fleet['resourceGroup']} already",
                    ("fleets", number, "members", index, "name"),
                )
            seen.add(key)


def _check_faults(faults: FaultsDocument, world: WorldDocument) -> None:
    for region in faults.get("regions", {}):
        _known(region, world["regions"], ("faults", "regions", region))
    members = {f"{fleet['name']}/{member['name']}" for fleet in world["fleets"] for member in fleet.get("members", [])}
    upgrades = faults.get("upgrades", [])
    for index, upgrade in enumerate(upgrades):
        if upgrade["member"] not in members:
            suggestion = did_you_mean(upgrade["member"], members)
            path = ("faults", "upgrades", index, "member")
            raise DocumentError(f"there is no member '{upgrade['member']}'{suggestion}", path)
    _unique((upgrade["member"] for upgrade in upgrades), ("faults", "upgrades"), "member")
    for index, fault in enumerate(cast("list[Mapping[str, str]]", faults.get("requests", []))):
        try:
            re.compile(fault["path"])
        except re.error as error:
            path = ("faults", "requests", index, "path")
            raise DocumentError(f"not a regular expression: {error}", path) from error


def _check_time(read: Callable[[], datetime | None], path: Path) -> None:
    try:
        read()
    except ValueError as error:
        raise DocumentError("not a time in ISO 8601, such as 2026-05-11T06:00:00Z", path) from error


def _unique(names: Iterable[str], path: Path, key: str) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            raise DocumentError(f"'{name}' is taken already", (*path, index, key))
        seen.add(name.lower())


def _known(name: str, names: Iterable[str], path: Path) -> None:
    known = list(names)
    if name not in known:
        raise DocumentError(f"'{name}' is not one of {', '.join(known) or 'none'}{did_you_mean(name, known)}", path)
