"""Kubernetes' string form of label selectors, as Fleet takes it in `memberSelector.byLabel`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tools.json_value import Json

_KEY: Final = (
    r"(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"  # prefix/name
)
_VALUE: Final = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"
_COMMA: Final = re.compile(r",(?![^(]*\))")
_SET: Final = re.compile(rf"({_KEY})\s+(in|notin)\s*\(\s*({_VALUE}(?:\s*,\s*{_VALUE})*)\s*\)", re.ASCII)
_EQUALITY: Final = re.compile(rf"({_KEY})\s*(==|=|!=)\s*({_VALUE})", re.ASCII)
_PRESENCE: Final = re.compile(rf"(!?)\s*({_KEY})", re.ASCII)

Selector = Callable[[Mapping[str, Json]], bool]
"""Whether a member with these labels is selected."""


def parse_selector(text: str) -> Selector | None:
    """The selector; None if the text is none. UNVERIFIED: that Fleet refuses an empty one."""
    requirements = [_requirement(part.strip()) for part in _COMMA.split(text)]
    known = [requirement for requirement in requirements if requirement is not None]
    if len(known) < len(requirements):
        return None
    return lambda labels: all(requirement(labels) for requirement in known)


def _requirement(text: str) -> Selector | None:
    if found := _SET.fullmatch(text):
        values = {value.strip() for value in found[3].split(",")}
        return _among(found[1], values, is_in=found[2] == "in") if found[3] else None
    if found := _EQUALITY.fullmatch(text):
        return _among(found[1], {found[3]}, is_in=found[2] != "!=")
    if found := _PRESENCE.fullmatch(text):
        key, is_wanted = found[2], not found[1]
        return lambda labels: (key in labels) is is_wanted
    return None


def _among(key: str, values: set[str], *, is_in: bool) -> Selector:
    return lambda labels: (labels.get(key) in values) is is_in
