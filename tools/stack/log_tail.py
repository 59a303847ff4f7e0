"""Reads a log as it grows: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tools.json_value import JsonObject


class LogTail:
    """What a log has got since it was last read; from its beginning, or from its present end."""

    def __init__(self, file: Path, *, from_end: bool = False) -> None:
        self._file = file
        self._position = file.stat().st_size if from_end and file.exists() else 0

    def new_records(self) -> Iterator[JsonObject]:
        """The lines that are complete."""
        if not self._file.exists():
            return
        with self._file.open("rb") as log:
            log.seek(self._position)
            for line in log:
                if not line.endswith(b"\n"):
                    break  # still being written
                self._position += len(line)
                yield cast("JsonObject", json.loads(line))
