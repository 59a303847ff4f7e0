"""Logging: JSON lines to a file, and lines for people to stderr. Keys get into neither."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tools.host.context import current_invocation

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CODE = re.compile(r"([?&]code=)[^&\s\"'\\]+", re.IGNORECASE)
_SHORTEST_KEY = 16
_QUIET = ("azure", "httpx", "httpcore", "uvicorn", "urllib3", "asyncio")


class Redaction:
    """Removes keys, and every value of ``code=`` in a URL, from a text."""

    def __init__(self, keys: Iterable[str]) -> None:
        # A key shorter than this is a word like "master", chosen by hand: texts without it would be unreadable.
        self._keys = tuple(key for key in keys if len(key) >= _SHORTEST_KEY)

    def __call__(self, text: str) -> str:
        """Give the text without them."""
        for key in self._keys:
            text = text.replace(key, "***")
        return _CODE.sub(r"\1***", text)


class JsonLines(logging.Formatter):
    """One JSON object a record; ``fields`` are the attributes given by logging's ``extra=``."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Format as the reader of the log file expects it. ``at`` is wall-clock time."""
        current = current_invocation.get()
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "function": current.function if current else None,
            "invocationId": current.invocation_id if current else None,
            "fields": {name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(line, default=str))


class ForPeople(logging.Formatter):
    """Time, level, function, message."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(function)s%(message)s", "%H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Format one record, with the stack trace if there is one."""
        current = current_invocation.get()
        shown = logging.makeLogRecord(vars(record))
        # makeLogRecord copies: an attribute set on the record itself would end up among the JSON line's fields.
        shown.function = f"[{current.function}] " if current else ""
        return self._redact(super().format(shown))


def start_logging(file: Path, keys: Iterable[str]) -> None:
    """Send every record of level INFO and above to both places; libraries only from WARNING."""
    redact = Redaction(keys)
    lines = logging.FileHandler(file, encoding="utf-8")
    lines.setFormatter(JsonLines(redact))
    people = logging.StreamHandler(sys.stderr)
    people.setFormatter(ForPeople(redact))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(lines)
    root.addHandler(people)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
