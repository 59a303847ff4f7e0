"""Order of versions: part by part, as integers."""

from __future__ import annotations


def numbers(version: str) -> tuple[int, ...]:
    """The parts of a Kubernetes version or of an image version, to compare with."""
    return tuple(int(part) for part in version.split("."))


def minor_of(version: str) -> str:
    """`1.33` of `1.33.2`."""
    return ".".join(version.split(".")[:2])
