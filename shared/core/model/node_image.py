"""Node images: a family (`AKSUbuntu-2204gen2containerd`) and a version of it.

Three forms of versions exist (AKS release notes, nodeImageVersions API): Linux `202607.09.0` (year and month, day,
number), legacy Linux `2022.10.03` (year, month, day) and Windows `20348.5386.260715` (build, revision, date). The node
OS channel SecurityPatch appends the date of the patches to the Linux form: `202410.27.0-2024.12.01` (AKS documentation
of node OS auto-upgrade). Versions are ordered by integers, and only within one family.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from shared.errors import InvalidInputError

_LINUX = re.compile(r"(\d{4})(\d{2})\.(\d{2})\.\d{1,9}", re.ASCII)
_LEGACY = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})", re.ASCII)
_WINDOWS = re.compile(r"\d{1,9}\.\d{1,9}\.(\d{2})(\d{2})(\d{2})", re.ASCII)
_EXPECTED = "a node image version such as 202607.09.0, 2022.10.03, 20348.5386.260715 or 202410.27.0-2024.12.01"

_NUMBERS = re.compile(r"\d+(?:\.\d+)+", re.ASCII)
"""What looks like a version, of any form; no part of a family does."""


@dataclass(frozen=True, order=True, slots=True)
class NodeImageVersion:
    """A version of a family's image; the order means something within one family only.

    Of the same image, the one with later security patches is newer. A newer image is newer than any patched older one.
    """

    segments: tuple[int, ...]
    patched: tuple[int, ...]
    """Year, month and day of the security patches; empty if the image has none beyond its own."""
    text: str = field(compare=False)
    released: date = field(compare=False)
    """The date of the image."""

    @classmethod
    def parse(cls, text: str) -> NodeImageVersion:
        """Parse one of the forms.

        Raises:
            InvalidInputError: the text has none of the forms, or a date in it does not exist.
        """
        image, separator, patched = text.partition("-")
        released = _date_in(image, text)
        if separator:
            if not _LINUX.fullmatch(image) or not _LEGACY.fullmatch(patched):
                raise InvalidInputError("node image version", text, _EXPECTED)
            _date_in(patched, text)
        return cls(_integers(image), _integers(patched), text, released)

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
            InvalidInputError: there is no family, a part of it is itself a version, or the version has no known form.
        """
        parts = text.split("-")
        beginning = next((index for index, part in enumerate(parts) if _NUMBERS.fullmatch(part)), len(parts) - 1)
        family = "-".join(parts[:beginning])
        if not family:
            raise InvalidInputError("nodeImageVersion", text, "a family, a dash and a version")
        return cls(family, NodeImageVersion.parse("-".join(parts[beginning:])))

    def __str__(self) -> str:
        return f"{self.family}-{self.version}"


def _integers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(".")) if text else ()


def _date_in(version: str, text: str) -> date:
    if match := _LINUX.fullmatch(version) or _LEGACY.fullmatch(version):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _WINDOWS.fullmatch(version):
        year, month, day = 2000 + int(match[1]), int(match[2]), int(match[3])
    else:
        raise InvalidInputError("node image version", text, _EXPECTED)
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInputError("node image version", text, f"{_EXPECTED}, with a date that exists") from None
