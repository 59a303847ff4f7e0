"""Values of variables in a template, for the few functions and operators that the rules of profiles are written in.

Bicep itself is not there to ask. Its rules keep to names and texts, one operator at a time or in parentheses, so that
the tree pycep makes of them means the same; anything else is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.checks.infra.template import Template

_INSERTED = re.compile(r"\$\{(\w+)\}")


class Values:
    """What a template computes from given parameters."""

    def __init__(self, template: Template, parameters: Mapping[str, object]) -> None:
        self._template = template
        self._variables = template.section("variables")
        self._parameters = parameters

    def value(self, expression: object) -> object:
        """The value of an expression as pycep gives it."""
        if isinstance(expression, str):
            return self._text_or_name(expression)
        if not isinstance(expression, Mapping):
            return expression
        if "loop_type" in expression:
            return self._loop(expression)
        kind, body = next(iter(expression.items()))
        assert kind in {"operator", "function"}, expression
        arguments = body.get("operands") or body["parameters"]
        return self._apply(body["type"], list(arguments.values()))

    def _text_or_name(self, text: str) -> object:
        if text in self._parameters:
            return self._parameters[text]
        if text in self._variables:
            return self.value(self._variables[text]["value"])
        return _INSERTED.sub(lambda found: str(self.value(found[1])), text)

    def _apply(self, name: str, arguments: list[object]) -> object:
        if name == "conditional":
            condition, yes, no = arguments
            return self.value(yes) if self.value(condition) else self.value(no)
        if name == "property_accessor":
            owner = self.value(arguments[0])
            assert isinstance(owner, Mapping)
            return owner[arguments[1]]
        values = [self.value(argument) for argument in arguments]
        first, second = values[0], values[-1]
        match name:
            case "equals":
                return first == second
            case "not_equals":
                return first != second
            case "and":
                return first and second
            case "not":
                return not first
            case "empty":
                return not first
            case "less_than":
                assert isinstance(first, int)
                assert isinstance(second, int)
                return first < second
        return _called(name, first, second)

    def _loop(self, loop: Mapping[str, object]) -> list[object]:
        kind = loop["loop_type"]
        assert isinstance(kind, Mapping)
        detail = kind["detail"]
        items = self.value(detail["array_name"])
        assert isinstance(items, list)
        inner = (Values(self._template, {**self._parameters, detail["item_name"]: item}) for item in items)
        return [values.value(loop["config"]) for values in inner]


def _called(name: str, first: object, second: object) -> object:
    if name == "trim":
        return str(first).strip()
    if name == "split":
        return str(first).split(str(second))
    assert isinstance(first, list)
    match name:
        case "length":
            return len(first)
        case "union":
            assert isinstance(second, list)
            return list(dict.fromkeys([*first, *second]))
        case "flatten":
            return [item for part in first for item in part]
    raise AssertionError(f"{name} is not known here")
