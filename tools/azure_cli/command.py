"""`./dev az`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from tools.azure_cli.installation import AZURE_CLI
from tools.azure_cli.session import SignInError, command, environment, sign_in
from tools.tool_environment import InstallationError
from tools.up.record import NotUpError, UpRecord, read_record

_WITHOUT_STACK = frozenset({"version", "--version", "-v", "extension", "config", "find", "--help", "-h"})
"""First words of commands that ask no cloud anything."""


def run_az(arguments: Sequence[str]) -> int:
    """Become the Azure CLI, signed in to the stack that is up; returns only if that cannot be: 1.

    Commands that need no cloud run without a stack as well.
    """
    try:
        AZURE_CLI.install(lambda line: print(line, file=sys.stderr))
        record = _stack(arguments)
        if record is not None:
            sign_in(AZURE_CLI.python, record)
    except (InstallationError, NotUpError, SignInError) as error:
        print(f"az: {error}", file=sys.stderr)
        return 1
    return _become(command(AZURE_CLI.python, arguments), environment(record))


def _become(command_line: list[str], variables: dict[str, str]) -> NoReturn:
    """Go on as another program, whose exit code is then this one's."""
    os.execve(command_line[0], command_line, variables)  # noqa: S606 - no shell is meant to be in between


def _stack(arguments: Sequence[str]) -> UpRecord | None:
    """The stack that is up; None without one if the command needs none.

    Raises:
        NotUpError: it needs one.
    """
    try:
        return read_record()
    except NotUpError:
        asks_for_help = not arguments or not {"--help", "-h"}.isdisjoint(arguments)
        if asks_for_help or arguments[0] in _WITHOUT_STACK:
            return None
        raise
