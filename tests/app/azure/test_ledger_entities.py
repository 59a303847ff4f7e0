"""Rows of the ledger as entities of Table Storage: within its limits, and read as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.azure.ledger.entities import (
    ENTITY_BYTES,
    PROPERTIES,
    PROPERTY_UNITS,
    SCHEMA,
    SCHEMA_VERSION,
    entity_of,
    texts_of,
)
from shared.errors import InternalError

PROPERTY_BYTES = 64 * 1024


def bytes_of(text: str) -> int:
    return len(text.encode("utf-16-le"))


@given(
    st.dictionaries(st.sampled_from(["members", "content0", "at"]), st.sampled_from(["", "a", "é", "😀"])), st.data()
)
def test_what_is_written_is_read(texts: dict[str, str], data: st.DataObject) -> None:
    values = {name: text * data.draw(st.integers(0, PROPERTY_UNITS * 2)) for name, text in texts.items()}

    assert texts_of(entity_of("p", "r", values)) == {**values, SCHEMA: SCHEMA_VERSION}


@pytest.mark.parametrize("character", ["a", "é", "😀"])
def test_no_property_is_longer_than_azure_accepts(character: str) -> None:
    entity = entity_of("p", "r", {"members": character * (PROPERTY_UNITS + 1)})

    parts = ["members", "members_2", *(["members_3"] * (character != "a"))]
    assert set(entity) == {"PartitionKey", "RowKey", SCHEMA, *parts}
    assert all(bytes_of(text) <= PROPERTY_BYTES for text in entity.values())


def test_parts_are_put_together_by_number() -> None:
    text = "".join(f"{number:0>{PROPERTY_UNITS}}" for number in range(12))
    entity = entity_of("p", "r", {"members": text})

    assert texts_of(dict(sorted(entity.items())))["members"] == text


@pytest.mark.parametrize(
    "values",
    [
        {"members": "a" * ENTITY_BYTES},
        {f"property{number}": "" for number in range(PROPERTIES + 1)},
    ],
    ids=["size", "properties"],
)
def test_a_row_that_no_entity_can_hold_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(InternalError, match="ledger row r has"):
        entity_of("p", "r", values)


def test_a_key_that_is_too_long_is_refused() -> None:
    with pytest.raises(InternalError, match="keys of 1026"):
        entity_of("p" * 513, "r", {})


def test_what_is_no_text_is_no_part_of_a_row() -> None:
    assert texts_of({"PartitionKey": "p", "RowKey": "r", "Timestamp": 3, "at": "now"}) == {"at": "now"}
