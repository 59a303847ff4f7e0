"""The messages on the app's queues, validated at the edge: small JSON objects with the version of their schema.

A message says what to look at, never what to do: everything is read again when it is handled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from shared.core.model.ids import PROFILE_TYPE, RUN_TYPE, ResourceId
from shared.errors import InvalidInputError

EVALUATE_ESTATE = "evaluate-estate"
EVALUATE_PROFILE = "evaluate-profile"
WATCH_GATES = "watch-gates"
QUEUES = (EVALUATE_ESTATE, EVALUATE_PROFILE, WATCH_GATES)
"""The queues; the function that reads one has its name."""

POISON_SUFFIX = "-poison"
"""The Functions host moves a message that failed too often to the queue with this suffix."""

SCHEMA_VERSION = 1
TRACE_PARENT = "traceparent"
"""The trace that the work continues; absent without one."""

_VERSION, _PROFILE_ID, _RUN_ID = "schemaVersion", "profileId", "runId"

Message = Mapping[str, object]
"""The content of a message with a known schema version; its other properties are not checked yet."""


def write_message(trace_parent: str, about: Mapping[str, str] | None = None) -> str:
    """The text of a message."""
    content: dict[str, object] = {_VERSION: SCHEMA_VERSION, **(about or {})}
    if trace_parent:
        content[TRACE_PARENT] = trace_parent
    return json.dumps(content)


def about_profile(profile_id: ResourceId) -> Mapping[str, str]:
    """What a message about a profile has besides version and trace."""
    return {_PROFILE_ID: profile_id.text}


def about_run(run_id: ResourceId) -> Mapping[str, str]:
    """What a message about an update run has besides version and trace."""
    return {_RUN_ID: run_id.text}


def read_message(body: bytes) -> Message:
    """Read a message.

    Raises:
        InvalidInputError: it is not a JSON object, or its schema has another version.
    """
    try:
        content: object = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInputError("message", body, "a JSON object") from None
    if not isinstance(content, Mapping):
        raise InvalidInputError("message", content, "a JSON object")
    version = content.get(_VERSION)
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise InvalidInputError(f"message.{_VERSION}", version, str(SCHEMA_VERSION))
    return content


def profile_of(message: Message) -> ResourceId:
    """The profile that a message is about.

    Raises:
        InvalidInputError: its id is missing or malformed.
    """
    return _id_in(message, _PROFILE_ID, PROFILE_TYPE)


def run_of(message: Message) -> ResourceId:
    """The update run that a message is about.

    Raises:
        InvalidInputError: its id is missing or malformed.
    """
    return _id_in(message, _RUN_ID, RUN_TYPE)


def _id_in(message: Message, name: str, kind: str) -> ResourceId:
    value = message.get(name)
    if not isinstance(value, str):
        raise InvalidInputError(f"message.{name}", value, "a resource id")
    return ResourceId.parse_of_type(value, kind, f"message.{name}")
