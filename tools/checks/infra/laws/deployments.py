"""Names of nested deployments, in a compiled template: short enough for every legal parameter, and none twice.

Azure takes at most 64 characters. A name that was deployed to a subscription or a management group from one location
cannot be deployed from another (`InvalidDeploymentLocation`), so a hash with the location is in such a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tools.checks.infra.expression import Access, Call, Value, text_of
from tools.checks.infra.reduction import resolve
from tools.json_value import mapping_of, mappings_in, sequence_of, value_at

LONGEST_NAME = 64

_DEPLOYMENT = "Microsoft.Resources/deployments"
_HASHES = {"uniqueString": 13, "guid": 36}
_FIXED = {**_HASHES, "copyIndex": len("800"), "fail": 0}
"""How long what some functions return is at most; a loop has at most 800 iterations, and fail() returns nothing."""
_SUBSCRIPTION_ID = 36
_SAME_LENGTH = ("toLower", "toUpper", "trim", "string")


@dataclass(frozen=True)
class _Frame:
    """A template, and what its parameters are given by the template that deploys it."""

    template: Mapping[str, object]
    given: Mapping[str, tuple[Value, _Frame]] = field(default_factory=dict)

    def declared(self, name: str) -> Mapping[str, object]:
        """What is said of a parameter, in itself and in its type."""
        declared = mapping_of(mapping_of(self.template, "parameters"), name)
        return {**self._type(declared), **declared}

    def _type(self, declared: Mapping[str, object]) -> Mapping[str, object]:
        reference = str(declared.get("$ref", "")).rpartition("/")[2]
        return mapping_of(mapping_of(self.template, "definitions"), reference)

    def element(self, name: str) -> Mapping[str, object]:
        """What is said of the elements of an array parameter."""
        items = mapping_of(self.declared(name), "items")
        return {**self._type(items), **items}

    def variable(self, name: str) -> Value:
        """The value of a variable; the value of each element where a loop makes it."""
        variables = mapping_of(self.template, "variables")
        for loop in mappings_in(variables.get("copy")):
            if loop.get("name") == name:
                return [resolve(loop.get("input"))]
        return resolve(variables.get(name))


def find_deployment_problems(template: Mapping[str, object]) -> Iterator[str]:
    """Names that may be too long, that two deployments have, or that bind a deployment to its first location."""
    yield from _problems_of(_Frame(template))


def _problems_of(frame: _Frame) -> Iterator[str]:
    taken: set[tuple[str, str]] = set()
    for deployment in _deployments(frame.template):
        name = resolve(deployment["name"])
        longest = _longest(name, frame)
        if longest is None or longest > LONGEST_NAME:
            yield f"the deployment {text_of(name)} may have {longest or 'any number of'} characters"
        target = text_of(resolve({key: deployment.get(key) for key in ("subscriptionId", "resourceGroup", "scope")}))
        if (text_of(name), target) in taken:
            yield f"two deployments in the same place are called {text_of(name)}"
        taken.add((text_of(name), target))
        if "copy" in deployment and not _varies(name, frame) and "copyIndex" not in target:
            yield f"each deployment of a loop is called {text_of(name)}"
        if "location" in deployment and not _hashes_location(name, frame):
            yield f"the deployment {text_of(name)} has no hash with the location in its name"
        yield from _problems_of(_inner(deployment, frame))


def _deployments(template: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The deployments that a template holds itself, not those within them."""
    resources = template.get("resources")
    listed = list(resources.values()) if isinstance(resources, Mapping) else sequence_of(resources)
    for resource in listed:
        if isinstance(resource, Mapping) and resource.get("type") == _DEPLOYMENT:
            yield resource


def _inner(deployment: Mapping[str, object], outer: _Frame) -> _Frame:
    properties = mapping_of(deployment, "properties")
    parameters = mapping_of(properties, "parameters")
    given = {name: (resolve(value_at(parameters, name, "value")), outer) for name in parameters}
    return _Frame(mapping_of(properties, "template"), given)


def _longest(value: Value, frame: _Frame) -> int | None:
    """The most characters that a text may have; None where nothing limits it."""
    match value:
        case str() | bool() | int():
            return len(str(value))
        case Call():
            return _longest_of_call(value, frame)
        case Access(Call("subscription", _), "subscriptionId"):
            return _SUBSCRIPTION_ID
        case Access(owner, Call("copyIndex", _)):
            return _longest_element(owner, frame)
    return None


def _longest_element(array: Value, frame: _Frame) -> int | None:
    match array:
        case list():
            return _most([_longest(element, frame) for element in array])
        case Call("if", (_, yes, no)):
            return _most([_longest_element(yes, frame), _longest_element(no, frame)])
        case Call("variables", (str() as name,)):
            return _longest_element(frame.variable(name), frame)
        case Call("parameters", (str() as name,)):
            return _limit(frame.element(name))
    return None


def _longest_of_call(call: Call, frame: _Frame) -> int | None:
    match call:
        case Call("take", (text, int() as length)):
            return min(length, _longest(text, frame) or length)
        case Call("variables", (str() as name,)):
            return _longest(frame.variable(name), frame)
        case Call("parameters", (str() as name,)):
            return _longest_parameter(name, frame)
    lengths = [_longest(one, frame) for one in call.arguments]
    match call:
        case Call("format", (str() as pattern, *given)):
            return _sum([*lengths, -sum(len("{0}") * pattern.count(f"{{{index}}}") for index in range(len(given)))])
        case Call("concat", _):
            return _sum(lengths)
        case Call("if", _):
            return _most(lengths[1:])
        case Call(name, (_,)) if name in _SAME_LENGTH:
            return lengths[0]
    return _FIXED.get(call.name)


def _longest_parameter(name: str, frame: _Frame) -> int | None:
    declared = _limit(frame.declared(name))
    if name not in frame.given:
        return declared
    value, outer = frame.given[name]
    given = _longest(value, outer)
    return given if declared is None else declared if given is None else min(given, declared)


def _limit(declared: Mapping[str, object]) -> int | None:
    allowed = [len(str(one)) for one in sequence_of(declared.get("allowedValues"))]
    limit = declared.get("maxLength")
    return max(allowed) if allowed else limit if isinstance(limit, int) else None


def _sum(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _most(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return max(known, default=0) if len(known) == len(parts) else None


def _varies(value: Value, frame: _Frame) -> bool:
    return any(call.name == "copyIndex" for call in _calls(value, frame))


def _hashes_location(value: Value, frame: _Frame) -> bool:
    return any(
        _is_location(part, frame)
        for call in _calls(value, frame)
        if call.name in _HASHES
        for part in _reached(call, frame)
    )


def _is_location(value: Value, frame: _Frame) -> bool:
    match value:
        case Access(Call("deployment", ()), "location") | Call("parameters", ("location",)):
            return True
        case Call("parameters", (str() as name,)):
            return _is_location(resolve(frame.declared(name).get("defaultValue")), frame)
    return False


def _calls(value: Value, frame: _Frame) -> Iterator[Call]:
    return (part for part in _reached(value, frame) if isinstance(part, Call))


def _reached(value: Value, frame: _Frame) -> Iterator[Value]:
    """A value, its parts, and what the variables and parameters in it are given."""
    yield value
    parts: list[Value] = []
    match value:
        case Call("variables", (str() as name,)):
            parts = [frame.variable(name)]
        case Call("parameters", (str() as name,)) if name in frame.given:
            inner, outer = frame.given[name]
            yield from _reached(inner, outer)
        case Call(_, given):
            parts = list(given)
        case Access(owner, key):
            parts = [owner, key]
        case list():
            parts = value
    for part in parts:
        yield from _reached(part, frame)
