"""Holds raw JSON against a model of the SDK, which itself takes nearly anything.

The typed client turns "7" into 7, ignores keys it does not know and reads enums in any case. A test through it does not
notice such slips, so this looks at the JSON as it came and at what the model declares.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import (
    Any,
    Final,
    Literal,
    NotRequired,
    Protocol,
    TypeAlias,
    TypeGuard,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from tools.json_value import Json

Declared: TypeAlias = object
"""A class, or what `typing` makes of some: `list[UpdateStage]`, `Literal["SecurityPatch"]`."""


@dataclass(frozen=True)
class Deviation:
    """Where the wire is known to be wider than the SDK's model.

    Under `key` of `model`, a value of type `accepts` is right as well; `NoneType` stands for null. `reason` names where
    that is known from. With `api_version` it is right only in responses of that version.
    """

    model: type[object]
    key: str
    accepts: Declared
    reason: str
    api_version: str | None = None


def slips(
    body: Json,
    model: Declared,
    deviations: Collection[Deviation] = (),
    always: Mapping[type[object], Collection[str]] | None = None,
) -> list[str]:
    """Every place in which a body is not what the model declares, as `path: what is wrong`; empty if all is right.

    Reported are keys that the model does not have, keys that it requires and that are missing, null where a key should
    be absent, another JSON type than the declared one (text for a number and the reverse), times that are not ISO 8601
    in UTC with Z, and values that no member of the enum spells so.

    Args:
        body: JSON as it came.
        model: a class of an SDK's `models`, a `TypedDict`, or `list` and `dict` of such.
        deviations: what is right beyond the models.
        always: keys that responses have, though the models call them optional since requests may go without them.
    """
    return _Inspection(deviations, always or {}).single(body, model, "")


@dataclass(frozen=True)
class _Field:
    declared: Declared
    is_required: bool


class _Inspection:
    def __init__(self, deviations: Collection[Deviation], always: Mapping[type[object], Collection[str]]) -> None:
        self._always = always
        self._wider: dict[tuple[type[object], str], list[Declared]] = {}
        for deviation in deviations:
            self._wider.setdefault((deviation.model, deviation.key), []).append(deviation.accepts)

    def single(self, value: Json, declared: Declared, path: str) -> list[str]:
        """The slips of a value that is to be of one type."""
        origin, arguments = get_origin(declared), get_args(declared)
        if origin is Union:
            return min((self.single(value, choice, path) for choice in _choices(arguments)), key=len)
        if origin is Literal:
            return [] if value in arguments else _wrong(path, " or ".join(map(repr, arguments)), value)
        if origin is list:
            return self._list(value, arguments[0], path)
        if origin is dict:
            return self._dictionary(value, arguments[1], path)
        if _is_model(declared):
            return self._model(value, declared, path)
        return _plain(value, declared, path)

    def _list(self, value: Json, item: Declared, path: str) -> list[str]:
        if not isinstance(value, list):
            return _wrong(path, "a list", value)
        return [slip for number, one in enumerate(value) for slip in self.single(one, item, f"{path}[{number}]")]

    def _dictionary(self, value: Json, item: Declared, path: str) -> list[str]:
        if not isinstance(value, dict):
            return _wrong(path, "an object", value)
        return [slip for key, one in value.items() for slip in self.single(one, item, _below(path, key))]

    def _model(self, value: Json, model: type[object], path: str) -> list[str]:
        if not isinstance(value, dict):
            return _wrong(path, "an object", value)
        fields = _fields(cast("Hashable", model))
        required = {key for key, field in fields.items() if field.is_required}.union(self._always.get(model, ()))
        missing = sorted(required - value.keys())
        found = [f"{_below(path, key)}: is missing" for key in missing]
        for key, one in value.items():
            found += self._key(one, fields.get(key), model, key, _below(path, key))
        return found

    def _key(self, value: Json, field: _Field | None, model: type[object], key: str, path: str) -> list[str]:
        if any(not self.single(value, accepted, path) for accepted in self._wider.get((model, key), ())):
            return []
        if field is None:
            return [f"{path}: {model.__name__} has no such key"]
        return self.single(value, field.declared, path)


class _RestField(Protocol):
    _rest_name: str


class _SdkModel(Protocol):
    _attr_to_rest_field: Mapping[str, _RestField]


@cache
def _fields(model: Hashable) -> Mapping[str, _Field]:
    """The fields of a model by their names in JSON. An optional key may be absent, but not null."""
    if is_typeddict(model):
        return _keys(cast("type[object]", model))
    sdk_model = cast("type[_SdkModel]", model)
    sdk_model.__new__(sdk_model)  # the SDK names the fields of a model when it makes the first object
    hints = get_type_hints(sdk_model, localns={"_models": sys.modules[sdk_model.__module__.rpartition(".")[0]]})
    fields = {}
    for attribute, field in sdk_model._attr_to_rest_field.items():
        is_required = NoneType not in get_args(hints[attribute])
        fields[field._rest_name] = _Field(hints[attribute], is_required)
    return fields


def _keys(typed_dict: type[object]) -> Mapping[str, _Field]:
    hints = get_type_hints(typed_dict, include_extras=True)
    optional = {key for key, hint in hints.items() if get_origin(hint) is NotRequired}
    return {
        key: _Field(get_args(hint)[0] if key in optional else hint, key not in optional) for key, hint in hints.items()
    }


def _choices(declared: Sequence[Declared]) -> Sequence[Declared]:
    """What a union really allows: none of null, which stands for an absent key, and of text beside an enum."""
    is_enum = any(_is_enum(choice) for choice in declared)
    return [choice for choice in declared if choice is not NoneType and not (is_enum and choice is str)]


def _is_model(declared: Declared) -> TypeGuard[type[object]]:
    return isinstance(declared, type) and (hasattr(declared, "_is_model") or is_typeddict(declared))


def _is_enum(declared: Declared) -> TypeGuard[type[Enum]]:
    return isinstance(declared, type) and issubclass(declared, Enum)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _wrong(path: str, wanted: str, value: Json) -> list[str]:
    return [f"{path or 'the body'}: should be {wanted}, is {value!r}"]


def _plain(value: Json, declared: Declared, path: str) -> list[str]:
    if declared is Any:
        return []
    if _is_enum(declared):
        spelled = sorted(str(member.value) for member in declared)
        return [] if value in spelled else _wrong(path, f"one of {', '.join(spelled)}", value)
    wanted, is_right = _PLAIN[declared]
    return [] if is_right(value) else _wrong(path, wanted, value)


def _is_time(value: Json) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None and _parses(value, datetime.fromisoformat)


def _is_date(value: Json) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None and _parses(value, date.fromisoformat)


def _is_base64(value: Json) -> bool:
    return isinstance(value, str) and _parses(value, lambda text: base64.b64decode(text, validate=True))


def _parses(text: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(text)
    except (ValueError, binascii.Error):
        return False
    return True


_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLAIN: Final[Mapping[Declared, tuple[str, Callable[[Json], bool]]]] = {
    str: ("text", lambda value: isinstance(value, str)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    float: ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    bytes: ("text in base64", _is_base64),
    date: ("a date", _is_date),
    datetime: ("a time in ISO 8601, in UTC with Z", _is_time),
    NoneType: ("null", lambda value: value is None),
}
