"""A release timeline as the oracle and the demo read it; on their own, so that they can disagree with the app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import cast

from tools.json_value import Json, JsonObject
from tools.stack.control import as_time

Minor = tuple[int, int]
Patch = tuple[int, int, int]

FIRST_LTS_PATCH = 100


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact; `version` is a minor, a patch or an image's version, as `kind` says."""

    at: datetime
    kind: str
    version: str
    family: str = ""
    preview: bool = False
    lts_patch: bool = False
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where things stood on the first day, and what happened after, oldest first."""

    begins: datetime
    ga_minors: frozenset[Minor]
    patches: frozenset[Patch]
    node_images: Mapping[str, str]
    facts: tuple[Fact, ...]


@dataclass
class Offers:
    """What has been offered once a number of facts are true everywhere."""

    ga_minors: set[Minor]
    patches: set[Patch]
    gone: set[Minor] = field(default_factory=set)
    """Minors that left the standard support plan."""

    def apply(self, fact: Fact) -> None:
        """Make the fact true."""
        if fact.kind == "minor_ga":
            self.ga_minors.add(minor(fact.version))
        elif fact.kind == "patch" and not fact.preview:
            self.patches.add(patch(fact.version))
        elif fact.kind == "patch_removed":
            self.patches.discard(patch(fact.version))
        elif fact.kind in {"minor_lts_only", "minor_removed", "minor_deprecated"}:
            self.gone.add(minor(fact.version))

    def newest_patches(self) -> dict[Minor, Patch]:
        """The highest patch of each minor on the standard support plan."""
        newest: dict[Minor, Patch] = {}
        for offered in sorted(self.patches):
            of = offered[:2]
            if of in self.ga_minors and of not in self.gone and offered[2] < FIRST_LTS_PATCH:
                newest[of] = offered
        return newest


class TimelineError(Exception):
    """A file is not in the format of `tools/data/README.md`; the message says what is missing."""


def read_timeline(file: Path) -> Timeline:
    """Read a file in the format of `tools/data/README.md`.

    Raises:
        TimelineError: it is in another format.
    """
    try:
        return _read(json.loads(file.read_text()))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TimelineError(f"{file.name} is no release timeline (see tools/data/README.md): {error!r}") from error


def _read(content: JsonObject) -> Timeline:
    start = cast("JsonObject", content["state_at_start"])
    patches = cast("Mapping[str, list[str]]", start["patches"])
    return Timeline(
        begins=as_time(f"{content['from']}T00:00:00Z"),
        ga_minors=frozenset(minor(str(text)) for text in cast("list[Json]", start["ga_minors"])),
        patches=frozenset(patch(text) for texts in patches.values() for text in texts),
        node_images=cast("Mapping[str, str]", start["node_images"]),
        facts=tuple(_fact(cast("JsonObject", fact)) for fact in cast("list[Json]", content["facts"])),
    )


def minor(text: str) -> Minor:
    """`1.33` as integers."""
    major, number = text.split(".")[:2]
    return int(major), int(number)


def patch(text: str) -> Patch:
    """`1.33.5` as integers."""
    major, number, last = text.split(".")
    return int(major), int(number), int(last)


def image_date(version: str) -> date:
    """The day in an image's version: `202607.09.0`, `2022.10.03` or `20348.5386.260715`."""
    first, second, third = version.split(".")
    if len(third) == len("260715"):
        return date(2000 + int(third[:2]), int(third[2:4]), int(third[4:]))
    if len(first) == len("202607"):
        return date(int(first[:4]), int(first[4:]), int(second))
    return date(int(first), int(second), int(third))


def _fact(content: JsonObject) -> Fact:
    return Fact(
        at=as_time(content["at"]),
        kind=str(content["kind"]),
        version=str(content["version"]),
        family=str(content.get("family", "")),
        preview=bool(content.get("preview", False)),
        lts_patch=bool(content.get("lts_patch", False)),
        tier=str(content.get("tier", "")),
    )
