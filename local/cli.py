"""The commands of `./dev`."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from local.demo.arguments import add_demo_arguments
from local.paths import DEV, ROOT

_EXIT_CODES = "exit codes: 0 it went well, 1 it did not, 2 wrong usage, 130 interrupted"
_DESCRIPTION = """\
Runs the auto-upgrade engine and its tests on this machine; nothing is sent to Azure.
Everything needed is installed into .dev/ on first use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="./dev", description=_DESCRIPTION, epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add(commands, "demo", "play real AKS releases through the app and watch what it does", _demo, add_demo_arguments)
    _add(
        commands, "test", "lint, types and all tests; with arguments, pytest alone with them", _test, _pytest_arguments
    )
    _add(commands, "lint", "ruff, without changing anything", _lint)
    _add(commands, "format", "format all code, and mend what can be mended", _format)
    _add(commands, "types", "mypy, strict", _types)
    _add(commands, "lock", "choose the newest versions anew: requirements.txt and requirements-dev.txt", _lock)
    _add(commands, "clean", "remove .dev/, everything installed and written by these commands", _clean)
    options = parser.parse_args(arguments)
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
) -> None:
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if add_arguments is not None:
        add_arguments(command)
    command.set_defaults(run=run)


def _demo(options: argparse.Namespace) -> int:
    from local.demo.command import run_demo

    return run_demo(options)


def _pytest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="for example: tests/core -k stable")


def _test(options: argparse.Namespace) -> int:
    if options.pytest:
        return _python("pytest", *options.pytest)
    steps = (_lint, _types, lambda _: _python("pytest"))
    for step in steps:
        code = step(options)
        if code != 0:
            return code
    return 0


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
        "pyproject.toml",
    ]
    return _python(*compile_lock, "-o", "requirements.txt") or _python(
        *compile_lock, "--extra", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt"
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
