"""A world file, read and checked, as typed values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import yaml

from emulator.arm.values import parse_time
from emulator.documents import DocumentError, check, place
from emulator.json_value import Json
from emulator.world.schema import WORLD


class PoolDocument(TypedDict):
    """A node pool."""

    name: str
    family: str
    nodeImage: NotRequired[str]
    mode: NotRequired[str]
    count: NotRequired[int]
    snapshot: NotRequired[str]


class MemberDocument(TypedDict):
    """A member and its cluster."""

    name: str
    region: str
    pools: list[PoolDocument]
    group: NotRequired[str]
    kubernetesVersion: NotRequired[str]
    joins: NotRequired[str]
    powerState: NotRequired[str]
    supportPlan: NotRequired[str]
    nodeImage: NotRequired[str]
    nodeProvisioning: NotRequired[str]
    sku: NotRequired[str]
    upgradeChannel: NotRequired[str]
    nodeOSUpgradeChannel: NotRequired[str]
    maintenanceConfigurations: NotRequired[dict[str, Json]]
    tags: NotRequired[dict[str, str]]


class StrategyDocument(TypedDict):
    """An update strategy; `stages` as ARM has them."""

    name: str
    stages: list[Json]


class ProfileDocument(TypedDict):
    """An auto-upgrade profile."""

    name: str
    channel: str
    updateStrategy: NotRequired[str]
    nodeImageSelection: NotRequired[str]
    targetKubernetesVersion: NotRequired[str | None]
    longTermSupport: NotRequired[bool]
    disabled: NotRequired[bool]


class FleetDocument(TypedDict):
    """A fleet."""

    name: str
    resourceGroup: str
    region: str
    tags: NotRequired[dict[str, str]]
    members: NotRequired[list[MemberDocument]]
    strategies: NotRequired[list[StrategyDocument]]
    profiles: NotRequired[list[ProfileDocument]]


class TimingDocument(TypedDict):
    """How long upgrades take."""

    controlPlaneMinutes: NotRequired[float]
    poolMinutes: NotRequired[float]


class WorldDocument(TypedDict):
    """All of it."""

    regions: list[str]
    subscription: str
    tenant: str
    fleets: list[FleetDocument]
    timing: NotRequired[TimingDocument]


class _Loader(yaml.SafeLoader):
    """YAML without its own times: they stay text, and are read as ISO 8601."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the form PyYAML looks for
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_world(file: Path) -> WorldDocument:
    """Read a world file.

    Raises:
        DocumentError: it is not YAML, not a world, or names something that is not in it; says where.
        OSError: it cannot be read.
    """
    try:
        content: Json = yaml.load(file.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise DocumentError(f"{file}: not YAML: {error}") from error
    return check_world(content, str(file))


def check_world(content: Json, what: str) -> WorldDocument:
    """Check a world; `what` names it in errors.

    Raises:
        DocumentError: see `read_world`.
    """
    check(content, WORLD, what)
    world = cast("WorldDocument", content)
    _unique((fleet["resourceGroup"] + "/" + fleet["name"] for fleet in world["fleets"]), ["fleets"], what)
    for index, fleet in enumerate(world["fleets"]):
        _check_fleet(fleet, world["regions"], ["fleets", index], what)
    return world


def joining_time(member: MemberDocument) -> datetime | None:
    """When the member joins its fleet, None if it is there from the start."""
    joins = member.get("joins")
    return None if joins is None else parse_time(joins)


def _check_fleet(fleet: FleetDocument, regions: list[str], path: list[str | int], what: str) -> None:
    members, strategies, profiles = (fleet.get("members", []), fleet.get("strategies", []), fleet.get("profiles", []))
    _unique((member["name"] for member in members), [*path, "members"], what)
    _unique((strategy["name"] for strategy in strategies), [*path, "strategies"], what)
    _unique((profile["name"] for profile in profiles), [*path, "profiles"], what)
    _known(fleet["region"], regions, [*path, "region"], what)
    for index, member in enumerate(members):
        _known(member["region"], regions, [*path, "members", index, "region"], what)
        _unique((pool["name"] for pool in member["pools"]), [*path, "members", index, "pools"], what)
        try:
            joining_time(member)
        except ValueError as error:
            raise _error([*path, "members", index, "joins"], f"{error}", what) from error
    names = [strategy["name"] for strategy in strategies]
    for index, profile in enumerate(profiles):
        if "updateStrategy" in profile:
            _known(profile["updateStrategy"], names, [*path, "profiles", index, "updateStrategy"], what)


def _unique(names: Iterable[str], path: list[str | int], what: str) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.lower() in seen:
            raise _error([*path, index], f"the name '{name}' is taken already", what)
        seen.add(name.lower())


def _known(name: str, names: Iterable[str], path: list[str | int], what: str) -> None:
    if name not in names:
        raise _error(path, f"'{name}' is not one of {', '.join(names) or 'none'}", what)


def _error(path: list[str | int], message: str, what: str) -> DocumentError:
    return DocumentError(f"{what}: {place(path)}: {message}")
