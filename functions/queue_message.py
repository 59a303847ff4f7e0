"""Handles a message of a queue: instruments the work, and decides whether the message is done or comes again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import azure.functions as func

from functions.instrumented import instrumented, trace_parent_in
from shared import telemetry
from shared.errors import FAILED_FOR_GOOD


@contextmanager
def handled(name: str, message: func.QueueMessage) -> Iterator[None]:
    """Instrument the work inside. What failed for good is reported, and the message is done.

    Any other error is raised: the message comes again after the time in host.json, and after the last time it goes to
    the poison queue. What failed for good is repeated by the next evaluation, if it is then still due.

    Args:
        name: the span's name; documented in docs/telemetry.md.
        message: the message; the work continues its trace.
    """
    with instrumented(name, trace_parent_of(message)):
        try:
            yield
        except FAILED_FOR_GOOD as error:
            telemetry.failed(name, error)


def trace_parent_of(message: func.QueueMessage) -> str:
    """The `traceparent` of the message; empty for a message that cannot be read."""
    try:
        content: object = json.loads(message.get_body())
    except (ValueError, RecursionError):
        return ""
    return trace_parent_in(content)
