"""A release timeline (tools/data/README.md): what AKS offered on the first day, and dated facts after it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, model_validator

from tools.documents import Document, DocumentError, Time, invalid, read
from tools.json_value import Json
from tools.releases.versions import FIRST_LTS_PATCH, ImageVersion, Minor, Patch, is_lts_build, minor_of

MinorKind: TypeAlias = Literal[
    "minor_preview", "minor_ga", "minor_lts", "minor_lts_only", "minor_deprecated", "minor_removed"
]
Tier: TypeAlias = Literal["standard", "lts"]


class _Open(Document):
    """A part that may have more keys than are read, such as the line that a fact is from."""

    model_config = ConfigDict(extra="ignore")


class PatchFact(_Open):
    """A Kubernetes patch is offered, or is offered no more."""

    at: Time
    kind: Literal["patch", "patch_removed"]
    version: Patch
    preview: bool = False
    lts_patch: bool = False

    @model_validator(mode="after")
    def _is_lts_build(self) -> Self:
        if self.lts_patch and not is_lts_build(self.version):
            first = f"{minor_of(self.version)}.{FIRST_LTS_PATCH}"
            raise invalid(f"'{self.version}' is not an LTS build, which is {first} or later", "version")
        return self


class MinorFact(_Open):
    """The state of a minor has changed."""

    at: Time
    kind: MinorKind
    version: Minor
    tier: Tier = "standard"
    """Which support a deprecation ends."""


class ImageFact(_Open):
    """A node image of a family is offered, or was withdrawn; the family is the folder-level one."""

    at: Time
    kind: Literal["node_image", "node_image_withdrawn"]
    family: str = Field(min_length=1)
    version: ImageVersion


Fact: TypeAlias = PatchFact | MinorFact | ImageFact
"""Something that AKS published."""
_AnyFact: TypeAlias = Annotated[Fact, Field(discriminator="kind")]


class StateAtStart(_Open):
    """What is offered on the first day."""

    ga_minors: list[Minor]
    """Minors that are generally available."""
    patches: dict[Minor, list[Patch]]
    """By minor."""
    node_images: dict[str, ImageVersion]
    """The newest image of each folder-level family."""

    @model_validator(mode="after")
    def _patches_are_of_their_minor(self) -> Self:
        for minor, patches in self.patches.items():
            for index, patch in enumerate(patches):
                if minor_of(patch) != minor:
                    raise invalid(f"'{patch}' is not a patch of {minor}", "patches", minor, index)
        return self


def _oldest_first(facts: list[_AnyFact]) -> list[_AnyFact]:
    return sorted(facts, key=lambda fact: fact.at)


class Timeline(_Open):
    """What AKS published, and when it could first be read."""

    starts: Time = Field(validation_alias="from")
    ends: Time | None = Field(default=None, validation_alias="to")
    """None if the file does not say."""
    state_at_start: StateAtStart
    facts: Annotated[list[_AnyFact], AfterValidator(_oldest_first)]
    """Oldest first."""

    @property
    def families(self) -> tuple[str, ...]:
        """The folder-level families that have an image at some time, sorted."""
        offered = {fact.family for fact in self.facts if isinstance(fact, ImageFact) and fact.kind == "node_image"}
        return tuple(sorted(offered | set(self.state_at_start.node_images)))


_TIMELINE = TypeAdapter(Timeline)
_FACT: TypeAdapter[Fact] = TypeAdapter(_AnyFact)


def load_timeline(file: Path) -> Timeline:
    """Read a timeline.

    Raises:
        DocumentError: it is not JSON, or not a timeline.
        OSError: it cannot be read.
    """
    try:
        content: Json = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"not JSON: {error}", what=str(file)) from error
    return read(_TIMELINE, content, str(file))


def read_fact(content: dict[str, Json], at: datetime) -> Fact:
    """A fact that is published at `at`.

    Raises:
        DocumentError: it is not a fact.
    """
    return read(_FACT, {**content, "at": at}, "fact")
