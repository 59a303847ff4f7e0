"""`./dev up`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import httpx
import psutil

from tools.demo.narrator import Narrator
from tools.stack.control import as_text
from tools.stack.kept_process import StackError
from tools.stack.stack import Stack, StackOptions
from tools.up.browser import PAGE_FILE, open_page
from tools.up.follower import Follower
from tools.up.moves import MoveError, TimeMachine
from tools.up.options import UpOptions
from tools.up.record import RECORD, SHELL, UpRecord, exports, remove_record, write_private, write_record
from tools.up.time_command import describe_speed
from tools.up.trust import write_trust
from tools.up.turn import BusyError, only_one

SETTINGS: Mapping[str, str] = {
    "AUTO_UPGRADE_DETECT_SCHEDULE": "0 0 */12 * * *",
    "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 15 6 * * *",
    "AUTO_UPGRADE_WATCH_SCHEDULE": "0 30 */6 * * *",
}
"""Timers that run less often than in Azure, so that moving time by weeks takes seconds."""

_LISTEN_SECONDS = 1.0
_TERMINATED = 128 + signal.SIGTERM


def run_up(options: UpOptions) -> int:
    """Start the stack and stay; returns only if it could not start, or a part of it ended."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    try:
        with only_one("up", _busy()):
            return _run(options)
    except (BusyError, StackError, MoveError, httpx.HTTPError) as error:
        print(f"up: {error}", file=sys.stderr)
        return 1


def _end(_: int, __: FrameType | None) -> None:
    raise SystemExit(_TERMINATED)


def _busy() -> str:
    return f"a stack is up already, see {RECORD}; end it with Ctrl-C in its terminal, or move its time: ./dev time"


def _run(options: UpOptions) -> int:
    for port in (options.port, options.port + 1) if options.port else ():
        if not _is_free(port):
            raise StackError(f"port {port} is taken")
    stack_options = StackOptions(
        world=options.world,
        timeline=options.timeline,
        start=options.start,
        port=options.port,
        request_log=options.request_log,
        throttle=options.throttle,
        telemetry=options.telemetry,
        settings={**SETTINGS, **options.settings},
    )
    with Stack(stack_options) as stack:
        record = _record(stack, options.world)
        try:
            write_record(record)
            TimeMachine(stack.emulator, stack.host, stack.log_file()).move(options.move)
            _tell(record, stack)
            if options.browser:
                open_page(stack.host.page_address(with_key=True), stack.directory / PAGE_FILE)
            return _stay(stack)
        finally:
            remove_record()


def _record(stack: Stack, world: Path) -> UpRecord:
    key, header = stack.directory / "function-key", stack.directory / "identity-header"
    write_private(key, stack.host.function_key)
    write_private(header, stack.identity["IDENTITY_HEADER"])
    trust = stack.directory / "trusted-ca.pem"
    write_trust(trust, stack.ca_bundle)
    return UpRecord(
        pid=os.getpid(),
        started_at=psutil.Process().create_time(),
        endpoint=stack.emulator.endpoint,
        ca_bundle=str(trust),
        identity_endpoint=stack.identity["IDENTITY_ENDPOINT"],
        identity_header=stack.identity["IDENTITY_HEADER"],
        identity_header_file=str(header),
        function_app_url=stack.host.url,
        function_key_file=str(key),
        subscription=stack.subscription.id,
        tenant=stack.subscription.tenant_id,
        world=str(world),
        host_log=str(stack.log_file()),
    )


def _tell(record: UpRecord, stack: Stack) -> None:
    """Facts for a person go to standard error, lines for a shell to standard output, where they can be piped.

    The key is shown to a terminal only: standard error can lead to a file, which must not contain secrets.
    """
    clock = stack.emulator.clock()
    is_seen = sys.stderr.isatty()
    key = stack.host.function_key if is_seen else f"in {record.function_key_file}"
    facts = {
        "ARM endpoint": record.endpoint,
        "CA bundle": record.ca_bundle,
        "Subscription": record.subscription,
        "Function app": record.function_app_url,
        "its key": key,
        "Status page": stack.host.page_address(with_key=is_seen),
        "its log": record.host_log,
        **({"its telemetry": str(stack.telemetry_file)} if stack.options.telemetry else {}),
        "Time": f"{as_text(clock.now)}, {describe_speed(clock.rate)}",
    }
    for name, value in facts.items():
        print(f"{name:<14} {value}", file=sys.stderr)
    print(f"\nFor a shell, or in another terminal `source {SHELL}`:\n", file=sys.stderr)
    print(exports(record), flush=True)
    print(f"Ctrl-C or `kill -INT {record.pid}` ends the stack. What happens from here on:", file=sys.stderr)


def _stay(stack: Stack) -> int:
    """Print what happens until a part of the stack ends, or a signal ends this."""
    now = stack.emulator.clock().now
    follower = Follower(stack.emulator, stack.log_file(), Narrator(None, now, now, for_machines=True))
    while (ended := stack.ended_process()) is None:
        with contextlib.suppress(httpx.TransportError):  # the emulator has just ended, which is seen next
            follower.listen(_LISTEN_SECONDS)
    print(f"up: {ended.name} has ended; its log: {ended.log}", file=sys.stderr)
    return 1


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
