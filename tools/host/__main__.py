"""``python -m tools.host``: serve a function app on this machine."""

import argparse
import asyncio
import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TextIO

from tools.host.app_loader import FunctionDefinition, load_functions
from tools.host.clock import Clock, RealClock, RemoteClock
from tools.host.errors import StartUpError
from tools.host.keys import HostKeys
from tools.host.log import start_logging
from tools.host.queue_options import QueueOptions, read_queue_options
from tools.host.server import build_host, serve
from tools.host.settings import read_route_prefix, read_settings

_log = logging.getLogger("tools.host")


def main() -> int:
    """Serve until a signal ends it. 1: the app or its settings cannot be served, the reason is on stderr."""
    arguments = _read_arguments()
    # Only the ready line goes to stdout; what the app prints is for people, like the log.
    ready, sys.stdout = sys.stdout, sys.stderr
    try:
        settings = read_settings(arguments.settings)
        start_logging(arguments.log, settings.keys.all())
        settings.to_environment()
        os.chdir(arguments.app_dir)  # as the real host's worker: an app may read files beside it
        prefix = read_route_prefix(arguments.app_dir)
        options = read_queue_options(arguments.app_dir)
        # Before the event loop, under which SIGINT would not interrupt an import.
        functions = load_functions(arguments.app_dir)
        asyncio.run(_run(arguments, settings.keys, functions, prefix, options, ready))
    except StartUpError as error:
        print(f"host: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # what a shell reports of a process that SIGINT ended
    return 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.host", description="Serves a Python v2 function app.")
    parser.add_argument("--app-dir", type=_path, required=True, help="the directory of function_app.py and host.json")
    parser.add_argument("--settings", type=_path, required=True, help='{"Values": {…}, "hostKeys": {…}}')
    parser.add_argument("--log", type=_path, required=True, help="JSON lines are appended to this file")
    parser.add_argument("--clock-url", help="the clock that timers follow; the machine's without it")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument(
        "--threads", type=_count, help="for functions that are not async; PYTHON_THREADPOOL_THREAD_COUNT"
    )
    parser.add_argument("--timer-status", type=_path, help="a file that remembers the runs of timers over a restart")
    return parser.parse_args()


def _path(text: str) -> Path:
    return Path(text).resolve()


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(text)
    return int(text)


async def _run(
    arguments: argparse.Namespace,
    keys: HostKeys,
    functions: list[FunctionDefinition],
    prefix: str,
    options: QueueOptions,
    ready: TextIO,
) -> None:
    clock = _clock(arguments.clock_url)
    try:
        host = await build_host(
            functions,
            keys,
            clock,
            prefix=prefix,
            queue_options=options,
            threads=arguments.threads or _threads_from_environment(),
            timer_status=arguments.timer_status,
            in_order=arguments.clock_url is not None,
        )
        listener = _listen(arguments.port)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def on_ready() -> None:
            print(_ready_line(url, keys, functions), file=ready, flush=True)
            _log.info("serving %d functions at %s", len(functions), url)
            host.start()

        # uvicorn takes these signals over, and at its end raises what it got once more for the handlers before it.
        # Until here they end the process at once, also while an app is slow to import.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        await serve(host, listener, on_ready)
        await host.close()
    finally:
        await clock.close()


def _listen(port: int) -> socket.socket:
    # said to be TCP, or asyncio leaves Nagle's algorithm on: 40 ms a request
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise StartUpError(f"port {port} cannot be listened on: {error.strerror}") from error
    return listener


def _clock(url: str | None) -> Clock:
    if url is None:
        return RealClock()
    bundle = os.environ.get("AUTO_UPGRADE_CA_BUNDLE")
    try:
        return RemoteClock(url, Path(bundle) if bundle else None)
    except OSError as error:  # ssl's errors are, too
        raise StartUpError(f"AUTO_UPGRADE_CA_BUNDLE: {bundle} holds no certificates: {error}") from error


def _threads_from_environment() -> int:
    text = os.environ.get("PYTHON_THREADPOOL_THREAD_COUNT", "1")
    try:
        return _count(text)
    except ValueError as error:
        raise StartUpError(f"PYTHON_THREADPOOL_THREAD_COUNT must be a number from 1, not {text!r}") from error


def _ready_line(url: str, keys: HostKeys, functions: list[FunctionDefinition]) -> str:
    line = {
        "url": url,
        "masterKey": keys.master,
        "functionKey": keys.function,
        "eventGridKey": keys.event_grid,
        "functions": [{"name": function.name, "trigger": function.trigger_type} for function in functions],
    }
    return json.dumps(line)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    # The interpreter would wait for threads that still run a function, for as long as they take.
    os._exit(code)
