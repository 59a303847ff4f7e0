"""World files."""

from __future__ import annotations

from pathlib import Path

from tools.documents import DocumentError
from tools.emulator.world.checks import parse_world
from tools.emulator.world.model import World
from tools.emulator.yaml_document import YamlDocument


class WorldFile:
    """A world file that has been read and checked.

    Raises:
        DocumentError: it is not YAML, not a world, or names something that is not in it; says on which line.
        OSError: it cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._document = YamlDocument(file.read_bytes(), str(file))
        try:
            self.world: World = parse_world(self._document.value)
        except DocumentError as error:
            raise self.located(error) from None

    def located(self, error: DocumentError) -> DocumentError:
        """The error with file and line; an error that says already what it is about stays as it is."""
        if error.what is not None or error.path is None:
            return error
        return DocumentError(error.message, error.path, f"{self._file}:{self._document.line(error.path)}")


def read_world(file: Path) -> World:
    """Read a world file.

    Raises:
        DocumentError: see `WorldFile`.
        OSError: it cannot be read.
    """
    return WorldFile(file).world
