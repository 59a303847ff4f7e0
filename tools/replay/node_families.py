"""Families of node images: those of a timeline are folders, those of a pool begin with one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import InvalidInputError
from tools.releases import folder_of

DEFAULT_FAMILY = "AKSUbuntu-2204"


@dataclass(frozen=True, slots=True)
class NodeFamily:
    """A pool's family, as it was asked for, and the timeline's family that has its images."""

    name: str
    folder: str


def find_families(requested: Iterable[str], folders: Sequence[str], *, images_needed: bool) -> tuple[NodeFamily, ...]:
    """The families asked for, each once; without any, the default if the timeline has it.

    Args:
        requested: folder-level families, or those that pools report.
        folders: the families of the timeline.
        images_needed: whether there is nothing to replay without a family.

    Raises:
        InvalidInputError: the timeline has no images of a family.
    """
    names = tuple(dict.fromkeys(requested))
    if not names:
        has_default = folder_of(DEFAULT_FAMILY, folders) is not None
        names = (DEFAULT_FAMILY,) if has_default or images_needed else ()
    return tuple(_find(name, folders) for name in names)


def _find(name: str, folders: Sequence[str]) -> NodeFamily:
    folder = folder_of(name, folders)
    if folder is None:
        known = ", ".join(folders) if folders else "none: the timeline has no node images"
        raise InvalidInputError("--node-family", name, f"a family of the timeline ({known}) or one that begins with it")
    return NodeFamily(name, folder)
