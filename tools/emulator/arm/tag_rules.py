"""What tags can be, and how an operation changes them."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.arm.errors import ArmError

MAXIMUM_TAGS: Final = 50
MAXIMUM_TAG_NAME: Final = 512
MAXIMUM_TAG_VALUE: Final = 256

OPERATIONS: Final = ("Merge", "Replace", "Delete")
"""Of a PATCH on tags."""


def tags_of(tags: Field) -> dict[str, str]:
    """Tags within ARM's limits: 50 of them, names of 512 characters, values of 256. UNVERIFIED: ARM's codes."""
    found = tags.texts()
    check_count(found, tags.path)
    for name, value in found.items():
        if not 1 <= len(name) <= MAXIMUM_TAG_NAME:
            raise _invalid(f"A tag's name must have 1 to {MAXIMUM_TAG_NAME} characters.", tags.path)
        if len(value) > MAXIMUM_TAG_VALUE:
            raise _invalid(f"The value of tag '{name}' is longer than {MAXIMUM_TAG_VALUE} characters.", tags.path)
    return found


def check_count(tags: dict[str, str], target: str) -> None:
    """Refuse more tags than a resource can have.

    Raises:
        ArmError: 400.
    """
    if len(tags) > MAXIMUM_TAGS:
        raise _invalid(f"A resource can have {MAXIMUM_TAGS} tags, not {len(tags)}.", target)


def changed_tags(operation: str, current: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """The tags after an operation, one of `OPERATIONS`; names compare without case, values with it.

    Delete removes a tag whose name is given with its value or with none. UNVERIFIED: that an empty value is none, and
    that Merge takes over the case of a given name; Azure's documentation leaves both to the resource provider.
    """
    if operation == "Replace":
        return given
    by_name = {name.lower(): value for name, value in given.items()}
    if operation == "Merge":
        return {name: value for name, value in current.items() if name.lower() not in by_name} | given
    return {
        name: value
        for name, value in current.items()
        if name.lower() not in by_name or by_name[name.lower()] not in {"", value}
    }


def _invalid(message: str, target: str) -> ArmError:
    return ArmError(400, "InvalidParameter", message, target=target)
