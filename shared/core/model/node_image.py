"""Node images: a family (`AKSUbuntu-2204gen2containerd`) and a version of it.

Three forms of versions exist (AKS release notes, nodeImageVersions API): Linux `202607.09.0` (year and month, day,
number), legacy Linux `2022.10.03` (year, month, day) and Windows `20348.5386.260715` (build, revision, date).
Versions are ordered by integers, and only within one family.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from shared.errors import InvalidInputError

_LINUX = re.compile(r"(\d{4})(\d{2})\.(\d{2})\.\d+", re.ASCII)
_LEGACY = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})", re.ASCII)
_WINDOWS = re.compile(r"\d+\.\d+\.(\d{2})(\d{2})(\d{2})", re.ASCII)
_EXPECTED = "a node image version such as 202607.09.0, 2022.10.03 or 20348.5386.260715"


@dataclass(frozen=True, order=True, slots=True)
class NodeImageVersion:
    """A version of a family's image; the order means something within one family only."""

    segments: tuple[int, ...]
    text: str = field(compare=False)
    released: date = field(compare=False)
    """The date in the version."""

    @classmethod
    def parse(cls, text: str) -> NodeImageVersion:
        """Parse one of the three forms.

        Raises:
            InvalidInputError: the text has none of the forms, or the date in it does not exist.
        """
        released = _date_in(text)
        return cls(tuple(int(part) for part in text.split(".")), text, released)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class NodeImage:
    """A family and a version, as a node pool reports them."""

    family: str
    version: NodeImageVersion

    @classmethod
    def parse(cls, text: str) -> NodeImage:
        """Parse `family-version`.

        Raises:
            InvalidInputError: there is no family, or the version has no known form.
        """
        family, separator, version = text.rpartition("-")
        if not separator or not family:
            raise InvalidInputError("nodeImageVersion", text, "a family, a dash and a version")
        return cls(family, NodeImageVersion.parse(version))

    def __str__(self) -> str:
        return f"{self.family}-{self.version}"


def _date_in(text: str) -> date:
    if match := _LINUX.fullmatch(text) or _LEGACY.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _WINDOWS.fullmatch(text):
        year, month, day = 2000 + int(match[1]), int(match[2]), int(match[3])
    else:
        raise InvalidInputError("node image version", text, _EXPECTED)
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInputError("node image version", text, f"{_EXPECTED}, with a date that exists") from None
