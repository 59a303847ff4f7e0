"""Expressions of ARM templates, reduced as far as that goes without Azure.

A predicted resource keeps what only Azure knows as an expression, such as the principal id of an identity that is
yet to be made, and with it everything computed from that. Reduced, the shape around it shows again: a list of settings
is a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tools.checks.infra.expression import Access, Call, Value, calls_in, parse

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
