"""Expressions of ARM templates, parsed: what a predicted resource has where only Azure knows a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Call | Access | None"
"""JSON, or what stands for it until Azure knows."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(text_of, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Access:
    """A property or an element of something."""

    owner: Value
    key: Value

    def __str__(self) -> str:
        return f"{text_of(self.owner)}[{text_of(self.key)}]"


class ExpressionError(Exception):
    """A text that is no expression; the message quotes it."""


_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|[A-Za-z_][\w.]*(?=\s*\()|\.\??\w+|[()\[\],?])")


def text_of(value: Value) -> str:
    """How a value is written in an expression; a text by itself is in quotes."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def parse(text: str) -> Value:
    """The tree of an expression, without its brackets.

    Raises:
        ExpressionError: it is none.
    """
    tokens = list(_tokens(text))
    tree, left = _parsed(tokens)
    if left:
        raise ExpressionError(f"no expression: {text}")
    return tree


def calls_in(value: Value) -> Iterator[Call]:
    """Every function called in a value, outer ones first."""
    if isinstance(value, Call):
        yield value
    for part in _parts(value):
        yield from calls_in(part)


def texts_in(value: Value) -> Iterator[str]:
    """Every text in a value, whether in JSON or in an expression."""
    if isinstance(value, str):
        yield value
    for part in _parts(value):
        yield from texts_in(part)


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, Call):
        yield from value.arguments
    elif isinstance(value, Access):
        yield from (value.owner, value.key)
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ExpressionError(f"no expression: {text}")
        yield found[1]
        at = found.end()


def _parsed(tokens: list[str]) -> tuple[Value, list[str]]:
    """The first expression of the tokens, and the tokens after it."""
    if not tokens:
        raise ExpressionError("an expression ends too early")
    first, rest = tokens[0], tokens[1:]
    tree: Value
    if first.startswith("'"):
        tree = first[1:-1].replace("''", "'")
    elif re.fullmatch(r"-?\d+", first):
        tree = int(first)
    elif re.fullmatch(r"-?\d+\.\d+", first):
        tree = float(first)
    elif rest[:1] == ["("]:
        arguments, rest = _arguments(rest[1:])
        tree = Call(first, arguments)
    else:
        raise ExpressionError(f"an expression has {first} where it does not belong")
    return _accessed(tree, rest)


def _arguments(tokens: list[str]) -> tuple[tuple[Value, ...], list[str]]:
    arguments: list[Value] = []
    while tokens[:1] != [")"]:
        argument, tokens = _parsed(tokens)
        arguments.append(argument)
        if tokens[:1] == [","]:
            tokens = tokens[1:]
        elif tokens[:1] != [")"]:
            raise ExpressionError("the arguments of a function do not end")
    return tuple(arguments), tokens[1:]


def _accessed(tree: Value, tokens: list[str]) -> tuple[Value, list[str]]:
    while tokens and (tokens[0] == "[" or tokens[0].startswith(".")):
        if tokens[0] == "[":
            key, tokens = _parsed(tokens[1:])
            if tokens[:1] != ["]"]:
                raise ExpressionError("an index does not end")
        else:
            key = tokens[0].lstrip(".?")
        tree, tokens = Access(tree, key), tokens[1:]
    return tree, tokens
