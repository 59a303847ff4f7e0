"""Turns single texts of the wire into values of the core; what has no known form becomes `Unparsed`."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from shared.core.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.node_image import NodeImage
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unparsed
from shared.errors import InvalidInputError

E = TypeVar("E", bound=StrEnum)


def to_enum(kind: type[E], text: str | None) -> E | Unparsed:
    """The member with that value, whatever its case; Unparsed also for no text at all."""
    wanted = (text or "").casefold()
    for member in kind:
        if member.value.casefold() == wanted:
            return member
    return Unparsed(text or "")


def to_optional_enum(kind: type[E], text: str | None) -> E | Unparsed | None:
    """The same; None for no text."""
    return None if text is None else to_enum(kind, text)


def to_version(text: str | None) -> KubernetesVersion | Unparsed | None:
    """A full Kubernetes version."""
    if text is None:
        return None
    try:
        return KubernetesVersion.parse(text)
    except InvalidInputError:
        return Unparsed(text)


def to_minor(text: str | None) -> MinorVersion | Unparsed | None:
    """A Kubernetes minor version."""
    if text is None:
        return None
    try:
        return MinorVersion.parse(text)
    except InvalidInputError:
        return Unparsed(text)


def to_image(text: str | None) -> NodeImage | Unparsed | None:
    """A node image: family and version."""
    if text is None:
        return None
    try:
        return NodeImage.parse(text)
    except InvalidInputError:
        return Unparsed(text)


def to_id(text: str | None) -> ResourceId | Unparsed | None:
    """A resource id."""
    if text is None:
        return None
    try:
        return ResourceId.parse(text)
    except InvalidInputError:
        return Unparsed(text)
