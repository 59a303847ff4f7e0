"""Kubernetes versions as AKS writes them: a minor (`1.33`) and a patch of it (`1.33.5`), ordered by integers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.errors import InvalidInputError

_MINOR = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})", re.ASCII)
_PATCH = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})", re.ASCII)

FIRST_LONG_TERM_SUPPORT_PATCH = 100
"""AKS numbers the builds that only LTS clusters get `x.y.100` and up (AKS release notes)."""


@dataclass(frozen=True, order=True, slots=True)
class MinorVersion:
    """A minor, such as `1.33`."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str, field: str = "Kubernetes minor version") -> MinorVersion:
        """Parse `major.minor`.

        Raises:
            InvalidInputError: the text has another form.
        """
        match = _MINOR.fullmatch(text)
        if match is None:
            raise InvalidInputError(field, text, 'a minor version in the form "1.33"')
        return cls(int(match[1]), int(match[2]))

    def minus(self, steps: int) -> MinorVersion:
        """The minor so many steps before this one, by number; negative steps go up."""
        return MinorVersion(self.major, self.minor - steps)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, order=True, slots=True)
class KubernetesVersion:
    """A full version, such as `1.33.5`."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str, field: str = "Kubernetes version") -> KubernetesVersion:
        """Parse `major.minor.patch`.

        Raises:
            InvalidInputError: the text has another form; an alias such as `1.33` is no version.
        """
        match = _PATCH.fullmatch(text)
        if match is None:
            raise InvalidInputError(field, text, 'a full version in the form "1.33.5"')
        return cls(int(match[1]), int(match[2]), int(match[3]))

    @property
    def minor_version(self) -> MinorVersion:
        """The minor this is a patch of."""
        return MinorVersion(self.major, self.minor)

    def is_patch_of(self, minor: MinorVersion) -> bool:
        """Whether this is a patch of the minor."""
        return self.minor == minor.minor and self.major == minor.major

    @property
    def is_long_term_support_build(self) -> bool:
        """Whether only clusters on the LTS plan get this build."""
        return self.patch >= FIRST_LONG_TERM_SUPPORT_PATCH

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"
