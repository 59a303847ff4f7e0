"""Entities of Table Storage from rows of texts, within its limits, which Azurite does not enforce.

A property holds 64 KiB of UTF-16, an entity 1 MiB and 255 properties with its keys, a key 1 KiB (Microsoft's page on
the Table service data model). A longer text goes on in further properties: `members`, `members_2`, `members_3`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from shared.errors import InternalError

PROPERTY_UNITS = 32_000
"""UTF-16 code units of two bytes in one property: a little less than 64 KiB."""
ENTITY_BYTES = 1_000_000
"""Of names and values in UTF-16: a little less than 1 MiB, for what the service itself adds."""
KEY_BYTES = 1024
PROPERTIES = 250
"""A few less than 255: the keys and the timestamp count too."""

SCHEMA, SCHEMA_VERSION = "schemaVersion", "1"
"""Every row has the version of its form. A row without one is older, and has the first form."""

_KEYS = ("PartitionKey", "RowKey")
_CONTINUED = re.compile(r"(?P<name>.+)_(?P<number>\d+)", re.ASCII)


def entity_of(partition: str, row: str, values: Mapping[str, str]) -> dict[str, str]:
    """The entity of a row.

    Raises:
        InternalError: the row is larger than an entity may be.
    """
    texts = {**values, SCHEMA: SCHEMA_VERSION}
    properties = {name: part for key, text in texts.items() for name, part in _parts(key, text)}
    size = sum(_size(name) + _size(part) for name, part in properties.items())
    if size > ENTITY_BYTES or len(properties) > PROPERTIES or max(_size(partition), _size(row)) > KEY_BYTES:
        raise InternalError(
            f"ledger row {row} has {size} bytes in {len(properties)} properties, and keys of {_size(partition)} and "
            f"{_size(row)} bytes; Table Storage holds {ENTITY_BYTES}, {PROPERTIES} and {KEY_BYTES}"
        )
    return {**properties, "PartitionKey": partition, "RowKey": row}


def texts_of(entity: Mapping[str, object]) -> dict[str, str]:
    """The texts of an entity; those that go on in further properties are put together."""
    parts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, value in entity.items():
        if isinstance(value, str) and name not in _KEYS:
            match = _CONTINUED.fullmatch(name)
            key, number = (match["name"], int(match["number"])) if match else (name, 1)
            parts[key].append((number, value))
    return {name: "".join(text for _, text in sorted(found)) for name, found in parts.items()}


def _parts(name: str, text: str) -> Iterator[tuple[str, str]]:
    # a character beyond the basic plane is two code units; half as many characters always fit
    step = PROPERTY_UNITS if text.isascii() else PROPERTY_UNITS // 2
    yield name, text[:step]
    for number, start in enumerate(range(step, len(text), step), start=2):
        yield f"{name}_{number}", text[start : start + step]


def _size(text: str) -> int:
    return len(text.encode("utf-16-le"))
