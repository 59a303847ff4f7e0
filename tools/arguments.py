"""Kinds of values on the command line; each says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from tools.paths import WORLDS

_SPEED = re.compile(r"(\d+(?:\.\d+)?)(?:([smhd])/s)?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Kind(click.ParamType[object]):
    """What a function reads from a text.

    Args:
        name: stands for the value in the help.
        read: raises `ValueError` with what would be right.
    """

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The value; a default, which is no text, stays as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def moment(text: str) -> datetime:
    """A date or a time in ISO 8601, in UTC unless it says otherwise."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no time; give one such as 2025-06-30 or 2025-06-30T12:00Z") from None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def speed(text: str) -> float:
    """Simulated seconds a second: `3600`, or as `1h/s`."""
    read = _SPEED.fullmatch(text)
    if read is None:
        raise ValueError(f"{text} is no speed; give one such as 1h/s, 30m/s, 1d/s or 60")
    return float(read[1]) * _UNITS[read[2] or "s"]


def file(text: str) -> Path:
    """A file that exists."""
    path = Path(text)
    if not path.is_file():
        raise ValueError(f"{text}: no such file")
    return path.resolve()


def world(text: str) -> Path:
    """A world file, or the name of one in tools/emulator/worlds."""
    named = WORLDS / f"{text}.yaml"
    return named if named.is_file() else file(text)


def new_file(text: str) -> Path:
    """A file that can be written."""
    path = Path(text).resolve()
    if not path.parent.is_dir():
        raise ValueError(f"{text}: no such directory")
    return path


def port(text: str) -> int:
    """A port with a successor; the Function app listens on that."""
    if not text.isdecimal() or not 1024 <= int(text) < 65535:
        raise ValueError(f"{text} is no port; give one from 1024 to 65534")
    return int(text)


def setting(text: str) -> tuple[str, str]:
    """An app setting, as a name and a value."""
    name, found, value = text.partition("=")
    if not found or not name:
        raise ValueError(f"{text} is no setting; give NAME=VALUE")
    return name, value


def policy(text: str) -> tuple[str, str]:
    """A policy, as a key and a value."""
    key, found, value = text.partition("=")
    if not found or not key:
        raise ValueError(f"{text} is no policy; give KEY=VALUE, such as soak=P7D")
    return key, value


FILE = Kind("FILE", file)
WORLD = Kind("FILE", world)
NEW_FILE = Kind("FILE", new_file)
MOMENT = Kind("TIME", moment)
SPEED = Kind("N", speed)
PORT = Kind("N", port)
SETTING = Kind("NAME=VALUE", setting)
POLICY = Kind("KEY=VALUE", policy)

no_browser = click.option(
    "--no-browser", "browser", flag_value=False, default=True, help="Do not open the status page in a browser."
)
"""For commands that leave a stack up."""
