"""The command: reads, replays, prints; what is wrong goes to stderr, and nothing else goes there."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.errors import InvalidInputError, UserMustFixError
from tools.documents import DocumentError
from tools.releases import Timeline, load_timeline
from tools.replay.arguments import Arguments, read_arguments
from tools.replay.engine import replay
from tools.replay.history import History
from tools.replay.json_lines import json_lines
from tools.replay.scenario import Scenario
from tools.replay.scenario_options import make_profile, make_scenario

OK, WRONG_USAGE, INTERRUPTED = 0, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run the command; its exit code."""
    try:
        _run(read_arguments(arguments))
        sys.stdout.flush()
    except UserMustFixError as error:
        sys.stderr.write(f"./dev replay: {error.explanation}\n")
        return WRONG_USAGE
    except DocumentError as error:
        sys.stderr.write(f"./dev replay: {error}\n")
        return WRONG_USAGE
    except BrokenPipeError:
        # the reader has closed the pipe; nothing may remain to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return OK


def _run(arguments: Arguments) -> None:
    profile = make_profile(arguments)
    timeline = _load(arguments.timeline)
    scenario = make_scenario(arguments, profile, timeline)
    history = replay(scenario, timeline)
    if arguments.chart is not None:
        _draw(arguments.chart, scenario, history)
    if arguments.as_json:
        sys.stdout.writelines(f"{line}\n" for line in json_lines(history.runs))
    else:
        _print(arguments, scenario, timeline, history)


def _load(file: Path) -> Timeline:
    try:
        return load_timeline(file)
    except OSError as error:
        raise InvalidInputError("TIMELINE", str(file), f"a file that can be read ({error.strerror})") from error


def _draw(file: Path, scenario: Scenario, history: History) -> None:
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it logs about its caches when it is first imported
    from tools.replay.chart import draw_chart  # matplotlib takes longer to import than a replay lasts

    try:
        draw_chart(file, scenario, history)
    except OSError as error:
        raise InvalidInputError("--chart", str(file), f"a file that can be written ({error.strerror})") from error


def _print(arguments: Arguments, scenario: Scenario, timeline: Timeline, history: History) -> None:
    from tools.replay.report import ReportConsole, print_report  # rich takes longer to import than a replay lasts

    print_report(ReportConsole(), str(arguments.timeline), scenario, timeline, history)
    if arguments.chart is not None:
        sys.stdout.write(f"Chart: {arguments.chart}\n")
