"""Rows of telemetry, as Log Analytics would have them, and what tests look for in them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from tools.json_value import JsonObject

PATIENCE_SECONDS = 60.0
"""For what is sent in the background: the host's own request comes after everything the app reported."""


class Telemetry:
    """The rows that have arrived so far."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def rows(self, table: str) -> list[JsonObject]:
        """Those of a table."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        rows = (cast("JsonObject", json.loads(line)) for line in lines)
        return [row for row in rows if row["Table"] == table]

    def events(self, name: str) -> list[JsonObject]:
        """The custom events of a name."""
        return [row for row in self.rows("AppEvents") if row["Name"] == name]

    def properties(self, name: str) -> list[JsonObject]:
        """The properties of the custom events of a name."""
        return [cast("JsonObject", row["Properties"]) for row in self.events(name)]

    def spans(self, operation_id: str) -> set[str]:
        """The names of the app's own spans in a trace."""
        own = (row for row in self.rows("AppDependencies") if row["OperationId"] == operation_id)
        return {str(row["Name"]) for row in own if row["DependencyType"] == "InProc"}

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Until something is true of the rows."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, "the telemetry did not arrive"
            time.sleep(0.05)
