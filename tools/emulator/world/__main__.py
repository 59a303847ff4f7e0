"""`python -m tools.emulator.world`: writes the JSON schema of world files to the place where editors find it."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema

from tools.emulator.world.model import World

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "worlds" / "world.schema.json"


class _Schema(GenerateJsonSchema):
    """Without a title for each property, which would only repeat its key."""

    def field_title_should_be_set(self, _: object) -> bool:
        """Never."""
        return False


def schema_text() -> str:
    """The content of the schema file."""
    schema = World.model_json_schema(schema_generator=_Schema)
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **schema}, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
