"""Expressions of ARM templates: parsed, and reduced as far as that goes without Azure.

A predicted resource keeps what only Azure knows as an expression, such as the principal id of an identity that is
yet to be made, and with it everything computed from that. Reduced, the shape around it shows again: a list of settings
is a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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


PUBLIC_CLOUD: Mapping[str, Value] = {
    "name": "AzureCloud",
    "resourceManager": "https://management.azure.com/",
    "authentication": {"loginEndpoint": "https://login.microsoftonline.com/"},
    "suffixes": {"storage": "core.windows.net"},
}
"""What `environment()` is in Azure's public cloud, as far as the templates ask."""

US_GOVERNMENT_CLOUD: Mapping[str, Value] = {
    "name": "AzureUSGovernment",
    "resourceManager": "https://management.usgovcloudapi.net/",
    "authentication": {"loginEndpoint": "https://login.microsoftonline.us/"},
    "suffixes": {"storage": "core.usgovcloudapi.net"},
}
"""The same in a cloud where some names are others."""

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|[A-Za-z_][\w.]*(?=\s*\()|\.\??\w+|[()\[\],?])")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def resolve(value: object, cloud: Mapping[str, Value] = PUBLIC_CLOUD) -> Value:
    """JSON with every expression in it parsed and reduced, as it is in one of Azure's clouds."""
    if isinstance(value, Mapping):
        return {str(key): resolve(part, cloud) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [resolve(part, cloud) for part in value]
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        return value[1:] if value.startswith("[[") else reduced(_in_cloud(parse(value[1:-1]), cloud))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"no JSON: {value!r}")


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


def reduced(value: Value) -> Value:
    """The value with every function applied whose arguments are known, at least in shape."""
    if isinstance(value, Access):
        return _element(reduced(value.owner), reduced(value.key))
    if isinstance(value, dict):
        return {key: reduced(part) for key, part in value.items()}
    if isinstance(value, list):
        return [reduced(part) for part in value]
    return _called(value) if isinstance(value, Call) else value


def _element(owner: Value, key: Value) -> Value:
    if isinstance(owner, dict) and isinstance(key, str) and key in owner:
        return owner[key]
    if isinstance(owner, list) and isinstance(key, int) and not isinstance(key, bool) and key < len(owner):
        return owner[key]
    return Access(owner, key)


def _called(value: Call) -> Value:
    arguments = tuple(map(reduced, value.arguments))
    if value.name == "if" and isinstance(arguments[0], bool):
        return arguments[1] if arguments[0] else arguments[2]
    apply = _FUNCTIONS.get(value.name)
    done = apply(arguments) if apply else None
    return Call(value.name, arguments) if done is None else done[0]


def _known(value: Value) -> bool:
    return not any(True for _ in calls_in(value))


def _applied_to_known(function: Callable[..., Value]) -> Callable[[tuple[Value, ...]], tuple[Value] | None]:
    """A function that waits until all its arguments are known."""
    return lambda arguments: (function(*arguments),) if all(map(_known, arguments)) else None


def _concat(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    if all(isinstance(argument, list) for argument in arguments):
        return ([item for argument in arguments if isinstance(argument, list) for item in argument],)
    if all(isinstance(argument, str) for argument in arguments):
        return ("".join(map(str, arguments)),)
    return None


def _flatten(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    [outer] = arguments
    return _concat(tuple(outer)) if isinstance(outer, list) else None


def _merged(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    if not all(isinstance(argument, dict) for argument in arguments):
        return None
    return ({key: part for argument in arguments if isinstance(argument, dict) for key, part in argument.items()},)


def _shallow_merge(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    [objects] = arguments
    return _merged(tuple(objects)) if isinstance(objects, list) else None


def _object(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    names, values = arguments[0::2], arguments[1::2]
    return (dict(zip(map(str, names), values, strict=True)),)


def _items(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    [owner] = arguments
    if not isinstance(owner, dict):
        return None
    return ([{"key": key, "value": owner[key]} for key in sorted(owner)],)


def _map(arguments: tuple[Value, ...]) -> tuple[Value] | None:
    match arguments:
        case (list() as elements, Call("lambda", (str() as name, body))):
            return ([reduced(_with_variable(body, name, element)) for element in elements],)
    return None


def _with_variable(body: Value, name: str, element: Value) -> Value:
    """The body of a lambda with its variable replaced."""
    return _replaced(body, Call("lambdaVariables", (name,)), element)


def _in_cloud(value: Value, cloud: Mapping[str, Value]) -> Value:
    return _replaced(value, Call("environment", ()), dict(cloud))


def _replaced(value: Value, old: Call, new: Value) -> Value:
    """A value with one call replaced wherever it is."""
    match value:
        case Call():
            arguments = tuple(_replaced(part, old, new) for part in value.arguments)
            return new if value == old else Call(value.name, arguments)
        case Access(owner, key):
            return Access(_replaced(owner, old, new), _replaced(key, old, new))
        case dict():
            return {key: _replaced(part, old, new) for key, part in value.items()}
        case list():
            return [_replaced(part, old, new) for part in value]
    return value


def _format(pattern: Value, *given: Value) -> Value:
    return _PLACEHOLDER.sub(lambda found: str(given[int(found[1])]), str(pattern))


def _join(parts: Value, between: Value) -> Value:
    return str(between).join(map(str, parts if isinstance(parts, list) else ()))


def _split(text: Value, between: Value) -> Value:
    return list(str(text).split(str(between)))


_FUNCTIONS: Mapping[str, Callable[[tuple[Value, ...]], tuple[Value] | None]] = {
    "and": _applied_to_known(lambda *given: all(given)),
    "concat": _concat,
    "createArray": lambda arguments: (list(arguments),),
    "createObject": _object,
    "empty": _applied_to_known(lambda given: not given),
    "equals": _applied_to_known(lambda one, other: one == other),
    "false": lambda _: (False,),
    "flatten": _flatten,
    "format": _applied_to_known(_format),
    "items": _items,
    "join": _applied_to_known(_join),
    "map": _map,
    "not": _applied_to_known(lambda given: not given),
    "null": lambda _: (None,),
    "or": _applied_to_known(lambda *given: any(given)),
    "shallowMerge": _shallow_merge,
    "split": _applied_to_known(_split),
    "string": _applied_to_known(str),
    "toLower": _applied_to_known(lambda given: str(given).lower()),
    "true": lambda _: (True,),
    "union": _merged,
}
"""Those that the templates use around what only Azure knows; any other one stays as it is written."""
