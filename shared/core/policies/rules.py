"""The keys policies have, and how the text of each is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.core.model.times import DURATION_EXPECTED, parse_duration
from shared.core.policies.policy import (
    ActiveRun,
    BusyClusters,
    CatchUp,
    DateRange,
    Generator,
    Regions,
    Split,
    Start,
    StoppedClusters,
)
from shared.errors import InvalidInputError

MAXIMUM_RETRIES = 10
"""An upper limit, so that a typing error does not become a loop of restarts."""

MAXIMUM_SOAK = timedelta(days=365)
"""AKS supports a version for about a year: with a longer soak nothing could be used."""

MAXIMUM_BUSY_WAIT = timedelta(days=30)
"""Node images appear about weekly: a longer wait would never let one out."""

NO_FREEZE = "none"

_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", re.ASCII)
_SOAK_EXPECTED = f"{DURATION_EXPECTED}, and no longer than {MAXIMUM_SOAK.days} days"
_BUSY_WAIT_EXPECTED = f"{DURATION_EXPECTED}, and no longer than {MAXIMUM_BUSY_WAIT.days} days"
_FREEZE_EXPECTED = f"date ranges such as 2026-12-15/2027-01-05, separated by commas, or {NO_FREEZE}"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One key: its default as text, what is valid in words, and how a text is parsed (`ValueError` if it is not)."""

    key: str
    default: str
    expected: str
    parse: Callable[[str], object]

    @property
    def attribute(self) -> str:
        """The field of `Policy` that holds the value."""
        return self.key.replace("-", "_")

    def read(self, text: str, field: str) -> object:
        """The value.

        Raises:
            InvalidInputError: the text does not parse; it names the field and what is valid.
        """
        try:
            return self.parse(text.strip())
        except (ValueError, InvalidInputError):
            raise InvalidInputError(field, text, self.expected) from None


def _choice(key: str, kind: type[StrEnum]) -> PolicyRule:
    values = [member.value for member in kind]
    return PolicyRule(key, values[0], " or ".join(values), lambda text: kind(text.lower()))


def _duration(key: str, default: str, expected: str, longest: timedelta) -> PolicyRule:
    def parse(text: str) -> timedelta:
        duration = parse_duration(text, key)
        if duration > longest:
            raise ValueError(text)
        return duration

    return PolicyRule(key, default, expected, parse)


def _parse_freeze(text: str) -> tuple[DateRange, ...]:
    if text.lower() == NO_FREEZE:
        return ()
    return tuple(sorted(_parse_range(part.strip()) for part in text.split(",")))


def _parse_range(text: str) -> DateRange:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    parsed = DateRange(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    if parsed.last < parsed.first:
        raise ValueError(text)
    return parsed


def _parse_retry(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > MAXIMUM_RETRIES:
        raise ValueError(text)
    return int(text)


POLICY_RULES: Mapping[str, PolicyRule] = {
    rule.key: rule
    for rule in (
        _choice("regions", Regions),
        _duration("soak", "PT0S", _SOAK_EXPECTED, MAXIMUM_SOAK),
        PolicyRule("freeze", NO_FREEZE, _FREEZE_EXPECTED, _parse_freeze),
        _choice("active-run", ActiveRun),
        _choice("stopped-clusters", StoppedClusters),
        _choice("busy-clusters", BusyClusters),
        _duration("busy-wait", "PT6H", _BUSY_WAIT_EXPECTED, MAXIMUM_BUSY_WAIT),
        _choice("catch-up", CatchUp),
        _choice("split", Split),
        PolicyRule("retry", "0", f"a whole number from 0 to {MAXIMUM_RETRIES}", _parse_retry),
        _choice("start", Start),
        _choice("generator", Generator),
    )
}
"""By key, in the order in which they are shown."""


def find_policy_rule(key: str, field: str) -> PolicyRule:
    """The rule of the key, in any case.

    Raises:
        InvalidInputError: there is no such key; it names the field and the nearest key.
    """
    rule = POLICY_RULES.get(key.lower())
    if rule is None:
        expected = f"one of {', '.join(POLICY_RULES)}; the nearest is {nearest(key.lower(), POLICY_RULES)}"
        raise InvalidInputError(field, key, expected, reported_field="policy key")
    return rule


def nearest(given: str, known: Iterable[str]) -> str:
    """The most similar of the known names; there must be one."""
    [found] = difflib.get_close_matches(given, list(known), n=1, cutoff=0.0)
    return found
