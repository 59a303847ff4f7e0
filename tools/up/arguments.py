"""The options of `./dev up` and `./dev time`."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from tools.paths import DEMO_WORLD, TIMELINE, WORLDS

UP_ABOUT = """\
Starts Azure on this machine with the app in it, and stays until Ctrl-C. Prints where ARM, the Function app and its key
are, and prints lines to paste into a shell; `source .dev/up.env` in another terminal does the same. What happens is
shown as it happens. Time stands still unless --speed lets it run or ./dev time moves it; the app's timers follow it."""
UP_EXAMPLES = """\
examples:
  ./dev up                                        the demo's fleets, on 1 January 2025
  ./dev up --start 2026-03-01 --speed 1h/s        later, and an hour every second
  ./dev up --to 2025-06-30                        first everything up to then, then stay there
  ./dev up --world small --port 8443              other fleets; ARM on port 8443, the app on 8444
  ./dev up --setting AUTO_UPGRADE_DETECT_SCHEDULE='0 */10 * * * *'

Then, in another terminal: ./dev az …, ./dev time …, or curl. docs/local.md shows how.

exit codes: 130 or 143 when it is ended, by Ctrl-C or a signal; 1 it could not start, or a part of it ended;
2 wrong usage"""
TIME_ABOUT = """\
Shows the time of the stack that ./dev up started, or moves it. On the way everything happens when it is due: releases
arrive, the app's timers run, upgrades end; time continues when each is done and shown."""
TIME_EXAMPLES = """\
examples:
  ./dev time                      what time it is, and what happens next
  ./dev time --next-release       to the next moment at which a region gets something new
  ./dev time --to 2025-06-30      to a date; with a time of day: 2025-06-30T12:00Z
  ./dev time --speed 1h/s         let it run, an hour every second; --speed 0 stops it

exit codes: 0 it is done, 1 it could not be, or no stack is up, 2 wrong usage, 130 interrupted on the way"""

_SPEED = re.compile(r"(\d+(?:\.\d+)?)(?:([smhd])/s)?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def add_up_arguments(parser: argparse.ArgumentParser) -> None:
    """Add those of `./dev up`."""
    parser.add_argument(
        "--world",
        type=_world,
        default=DEMO_WORLD,
        metavar="FILE",
        help="fleets, or the name of one in tools/emulator/worlds",
    )
    parser.add_argument("--timeline", type=_file, default=TIMELINE, metavar="FILE", help="other releases, same format")
    parser.add_argument(
        "--start", type=moment, metavar="TIME", help="when it begins; default: as the world or the timeline says"
    )
    _add_moves(parser)
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="ARM's; the Function app gets the next one")
    parser.add_argument(
        "--request-log", type=_new_file, metavar="FILE", help="every request goes there, a line of JSON each"
    )
    parser.add_argument("--throttle", action="store_true", help="enforce ARM's rate limits")
    parser.add_argument(
        "--telemetry",
        action="store_true",
        help="the app sends telemetry; its rows go to a file, as Log Analytics has them",
    )
    parser.add_argument(
        "--setting", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="an app setting; repeatable"
    )


def add_time_arguments(parser: argparse.ArgumentParser) -> None:
    """Add those of `./dev time`."""
    _add_moves(parser)


def _add_moves(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--to", type=moment, metavar="DATE", help="move time to a date, or a time in ISO 8601")
    where.add_argument("--next-release", action="store_true", help="move time to the next release in any region")
    parser.add_argument(
        "--speed", type=speed, metavar="N", help="then let time run: 1h/s, 30m/s, 1d/s, or seconds a second; 0 stops it"
    )


def moment(text: str) -> datetime:
    """A date or a time in ISO 8601, in UTC unless it says otherwise."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no time; give one such as 2025-06-30 or 2025-06-30T12:00Z"
        ) from None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def speed(text: str) -> float:
    """Simulated seconds a second: `3600`, or as `1h/s`."""
    read = _SPEED.fullmatch(text)
    if read is None:
        raise argparse.ArgumentTypeError(f"{text} is no speed; give one such as 1h/s, 30m/s, 1d/s or 60")
    return float(read[1]) * _UNITS[read[2] or "s"]


def _world(text: str) -> Path:
    named = WORLDS / f"{text}.yaml"
    return named if named.is_file() else _file(text)


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return path.resolve()


def _new_file(text: str) -> Path:
    path = Path(text).resolve()
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text}: no such directory")
    return path


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) < 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give one from 1024 to 65534")
    return int(text)


def _setting(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise argparse.ArgumentTypeError(f"{text} is no setting; give NAME=VALUE")
    return name, value
