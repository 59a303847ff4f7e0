"""`./dev time`."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

import httpx

from tools.stack.control import EmulatorControl, HostControl, as_text, as_time
from tools.stack.kept_process import StackError
from tools.up.moves import Move, MoveError, TimeMachine
from tools.up.record import NotUpError, UpRecord, read_record
from tools.up.turn import BusyError


def run_time(options: argparse.Namespace) -> int:
    """Show the time, after moving it if requested; 1 if it could not be."""
    try:
        record = read_record()
        with contextlib.ExitStack() as closing:
            emulator = EmulatorControl(record.endpoint, Path(record.ca_bundle))
            closing.callback(emulator.close)
            host = HostControl(record.function_app_url, "", "", "")  # moving time needs no key
            closing.callback(host.close)
            _run(options, record, emulator, host)
    except (NotUpError, MoveError, BusyError, StackError, httpx.HTTPError) as error:
        print(f"time: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace, record: UpRecord, emulator: EmulatorControl, host: HostControl) -> None:
    move = Move(options.to, options.next_release, options.speed)
    if move != Move():
        TimeMachine(emulator, host, Path(record.host_log)).move(move)
    _show(emulator, host)


def _show(emulator: EmulatorControl, host: HostControl) -> None:
    clock = emulator.clock()
    timer = host.next_timer_at(clock.now)
    upcoming = as_text(clock.next_event_at) if clock.next_event_at else "nothing is planned"
    print(f"now              {as_text(clock.now)}")
    print(f"speed            {describe_speed(clock.rate)}")
    print(f"next in Azure    {upcoming}")
    print(f"next timer       {as_text(timer) if timer else 'none'}")
    print(f"releases until   {as_text(as_time(emulator.state()['timelineEnd']))}")


def describe_speed(rate: float) -> str:
    """A rate in words."""
    if rate == 0:
        return "time stands still"
    for seconds, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if rate >= seconds:
            return f"{rate / seconds:g} {unit}{'' if rate == seconds else 's'} a second"
    if rate == 1:
        return "as fast as real time"
    return f"{rate:g} times as fast as real time"
