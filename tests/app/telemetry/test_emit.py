"""An event: a log record whose attributes are texts, and which Application Insights takes for a custom event."""

from __future__ import annotations

import logging

import pytest

from shared.telemetry.emit import LOGGER_NAME, Value, emit
from tests.app.telemetry.emitted import Emitted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("100%s", "100%s"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (12, "12"),
        (1.5, "1.5"),
        (2.0, "2"),
        (100.0, "100"),
        (0.0004, "0"),
        (14.12345, "14.123"),
        (["b", "a"], "b,a"),
        ([], ""),
        (("1.35.6",), "1.35.6"),
        ({"b": 1, "a": "x"}, '{"a": "x", "b": 1}'),
        ({}, "{}"),
    ],
)
def test_every_property_becomes_a_text(emitted: Emitted, value: Value, text: str) -> None:
    emit("something", "It happened.", {"fact": value})

    assert emitted.properties("something") == [{"fact": text}]


def test_the_record_is_a_custom_event_of_that_name(emitted: Emitted) -> None:
    emit("something", "It happened.", {})

    [record] = emitted.records()
    assert record.name == LOGGER_NAME
    assert vars(record)["microsoft.custom_event.name"] == "something"


def test_people_read_the_sentence_as_it_is_at_the_level_that_was_given(emitted: Emitted) -> None:
    emit("something", "100% of %s {them}", {}, level=logging.WARNING)

    [record] = emitted.records()
    assert (record.getMessage(), record.levelno) == ("100% of %s {them}", logging.WARNING)


def test_it_is_information_unless_said_otherwise(emitted: Emitted) -> None:
    emit("something", "It happened.", {})

    assert emitted.level("something") == logging.INFO
