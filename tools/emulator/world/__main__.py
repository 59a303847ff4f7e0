"""`python -m tools.emulator.world`: write the schema of world files to where editors find it."""

from __future__ import annotations

import json
from pathlib import Path

from tools.emulator.world.schema import WORLD

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "worlds" / "world.schema.json"


def schema_text() -> str:
    """The schema as the file has it."""
    return json.dumps(WORLD, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
