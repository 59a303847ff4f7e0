"""Versions of Kubernetes and of node images: their forms, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Final, TypeAlias

from tools.documents import Form

FIRST_LTS_PATCH: Final = 100
"""AKS numbers its LTS builds from this patch on (1.30.100), as the AKS release notes show."""

Minor: TypeAlias = Annotated[str, Form(r"^\d+\.\d+$", "a minor version such as 1.33")]
Patch: TypeAlias = Annotated[str, Form(r"^\d+\.\d+\.\d+$", "a patch version such as 1.33.5")]
ImageVersion: TypeAlias = Annotated[str, Form(r"^\d+(\.\d+)+$", "the version of a node image such as 202607.09.0")]


@cache
def numbers(version: str) -> tuple[int, ...]:
    """The parts of a Kubernetes version or of an image version, to compare it with others."""
    return tuple(int(part) for part in version.split("."))


def minor_of(version: str) -> str:
    """`1.33` of `1.33.2`."""
    return ".".join(version.split(".")[:2])


def is_lts_build(patch: str) -> bool:
    """Whether a patch is an AKS LTS build, which only clusters on the LTS plan can run."""
    return numbers(patch)[2] >= FIRST_LTS_PATCH


def folder_of(pool_family: str, folders: Iterable[str]) -> str | None:
    """The folder-level family that has the images of a pool's family: the longest one that the name begins with.

    A node pool reports `AKSUbuntu-2204gen2containerd`; the release notes have a folder `AKSUbuntu-2204`.
    """
    return max((folder for folder in folders if pool_family.startswith(folder)), key=len, default=None)
