"""The binding converters of ``azure-functions``, typed.

The library registers one converter a binding type; Microsoft's worker finds them there by the type's name, and so
does this host. A ``Datum`` is a value as it crosses between host and worker.
"""

from collections.abc import Mapping
from typing import Protocol, cast

import azure.functions as func
from azure.functions.meta import Datum

HTTP_TRIGGER = "httpTrigger"
TIMER_TRIGGER = "timerTrigger"
EVENT_GRID_TRIGGER = "eventGridTrigger"
QUEUE_TRIGGER = "queueTrigger"
HTTP_OUTPUT = "http"
TRIGGERS = (HTTP_TRIGGER, TIMER_TRIGGER, EVENT_GRID_TRIGGER, QUEUE_TRIGGER)


class InputConverter(Protocol):
    """Makes the value that a function gets."""

    def check_input_type_annotation(self, pytype: object) -> bool:
        """Whether a parameter so annotated can take what ``decode`` makes."""

    def decode(self, data: Datum, *, trigger_metadata: Mapping[str, Datum]) -> object:
        """Make the parameter's value."""


class OutputConverter(Protocol):
    """Takes the value that a function gives."""

    def encode(self, obj: object, *, expected_type: type | None) -> Datum:
        """Make what the host sends on. Raises NotImplementedError for a value that it cannot take."""


def input_converter(binding_type: str) -> InputConverter:
    """The converter of a trigger, one of ``TRIGGERS``."""
    return cast(InputConverter, _registered(binding_type))


def encode_http(value: object) -> Datum:
    """Encode what an HTTP function returned.

    Raises:
        TypeError: it is neither an ``HttpResponse`` nor a text.
    """
    converter = cast(OutputConverter, _registered(HTTP_OUTPUT))
    try:
        return converter.encode(value, expected_type=None)
    except NotImplementedError as error:
        raise TypeError(f"an HTTP function cannot return a {type(value).__name__}") from error


def json_datum(text: str) -> Datum:
    """Wrap a JSON text."""
    return Datum(text, "json")


def text_datum(text: str) -> Datum:
    """Wrap a text."""
    return Datum(text, "string")


def _registered(binding_type: str) -> object:
    registry = func.get_binding_registry()  # type: ignore[no-untyped-call] # not annotated by the library
    return registry.get(binding_type)
