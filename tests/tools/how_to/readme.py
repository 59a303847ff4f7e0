"""The README's section "Try it": its commands, and what it says they print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.paths import ROOT

_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command, and the output that the README shows below it; nothing is said about it where it shows none."""

    command: str
    shown: tuple[str, ...] = ()


def blocks() -> list[list[Step]]:
    """The steps of each block of commands, in the README's order."""
    _, _, rest = (ROOT / "README.md").read_text().partition("\n## Try it\n")
    section, _, _ = rest.partition("\n## ")
    return [_steps(block) for block in _BLOCK.findall(section)]


def block_with(command: str) -> list[Step]:
    """The one block that has a command beginning like this."""
    [block] = [block for block in blocks() if any(step.command.startswith(command) for step in block)]
    return block


def _steps(block: str) -> list[Step]:
    steps: list[Step] = []
    for line in filter(str.strip, block.replace("\\\n", " ").splitlines()):
        if line.startswith("# "):
            steps[-1] = Step(steps[-1].command, (*steps[-1].shown, line.removeprefix("# ")))
        else:
            steps.append(Step(line))
    return steps
