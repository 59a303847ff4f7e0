"""Route templates as ASP.NET Core reads them, which is what routes HTTP requests in the real host.

``{name}``, ``{name?}``, ``{name=default}``, ``{name:constraint(argument)}``, ``{*rest}`` and ``{**rest}``; literals
match without case; a catch-all can only stand last.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

_PARAMETER = re.compile(r"\{(\*{0,2})([^{}:=?*]+)((?::(?:[^{}()=?]+|\((?:[^()]|\([^()]*\))*\))+)*)(\?|=[^{}]*)?\}")
_CONSTRAINT = re.compile(r":([a-z]+)(?:\((.*?)\))?(?=:|$)", re.IGNORECASE)

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Parameter:
    """One ``{…}`` of a template."""

    name: str
    catch_all: bool
    optional: bool
    default: str | None
    checks: tuple[Check, ...]


class RouteTemplate:
    """A template, ready to match paths."""

    def __init__(self, template: str) -> None:
        """Read a template; slashes at its ends do not count.

        Raises:
            ValueError: the real host would refuse it, too; the text says why.
        """
        self.template = template.strip("/")
        self._parameters: list[Parameter] = []
        segments = self.template.split("/") if self.template else []
        patterns: list[str] = []
        order: list[tuple[int, int, str]] = []
        for position, segment in enumerate(segments):
            pattern, rank = self._segment(segment, is_last=position == len(segments) - 1)
            patterns.append(pattern)
            order.append(rank)
        # In a tuple comparison the end mark puts a longer template before its own beginning.
        self.order = (*order, (2, 0, ""))
        """Sorts templates by how specific they are: literals first, then more constraints, then longer ones."""
        self._pattern = re.compile("".join(patterns) + "/?", re.IGNORECASE | re.DOTALL)

    def match(self, path: str) -> dict[str, str] | None:
        """Give the parameters of a path that starts with a slash, or ``None`` if it does not match."""
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        values: dict[str, str] = {}
        for number, parameter in enumerate(self._parameters):
            value = found[f"p{number}"] or parameter.default
            if value is None:
                continue
            if not all(check(value) for check in parameter.checks):
                return None
            values[parameter.name] = value
        return values

    def _segment(self, segment: str, *, is_last: bool) -> tuple[str, tuple[int, int, str]]:
        pattern, end, optional = "", 0, False
        rank = (0, 0, segment.lower())
        for found in _PARAMETER.finditer(segment):
            pattern += self._literal(segment[end : found.start()])
            parameter = self._parameter(found, is_last=is_last, is_whole=found.group() == segment)
            pattern += f"(?P<p{len(self._parameters)}>{_value_pattern(parameter)})"
            self._parameters.append(parameter)
            if found.start() == 0:
                rank = (1, -len(parameter.checks), "")
            end = found.end()
            optional = parameter.optional or parameter.catch_all or parameter.default is not None
        pattern += self._literal(segment[end:])
        if not pattern:
            raise ValueError(f"route {self.template!r}: two slashes in a row")
        return (f"(?:/{pattern})?" if optional else f"/{pattern}"), rank

    def _literal(self, text: str) -> str:
        if set(text) & set("{}?*"):
            raise ValueError(f"route {self.template!r}: {text!r} cannot be read")
        return re.escape(text)

    def _parameter(self, found: re.Match[str], *, is_last: bool, is_whole: bool) -> Parameter:
        stars, name, constraints, rest = found.group(1), found.group(2), found.group(3), found.group(4) or ""
        if any(known.name.lower() == name.lower() for known in self._parameters):
            raise ValueError(f"route {self.template!r}: parameter {name!r} appears twice")
        if stars and not (is_last and is_whole):
            raise ValueError(f"route {self.template!r}: the catch-all {name!r} can only be the last segment")
        optional, default = rest == "?", rest[1:] if rest.startswith("=") else None
        if (optional or default is not None) and not (is_last and is_whole):
            raise ValueError(f"route {self.template!r}: the optional {name!r} can only be the last segment")
        checks = tuple(_check(self.template, *part.groups()) for part in _CONSTRAINT.finditer(constraints))
        return Parameter(name, bool(stars), optional, default, checks)


def _value_pattern(parameter: Parameter) -> str:
    return ".*" if parameter.catch_all else "[^/]+?"


def _check(template: str, name: str, argument: str | None) -> Check:
    plain = _PLAIN_CHECKS.get(name.lower())
    if plain is not None and argument is None:
        return plain
    made = _CHECKS_WITH_ARGUMENT.get(name.lower())
    if made is None or argument is None:
        raise ValueError(f"route {template!r}: unknown constraint {name!r}")
    return made(argument)


def _is_integer(bits: int) -> Check:
    def check(value: str) -> bool:
        return bool(re.fullmatch(r"[+-]?[0-9]+", value)) and -(2 ** (bits - 1)) <= int(value) < 2 ** (bits - 1)

    return check


def _is_guid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _has_length(argument: str) -> Check:
    bounds = [int(number) for number in argument.split(",")]
    return lambda value: bounds[0] <= len(value) <= bounds[-1]


def _is_at_least(argument: str) -> Check:
    return lambda value: _is_integer(64)(value) and int(value) >= int(argument)


def _is_at_most(argument: str) -> Check:
    return lambda value: _is_integer(64)(value) and int(value) <= int(argument)


def _is_between(argument: str) -> Check:
    lowest, highest = argument.split(",")
    return lambda value: _is_at_least(lowest)(value) and _is_at_most(highest)(value)


def _matches_expression(argument: str) -> Check:
    expression = re.compile(argument, re.IGNORECASE)
    return lambda value: bool(expression.search(value))


_PLAIN_CHECKS: dict[str, Check] = {
    "int": _is_integer(32),
    "long": _is_integer(64),
    "bool": lambda value: value.lower() in ("true", "false"),
    "guid": _is_guid,
    "alpha": lambda value: bool(re.fullmatch("[A-Za-z]*", value)),
    "required": bool,
}
_CHECKS_WITH_ARGUMENT: dict[str, Callable[[str], Check]] = {
    "length": _has_length,
    "minlength": lambda argument: lambda value: len(value) >= int(argument),
    "maxlength": lambda argument: lambda value: len(value) <= int(argument),
    "min": _is_at_least,
    "max": _is_at_most,
    "range": _is_between,
    "regex": _matches_expression,
}
