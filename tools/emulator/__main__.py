"""`python -m tools.emulator`: see `--help`."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tools.documents import DocumentError
from tools.emulator.app import Emulator, Options
from tools.emulator.arm.values import parse_time
from tools.emulator.server import serve
from tools.emulator.tls import make_certificates
from tools.emulator.world import WorldFile
from tools.releases import ROLLOUT_DAYS, load_timeline

_ABOUT = """\
A stand-in for Azure on this machine: ARM with Fleet Manager and AKS, Resource Graph, Event Grid, managed identity and
the AKS release tracker, on one TLS port, in simulated time. Releases arrive as the timeline dates them, region by
region. When it is ready it prints one line of JSON with where it is, and ends on Ctrl-C or SIGTERM.
"""
_EXAMPLES = """\
example:
  python -m tools.emulator --world tools/emulator/worlds/demo.yaml \\
    --timeline tools/data/aks-release-timeline.json --state-dir .dev/azure

then, with the endpoint and caBundle it printed:
  curl --cacert $CA $ENDPOINT/emulator/clock                       what time it is, and when something happens next
  curl --cacert $CA $ENDPOINT/emulator/clock -d '{"to": "2025-07-01T00:00:00Z"}'     let time pass
  curl --cacert $CA "$ENDPOINT/emulator/journal?after=0"           what has happened
  curl --cacert $CA $ENDPOINT/emulator/state                       fleets, clusters, runs
  curl --cacert $CA -X PUT $ENDPOINT/emulator/faults -d '{"faults": [{"path": "updateRuns", "action": "lostResponse"}]}'
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator; the exit code is 2 for a world, timeline or directory that cannot be used."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    gc.disable()  # of the many objects of a large world none is garbage: looking for it takes longer than the rest
    try:
        emulator = _emulator(options)
        certificates = make_certificates(options.state_dir / "tls")
    except (DocumentError, OSError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    finally:
        gc.enable()
    gc.freeze()
    serve(emulator, certificates, lambda line: print(line, flush=True), options.port)
    gc.unfreeze()  # else DuckDB complains, at the very end, about what was never let go
    return 0


def _emulator(options: argparse.Namespace) -> Emulator:
    file = WorldFile(options.world)
    try:
        return Emulator(
            Options(
                world=file.world,
                timeline=load_timeline(options.timeline),
                start=options.start,
                rate=options.rate,
                rollout_days=options.rollout_days,
                request_log=options.request_log,
                telemetry=options.telemetry,
                clock_file=options.clock_file,
                throttle=options.throttle,
                refuse_unknown=options.refuse_unknown,
            )
        )
    except DocumentError as error:
        raise file.located(error) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.emulator",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--world", type=Path, required=True, metavar="FILE", help="YAML: regions, fleets, members, profiles, faults"
    )
    parser.add_argument("--timeline", type=Path, required=True, metavar="FILE", help="JSON: what AKS released when")
    parser.add_argument(
        "--state-dir", type=Path, required=True, metavar="DIR", help="where the certificates go, in DIR/tls"
    )
    parser.add_argument(
        "--start",
        type=_time,
        metavar="TIME",
        help="ISO 8601; default: what the world says, or where the timeline begins",
    )
    parser.add_argument(
        "--rate", type=_rate, default=0.0, help="simulated seconds a second; 0 (default): time moves only by request"
    )
    parser.add_argument(
        "--rollout-days",
        type=_days,
        default=ROLLOUT_DAYS,
        metavar="N",
        help="business days until a release has reached the last region (default: %(default)s)",
    )
    parser.add_argument(
        "--throttle", action="store_true", help="the documented rate limits of ARM and Resource Graph, in real time"
    )
    parser.add_argument(
        "--refuse-unknown", action="store_true", help="properties that Azure's specification does not have get 400"
    )
    parser.add_argument("--request-log", type=Path, metavar="FILE", help="a line of JSON for each request goes there")
    parser.add_argument(
        "--telemetry", type=Path, metavar="FILE", help="take telemetry of apps, and write it there as rows of JSON"
    )
    parser.add_argument("--clock-file", type=Path, metavar="FILE", help="keep the time there as JSON, for apps to read")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; default: a free one")
    return parser


def _time(text: str) -> datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time in ISO 8601") from error


def _rate(text: str) -> float:
    return _number(text, float(text) if text.replace(".", "", 1).isdecimal() else -1.0)


def _days(text: str) -> int:
    return int(_number(text, int(text) if text.isdecimal() else -1))


def _number(text: str, value: float) -> float:
    if value < 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0 on")
    return value


if __name__ == "__main__":
    sys.exit(main())
