"""Reads a timeline from its file; what is wrong with it is said with the row it stands in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from shared.core.model.kubernetes_version import FIRST_LONG_TERM_SUPPORT_PATCH, KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.errors import InvalidInputError
from tools.replay.timeline import Fact, ImageFact, ImageKind, MinorFact, MinorKind, PatchFact, PatchKind, Tier, Timeline

KINDS = (*PatchKind, *MinorKind, *ImageKind)

_TIME = "a time in ISO 8601, such as 2025-01-18T02:06:04Z"

_YEARS = range(1970, 9000)

_Choice = TypeVar("_Choice", bound=StrEnum)


def load_timeline(file: Path) -> Timeline:
    """Read a timeline.

    Raises:
        InvalidInputError: the file cannot be read, is not JSON, or something in it has another form.
    """
    try:
        content: object = json.loads(file.read_bytes())
    except OSError as error:
        raise InvalidInputError("TIMELINE", str(file), f"a file that can be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("TIMELINE", str(file), f"a file in JSON ({error})") from error
    document = _Part(content, str(file))
    start = document.part("state_at_start")
    facts = [_fact(row) for row in document.rows("facts")]
    return Timeline(
        starts=document.moment("from"),
        ends=document.moment("to") if document.has("to") else None,
        ga_minors=tuple(minor.as_minor() for minor in start.rows("ga_minors")),
        patches=tuple(_patches(start.part("patches"))),
        node_images={family: image.as_image() for family, image in start.part("node_images").items()},
        facts=tuple(sorted(facts, key=lambda fact: fact.at)),
    )


def _patches(by_minor: _Part) -> list[KubernetesVersion]:
    found: list[KubernetesVersion] = []
    for minor, listed in by_minor.items():
        for patch in listed.rows():
            version = patch.as_version()
            if str(version.minor_version) != minor:
                raise InvalidInputError(patch.place, patch.content, f"a patch of {minor}")
            found.append(version)
    return found


def _fact(row: _Part) -> Fact:
    at, kind, version = row.moment("at"), row.text("kind"), row.part("version")
    if kind in set(PatchKind):
        return _patch_fact(row, at, PatchKind(kind), version.as_version())
    if kind in set(MinorKind):
        tier = row.choice("tier", Tier) if row.has("tier") else Tier.STANDARD
        return MinorFact(at, MinorKind(kind), version.as_minor(), tier)
    return ImageFact(at, row.choice("kind", ImageKind, KINDS), row.text("family"), version.as_image())


def _patch_fact(row: _Part, at: datetime, kind: PatchKind, version: KubernetesVersion) -> PatchFact:
    if row.flag("lts_patch") and not version.is_long_term_support_build:
        first = f"{version.minor_version}.{FIRST_LONG_TERM_SUPPORT_PATCH}"
        raise InvalidInputError(row.place_of("version"), str(version), f"an LTS build, {first} or later")
    return PatchFact(at, kind, version, is_preview=row.flag("preview"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Part of the document, and where it stands."""

    content: object
    place: str

    def place_of(self, name: str) -> str:
        return f"{self.place}, {name}"

    def has(self, name: str) -> bool:
        return self._mapping().get(name) is not None

    def part(self, name: str) -> _Part:
        return _Part(self._mapping().get(name), self.place_of(name))

    def items(self) -> list[tuple[str, _Part]]:
        return [(name, self.part(name)) for name in self._mapping()]

    def rows(self, name: str | None = None) -> list[_Part]:
        listed = self if name is None else self.part(name)
        if not isinstance(listed.content, list):
            raise InvalidInputError(listed.place, listed.content, "a list")
        return [_Part(row, f"{listed.place} row {number}") for number, row in enumerate(listed.content, start=1)]

    def text(self, name: str | None = None) -> str:
        field = self if name is None else self.part(name)
        if not isinstance(field.content, str) or not field.content:
            raise InvalidInputError(field.place, field.content, "a text")
        return field.content

    def flag(self, name: str) -> bool:
        value = self._mapping().get(name, False)
        if not isinstance(value, bool):
            raise InvalidInputError(self.place_of(name), value, "true or false")
        return value

    def choice(self, name: str, kind: type[_Choice], known: tuple[StrEnum, ...] = ()) -> _Choice:
        try:
            return kind(self.text(name))
        except ValueError:
            raise InvalidInputError(
                self.place_of(name), self.text(name), f"one of {', '.join(known or tuple(kind))}"
            ) from None

    def moment(self, name: str) -> datetime:
        text = self.text(name)
        try:
            parsed = datetime.fromisoformat(text)
        except ValueError:
            raise InvalidInputError(self.place_of(name), text, _TIME) from None
        if parsed.year not in _YEARS:
            raise InvalidInputError(self.place_of(name), text, f"a year from {_YEARS.start} to {_YEARS.stop - 1}")
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)

    def as_minor(self) -> MinorVersion:
        return MinorVersion.parse(self.text(), self.place)

    def as_version(self) -> KubernetesVersion:
        return KubernetesVersion.parse(self.text(), self.place)

    def as_image(self) -> NodeImageVersion:
        try:
            return NodeImageVersion.parse(self.text())
        except InvalidInputError as error:
            raise InvalidInputError(self.place, self.content, error.expected) from None

    def _mapping(self) -> dict[str, object]:
        if not isinstance(self.content, dict):
            raise InvalidInputError(self.place, self.content, "an object")
        return self.content
