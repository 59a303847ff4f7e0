"""What was released when: facts, as a file has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypedDict, cast

from tools.emulator.arm.values import parse_time
from tools.emulator.documents import DocumentError, check
from tools.emulator.releases.schema import FACT, TIMELINE
from tools.json_value import Json


@dataclass(frozen=True)
class Fact:
    """Something AKS published. `version` is a patch, a minor or an image version, as the kind says."""

    at: datetime
    kind: str
    version: str
    family: str = ""
    preview: bool = False
    lts_patch: bool = False
    tier: str = "standard"


@dataclass(frozen=True)
class Timeline:
    """What every region offers at `starts`, and the facts after it, oldest first."""

    starts: datetime
    ga_minors: tuple[str, ...]
    patches: Mapping[str, tuple[str, ...]]
    node_images: Mapping[str, str]
    facts: tuple[Fact, ...]


class _Start(TypedDict):
    ga_minors: list[str]
    patches: dict[str, list[str]]
    node_images: dict[str, str]


_File = TypedDict("_File", {"from": str, "state_at_start": _Start, "facts": list[dict[str, Json]]})


def load_timeline(file: Path) -> Timeline:
    """Read a timeline.

    Raises:
        DocumentError: it is not JSON, or not a timeline.
        OSError: it cannot be read.
    """
    try:
        content: Json = json.loads(file.read_bytes())
    except ValueError as error:
        raise DocumentError(f"{file}: not JSON: {error}") from error
    check(content, TIMELINE, str(file))
    checked = cast("_File", content)
    start = checked["state_at_start"]
    facts = [_fact(fact, _moment(fact["at"], file)) for fact in checked["facts"]]
    return Timeline(
        starts=_moment(checked["from"], file),
        ga_minors=tuple(start["ga_minors"]),
        patches={minor: tuple(patches) for minor, patches in start["patches"].items()},
        node_images=start["node_images"],
        facts=tuple(sorted(facts, key=lambda fact: fact.at)),
    )


def read_fact(content: Json, at: datetime) -> Fact:
    """A fact that is published at a moment of somebody's choice.

    Raises:
        DocumentError: it is not a fact.
    """
    check(content, FACT, "fact")
    return _fact(cast("dict[str, Json]", content), at)


def _fact(content: Mapping[str, Json], at: datetime) -> Fact:
    return Fact(
        at=at,
        kind=str(content["kind"]),
        version=str(content["version"]),
        family=str(content.get("family") or ""),
        preview=content.get("preview") is True,
        lts_patch=content.get("lts_patch") is True,
        tier=str(content.get("tier") or "standard"),
    )


def _moment(text: Json, file: Path) -> datetime:
    try:
        return parse_time(str(text))
    except ValueError as error:
        raise DocumentError(f"{file}: '{text}' is not a time in ISO 8601") from error
