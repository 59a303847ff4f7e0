"""The demo's fleets as the world file has them, read on its own for the oracle and for showing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import yaml

from tools.json_value import Json, JsonObject

DEFAULT_VERSION = "1.30.5"


@dataclass(frozen=True, slots=True)
class WorldMember:
    """A member: `fleet/name`, where it is, what it runs at first, its pools' families by pool, when it joins."""

    key: str
    group: str
    region: str
    kubernetes_version: str
    pool_families: Mapping[str, str]
    joins: datetime | None


@dataclass(frozen=True, slots=True)
class WorldProfile:
    """A profile: `fleet/name`, and the keys of the members it is for."""

    key: str
    channel: str
    target_minor: str
    disabled: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """All of it."""

    subscription: str
    members: Mapping[str, WorldMember]
    profiles: Mapping[str, WorldProfile]

    def profiles_in(self, region: str) -> list[str]:
        """The enabled profiles with a member in the region."""
        return [
            profile.key
            for profile in self.profiles.values()
            if not profile.disabled and any(self.members[key].region == region for key in profile.members)
        ]


def read_world(file: Path) -> World:
    """Read a world file; the emulator checks it, this takes it as right."""
    content = cast("JsonObject", yaml.safe_load(file.read_text()))
    members: dict[str, WorldMember] = {}
    profiles: dict[str, WorldProfile] = {}
    for fleet in _objects(content, "fleets"):
        of_fleet = {member.key: member for member in _members(fleet)}
        members.update(of_fleet)
        for profile in _objects(fleet, "profiles"):
            read = _profile(fleet, profile, of_fleet)
            profiles[read.key] = read
    return World(str(content["subscription"]), members, profiles)


def _objects(parent: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", parent.get(name) or [])


def _members(fleet: JsonObject) -> list[WorldMember]:
    return [
        WorldMember(
            key=f"{fleet['name']}/{member['name']}",
            group=str(member.get("group") or ""),
            region=str(member["region"]),
            kubernetes_version=str(member.get("kubernetesVersion") or DEFAULT_VERSION),
            pool_families={str(pool["name"]): str(pool["family"]) for pool in _objects(member, "pools")},
            joins=_moment(member.get("joins")),
        )
        for member in _objects(fleet, "members")
    ]


def _profile(fleet: JsonObject, profile: JsonObject, members: Mapping[str, WorldMember]) -> WorldProfile:
    strategy_name = profile.get("updateStrategy")
    groups: set[str] | None = None
    for strategy in _objects(fleet, "strategies"):
        if strategy_name is not None and strategy["name"] == strategy_name:
            groups = {
                str(group["name"]) for stage in _objects(strategy, "stages") for group in _objects(stage, "groups")
            }
    return WorldProfile(
        key=f"{fleet['name']}/{profile['name']}",
        channel=str(profile["channel"]),
        target_minor=str(profile.get("targetKubernetesVersion") or ""),
        disabled=bool(profile.get("disabled", False)),
        members=tuple(key for key, member in members.items() if groups is None or member.group in groups),
    )


def _moment(value: Json | datetime) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
