"""What Azure's specification refuses of the body of a PUT or of an action.

UNVERIFIED: Azure's codes and words, that it takes unknown properties, and that AKS takes values of enumerations in any
case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tools.emulator.arm.errors import ArmError, invalid_content
from tools.emulator.arm.message import ArmRequest
from tools.emulator.specification.schemas import CLUSTERS, PREVIEW, schema_file, specified_type, validator
from tools.json_value import Json, JsonObject

_ENVELOPE: Final = frozenset({"eTag", "id", "name", "systemData", "type"})
"""Resource Manager's own, which clients send back as they read it."""
_AKS_VERSION: Final = CLUSTERS.removeprefix("aks-")
_KINDS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}


@dataclass(frozen=True)
class _Breach:
    """A value that its schema does not allow, by the keyword `rule`; `steps` lead to it."""

    rule: str
    schema: JsonObject
    value: Json
    steps: tuple[str | int, ...]

    @property
    def is_of_case(self) -> bool:
        """Whether a value of an enumeration is only spelled in another case."""
        values = {value.lower() for value in _texts(self.schema.get("enum"))}
        return self.rule == "enum" and str(self.value).lower() in values

    def refusal(self) -> ArmError:
        """ARM's error, with the property's path as its target."""
        name, path = str(self.steps[-1]) if self.steps else "the body", _path(self.steps)
        if self.rule == "required":
            missing = next(key for key in _texts(self.schema["required"]) if key not in _keys(self.value))
            return ArmError(400, "InvalidParameter", f"'{missing}' is required.", target=_path((*self.steps, missing)))
        if self.rule == "type":
            return invalid_content(f"'{name}' must be {_KINDS[str(self.schema['type'])]}.", path or None)
        rules = " and ".join(_rules(self.schema))
        return ArmError(400, "InvalidParameter", f"'{name}' must {rules}.", target=path)


def check_specified(request: ArmRequest) -> None:
    """Refuse a body that its resource type, in the newest api-version that is specified, does not allow.

    Null is no value, and unknown properties pass; so do values of enumerations in api-versions of AKS that may have
    more of them: previews and newer ones.

    Raises:
        ArmError: 400, with the property's path.
    """
    of_cluster = "/fleets" not in specified_type(request.path)
    may_have_more = of_cluster and ("preview" in request.api_version or request.api_version > _AKS_VERSION)
    for breach in _breaches(request, CLUSTERS if of_cluster else PREVIEW):
        passes = breach.rule == "additionalProperties" or (of_cluster and breach.is_of_case)
        if not passes and not (may_have_more and breach.rule == "enum"):
            raise breach.refusal()


def refuse_unknown(request: ArmRequest) -> None:
    """Refuse a PUT with properties that its resource type does not have in the request's api-version.

    Raises:
        ArmError: 400, with their paths.
    """
    unknown = _unknown_properties(request) if request.method == "PUT" and specified_type(request.path) else []
    if unknown:
        names = ", ".join(unknown)
        raise invalid_content(f"Azure's specification of {request.api_version} does not have {names}.", unknown[0])


def _unknown_properties(request: ArmRequest) -> list[str]:
    file = schema_file(specified_type(request.path), request.api_version)
    return [
        _path((*breach.steps, name))
        for breach in _breaches(request, file)
        if breach.rule == "additionalProperties"
        for name in _keys(breach.value)
        if name not in _keys(breach.schema["properties"])
    ]


def _breaches(request: ArmRequest, file: str) -> Iterator[_Breach]:
    resource_type, action = specified_type(request.path), request.path.rpartition("/")[2]
    definition = f"{resource_type}:write" if request.method == "PUT" else f"{resource_type}/{action}:input"
    for error in validator(file, definition).iter_errors(_content(request.body)):
        schema = error.schema if isinstance(error.schema, dict) else {}
        yield _Breach(str(error.validator), schema, error.instance, tuple(error.absolute_path))


def _content(body: Json) -> Json:
    content = _without_nulls(body)
    if not isinstance(content, dict):
        return content
    return {key: value for key, value in content.items() if key not in _ENVELOPE}


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _rules(schema: JsonObject) -> Iterator[str]:
    """What a value must be or have, of all that its schema says."""
    if "minimum" in schema:
        yield f"be from {schema['minimum']} to {schema['maximum']}"
    if "maxLength" in schema:
        yield f"have {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "pattern" in schema:
        yield f"match {schema['pattern']}"
    if "maxItems" in schema:
        yield f"have at most {schema['maxItems']} items"
    if "enum" in schema:
        yield f"be one of {', '.join(_texts(schema['enum']))}"
    if "const" in schema:
        yield f"be {schema['const']}"


def _texts(value: Json) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _keys(value: Json) -> list[str]:
    return [*value] if isinstance(value, dict) else []


def _path(steps: tuple[str | int, ...]) -> str:
    """As in ARM's targets: `properties.strategy.stages[0].name`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")
