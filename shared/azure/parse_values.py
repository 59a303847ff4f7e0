"""Turns single JSON values into values of the core; a value of no known form becomes `Unparsed`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache, wraps
from typing import TypeVar

from shared.azure.json_value import shown
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.times import parse_instant
from shared.core.model.unknown import Unparsed
from shared.errors import InvalidInputError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

NOT_GIVEN = Unparsed("missing")
"""A required value that is missing."""

_KNOWN = 4096
"""How many versions and images are remembered: an estate has few, each in many clusters, which then share one value."""

_TEXTS = frozenset({str, type(None)})


def remembered(parse: Callable[..., T]) -> Callable[..., T]:
    """The function with a memory, so that equal parts of resources are parsed once, and are one value in memory.

    It remembers what it returned for texts and None. Other arguments are no keys: an object has no hash, and 1 equals
    true.
    """
    known = lru_cache(_KNOWN)(parse)

    @wraps(parse)
    def from_memory(*values: object) -> T:
        return known(*values) if _TEXTS.issuperset(map(type, values)) else parse(*values)

    return from_memory


_version = lru_cache(_KNOWN)(KubernetesVersion.parse)
_image = lru_cache(_KNOWN)(NodeImage.parse)


def to_enum(kind: type[E], value: object) -> E | Unparsed:
    """The member with that value, in any case of letters; `Unparsed` also if there is no value."""
    return to_optional_enum(kind, value) or NOT_GIVEN


def to_optional_enum(kind: type[E], value: object) -> E | Unparsed | None:
    """The same; None if there is no value."""
    members = _members(kind)
    return _parsed(value, lambda text: members.get(text.casefold()) or Unparsed(shown(text)))


@cache
def _members(kind: type[E]) -> Mapping[str, E]:
    return {member.value.casefold(): member for member in kind}


def to_version(value: object) -> KubernetesVersion | Unparsed | None:
    """A full Kubernetes version."""
    return _parsed(value, _version)


def to_requested_version(value: object) -> KubernetesVersion | MinorVersion | Unparsed | None:
    """The version that a person's update run asks for: full, or a minor as an alias.

    The command line also lets a leading v pass (validators of the extension `fleet`).
    """
    return _parsed(value, _requested_version)


def _requested_version(text: str) -> KubernetesVersion | MinorVersion:
    bare = text[1:] if text[:1] in {"v", "V"} else text
    return MinorVersion.parse(bare) if bare.count(".") == 1 else _version(bare)


def to_minor(value: object) -> MinorVersion | Unparsed | None:
    """A Kubernetes minor version."""
    return _parsed(value, MinorVersion.parse)


def to_image(value: object) -> NodeImage | Unparsed | None:
    """A node image: family and version."""
    return _parsed(value, _image)


def to_id(value: object) -> ResourceId | Unparsed | None:
    """A resource id."""
    return _parsed(value, ResourceId.parse)


def to_time(value: object) -> datetime | None:
    """A time; None if there is none, or it is not in ISO 8601: only waiting times depend on it.

    Fleet writes up to nine digits of a second, of which six are kept.
    """
    if not isinstance(value, str) or not value:
        return None
    try:
        return parse_instant(value, "time")
    except InvalidInputError:
        return None


def _parsed(value: object, parse: Callable[[str], T]) -> T | Unparsed | None:
    """The value parsed; None if it is missing, null or empty: ARM writes unset values in each of these ways."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return Unparsed(shown(value))
    try:
        return parse(value)
    except (InvalidInputError, ValueError):
        return Unparsed(shown(value))
