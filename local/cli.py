"""The commands of `./dev`."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from local.demo.arguments import add_demo_arguments
from local.infra import arguments as infra_check
from local.paths import DEV, ROOT
from local.up.arguments import (
    TIME_ABOUT,
    TIME_EXAMPLES,
    UP_ABOUT,
    UP_EXAMPLES,
    add_time_arguments,
    add_up_arguments,
)

_REPLAY = "replay"
_AZ = "az"
_CORE_TESTS = "tests/core"
_EXIT_CODES = "exit codes: 0 it went well, 1 it did not, 2 wrong usage, 130 interrupted"
_DESCRIPTION = """\
Runs the auto-upgrade engine and its tests on this machine; nothing is sent to Azure.
Everything needed is installed into .dev/ on first use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="./dev", description=_DESCRIPTION, epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add(commands, "demo", "play real AKS releases through the app and watch what it does", _demo, add_demo_arguments)
    _add(
        commands,
        "up",
        "Azure and the app on this machine, to try things with",
        _up,
        add_up_arguments,
        UP_ABOUT,
        UP_EXAMPLES,
    )
    _add(
        commands,
        "time",
        "show the time of what is up, or move it",
        _time,
        add_time_arguments,
        TIME_ABOUT,
        TIME_EXAMPLES,
    )
    _add(commands, _AZ, "the real Azure CLI, signed in to what is up; installed on first use, 700 MB", _az)
    _add(commands, _REPLAY, "list every run the core would have generated over dated AKS releases", _replay)
    _add(
        commands,
        "test",
        "lint, types and all tests, every branch of the core; with arguments, pytest alone",
        _test,
        _pytest_arguments,
    )
    _add(commands, "mutate", "change the core in small ways, and list what no test notices", _mutate, _mutate_arguments)
    _add(commands, "core", "the core's tests, and that they take every branch of it", _core)
    _add(
        commands,
        "infra-check",
        "the templates that deploy the app, compiled and evaluated; Checkov on first use, 190 MB",
        _infra_check,
        infra_check.add_infra_check_arguments,
        infra_check.ABOUT,
        infra_check.EPILOG,
    )
    _add(commands, "lint", "ruff, without changing anything", _lint)
    _add(commands, "kql-check", "the queries of the alerts and the workbook, by Microsoft's own parser", _kql_check)
    _add(commands, "format", "format all code, and mend what can be mended", _format)
    _add(commands, "types", "mypy, strict", _types)
    _add(commands, "lock", "choose the newest versions anew: requirements.txt and requirements-dev.txt", _lock)
    _add(commands, "clean", "remove .dev/, everything installed and written by these commands", _clean)
    passing_on = {_REPLAY: _replay, _AZ: _az}  # whose own options are not read here
    if given and given[0] in passing_on:
        options = argparse.Namespace(command=given[0], run=passing_on[given[0]], passed_on=given[1:])
    else:
        options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return 0
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
    add_arguments: Callable[[argparse.ArgumentParser], None] | None = None,
    about: str | None = None,
    epilog: str = _EXIT_CODES,
) -> None:
    command = commands.add_parser(
        name,
        help=summary,
        description=about or f"{summary[0].upper()}{summary[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if add_arguments is not None:
        add_arguments(command)
    command.set_defaults(run=run)


def _demo(options: argparse.Namespace) -> int:
    from local.demo.command import run_demo

    return run_demo(options)


def _up(options: argparse.Namespace) -> int:
    from local.up.command import run_up

    return run_up(options)


def _time(options: argparse.Namespace) -> int:
    from local.up.time_command import run_time

    return run_time(options)


def _az(options: argparse.Namespace) -> int:
    from local.azure_cli.command import run_az

    return run_az(options.passed_on)


def _replay(options: argparse.Namespace) -> int:
    """Pass the arguments on as they are; files among them are meant from where the person stands."""
    command = [sys.executable, "-P", "-m", "replay", *options.passed_on]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, check=False).returncode


def _pytest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="for example: tests/core -k stable")


def _test(options: argparse.Namespace) -> int:
    if options.pytest:
        return _python("pytest", *options.pytest)
    steps = (_lint, _types, _core, lambda _: _python("pytest", f"--ignore={_CORE_TESTS}"))
    for step in steps:
        code = step(options)
        if code != 0:
            return code
    return 0


def _core(_: argparse.Namespace) -> int:
    """The core's tests, and that they take every branch of it: one that nobody takes is decided by luck."""
    data = f"--data-file={DEV / 'coverage'}"
    tested = _python("coverage", "run", data, "--source=shared/core", "-m", "pytest", _CORE_TESTS)
    return tested or _python("coverage", "report", data, "--show-missing", "--skip-covered", "--fail-under=100")


def _mutate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pattern", nargs="?", help="only these mutants, for example: 'shared.core.channels.*'")


def _mutate(options: argparse.Namespace) -> int:
    from local.mutation import run_mutation

    return run_mutation(options.pattern)


def _infra_check(options: argparse.Namespace) -> int:
    from local.infra.command import run_infra_check

    return run_infra_check(options)


def _kql_check(_: argparse.Namespace) -> int:
    from local.kusto.command import run_kql_check

    return run_kql_check()


def _lint(_: argparse.Namespace) -> int:
    return _python("ruff", "check", "--quiet", ".") or _python("ruff", "format", "--quiet", "--check", ".")


def _format(_: argparse.Namespace) -> int:
    return _python("ruff", "check", "--quiet", "--fix", ".") or _python("ruff", "format", "--quiet", ".")


def _types(_: argparse.Namespace) -> int:
    return _python("mypy")


def _lock(_: argparse.Namespace) -> int:
    compile_lock = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
    compile_lock += [
        "--python-version",
        "3.11",
        "--upgrade",
        "--custom-compile-command",
        "./dev lock",
    ]
    project = [*compile_lock, "pyproject.toml"]
    azure_cli = "local/azure_cli/requirements"
    return (
        _python(*project, "-o", "requirements.txt")
        or _python(*project, "--extra", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt")
        or _python(*compile_lock, f"{azure_cli}.in", "-o", f"{azure_cli}.txt")
    )


def _clean(_: argparse.Namespace) -> int:
    shutil.rmtree(DEV, ignore_errors=True)
    return 0


def _python(module: str, *arguments: str) -> int:
    """Run a module of the environment in the checkout; its exit code."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
