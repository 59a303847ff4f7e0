"""The demo's options."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tools.paths import DEMO_WORLD, TIMELINE


def add_demo_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them to the command."""
    parser.add_argument("--timeline", type=_file, default=TIMELINE, metavar="FILE", help="other releases, same format")
    parser.add_argument(
        "--world", type=_file, default=DEMO_WORLD, metavar="FILE", help="other fleets (tools/emulator/worlds/)"
    )
    parser.add_argument("--until", type=_date, metavar="DATE", help="stop early, for example at 2025-06-30")
    parser.add_argument("--keep", action="store_true", help="leave the stack up at the end, and print its addresses")
    parser.add_argument("--json", action="store_true", help="print the summary as one JSON document for machines")


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return path.resolve()


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; give one such as 2025-06-30") from None
