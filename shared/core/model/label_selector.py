"""Label selectors in the string form of Kubernetes, by which update strategies select members.

The syntax and the meaning are those of Kubernetes (documentation "Labels and Selectors"), without `>` and `<`, which
Fleet's documentation of member selectors does not list: `key=value`, `key==value`, `key!=value`, `key in (a,b)`,
`key notin (a,b)`, `key`, `!key`, joined by commas. A member is selected if it meets every requirement. `!=` and `notin`
are met by a member without the label. An empty selector is malformed here: it would select everything by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import InvalidInputError

MAXIMUM_LENGTH = 512
"""Characters in a selector (Fleet's API specification)."""

_TOKEN = re.compile(r"[ \t\r\n]*(==|!=|[=!(),]|[^ \t\r\n=!(),]+)")
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", re.ASCII)
_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)
_MAXIMUM_NAME, _MAXIMUM_PREFIX = 63, 253
_EXPECTED = "a label selector such as env=prod,tier in (a,b),!canary"
_END = ""
_IN, _NOT_IN = "in", "notin"
_MARKS = frozenset({"==", "!=", "=", "!", "(", ")", ",", _END})


class Operator(StrEnum):
    """How a requirement compares a label."""

    IN = "in"
    NOT_IN = "notin"
    EXISTS = "exists"
    DOES_NOT_EXIST = "!"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on the label of a key; `values` are for `IN` and `NOT_IN` only."""

    key: str
    operator: Operator
    values: frozenset[str] = frozenset()

    def is_met_by(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it."""
        if self.operator in {Operator.EXISTS, Operator.DOES_NOT_EXIST}:
            return (self.key in labels) is (self.operator is Operator.EXISTS)
        return (labels.get(self.key) in self.values) is (self.operator is Operator.IN)


@dataclass(frozen=True, slots=True)
class LabelSelector:
    """Requirements that must all be met."""

    requirements: tuple[Requirement, ...]

    @classmethod
    def parse(cls, text: str, field: str = "label selector") -> LabelSelector:
        """Parse Kubernetes' string form.

        Raises:
            InvalidInputError: the text is empty, too long, or has another form.
        """
        if len(text) > MAXIMUM_LENGTH:
            raise InvalidInputError(field, text, f"{_EXPECTED}, of {MAXIMUM_LENGTH} characters at most")
        return cls(_Parser(text, field).requirements())

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet every requirement."""
        return all(requirement.is_met_by(labels) for requirement in self.requirements)


class _Parser:
    """Reads the tokens of one selector from left to right."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._tokens: list[str] = [*_TOKEN.findall(text), _END]

    def requirements(self) -> tuple[Requirement, ...]:
        found = [self._requirement()]
        while self._next_is(","):
            found.append(self._requirement())
        self._require(_END)
        return tuple(found)

    def _requirement(self) -> Requirement:
        if self._next_is("!"):
            return Requirement(self._key(), Operator.DOES_NOT_EXIST)
        key = self._key()
        if self._next_is("=") or self._next_is("=="):
            return Requirement(key, Operator.IN, frozenset({self._value()}))
        if self._next_is("!="):
            return Requirement(key, Operator.NOT_IN, frozenset({self._value()}))
        if self._next_is(_IN):
            return Requirement(key, Operator.IN, self._values())
        if self._next_is(_NOT_IN):
            return Requirement(key, Operator.NOT_IN, self._values())
        return Requirement(key, Operator.EXISTS)

    def _key(self) -> str:
        key = self._take()
        prefix, slash, name = key.rpartition("/")
        is_prefix = not slash or (_PREFIX.fullmatch(prefix) is not None and len(prefix) <= _MAXIMUM_PREFIX)
        if not is_prefix or _NAME.fullmatch(name) is None or len(name) > _MAXIMUM_NAME:
            raise self._malformed()
        return key

    def _value(self) -> str:
        """A value; an empty one if there is none before the next comma or the end, as in Kubernetes."""
        if self._tokens[0] in {",", ")", _END}:
            return ""
        value = self._take()
        if _NAME.fullmatch(value) is None or len(value) > _MAXIMUM_NAME:
            raise self._malformed()
        return value

    def _values(self) -> frozenset[str]:
        self._require("(")
        if self._tokens[0] == ")":
            raise self._malformed()
        values = {self._value()}
        while self._next_is(","):
            values.add(self._value())
        self._require(")")
        return frozenset(values)

    def _take(self) -> str:
        """The next token, which must be a word."""
        token = self._tokens.pop(0)
        if token in _MARKS:
            raise self._malformed()
        return token

    def _next_is(self, token: str) -> bool:
        """Whether the next token is the given one, which is then consumed."""
        if self._tokens[0] != token:
            return False
        self._tokens.pop(0)
        return True

    def _require(self, token: str) -> None:
        if not self._next_is(token):
            raise self._malformed()

    def _malformed(self) -> InvalidInputError:
        return InvalidInputError(self._field, self._text, _EXPECTED)
