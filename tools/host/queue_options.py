"""What ``host.json`` says about queue triggers, under ``extensions.queues``; the defaults are the real host's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tools.host.errors import StartUpError
from tools.host.settings import read_object
from tools.json_value import Json

_SPAN = re.compile(r"(\d\d):(\d\d):(\d\d)")
_MOST_AT_ONCE = 32
"""The most messages that Queue Storage gives at once."""


@dataclass(frozen=True)
class QueueOptions:
    """How messages are received, and what becomes of those whose function fails."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    visibility_timeout: timedelta = timedelta(0)
    """After how long a message whose function failed is visible again."""
    max_polling_interval: timedelta = timedelta(minutes=1)
    """The longest time between two polls."""


def read_queue_options(app_dir: Path) -> QueueOptions:
    """Read them.

    Raises:
        StartUpError: one cannot be read, or messages are encoded in a way that this host does not serve.
    """
    file = app_dir / "host.json"
    extensions = read_object(file).get("extensions")
    queues = extensions.get("queues", {}) if isinstance(extensions, dict) else {}
    if not isinstance(queues, dict):
        raise StartUpError(f"{file}: extensions.queues must be an object")
    if queues and queues.get("messageEncoding") != "none":
        raise StartUpError(f'{file}: extensions.queues.messageEncoding: this host serves "none" alone')
    batch = _number(queues, "batchSize", QueueOptions.batch_size, _MOST_AT_ONCE, file)
    return QueueOptions(
        batch_size=batch,
        new_batch_threshold=_number(queues, "newBatchThreshold", batch // 2, 1000, file),
        max_dequeue_count=_number(queues, "maxDequeueCount", QueueOptions.max_dequeue_count, 1000, file),
        visibility_timeout=_span(queues, "visibilityTimeout", QueueOptions.visibility_timeout, file),
        max_polling_interval=_span(queues, "maxPollingInterval", QueueOptions.max_polling_interval, file),
    )


def _number(queues: Mapping[str, Json], name: str, default: int, most: int, file: Path) -> int:
    value = queues.get(name, default)
    if not isinstance(value, int) or not 0 <= value <= most:
        raise StartUpError(f"{file}: extensions.queues.{name} must be a number up to {most}")
    return value


def _span(queues: Mapping[str, Json], name: str, default: timedelta, file: Path) -> timedelta:
    if name not in queues:
        return default
    found = _SPAN.fullmatch(str(queues[name]))
    if found is None:
        raise StartUpError(f"{file}: extensions.queues.{name} must be hours:minutes:seconds")
    hours, minutes, seconds = map(int, found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
