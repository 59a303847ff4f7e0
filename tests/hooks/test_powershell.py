"""The hooks for PowerShell, which tests cannot run everywhere, read like those for sh: the same calls and sentences."""

import re
from collections import Counter

import pytest

from tests.hooks.hook import HOOKS, SCRIPTS


def calls(text: str) -> Counter[tuple[str, tuple[str, ...]]]:
    """The commands of the Azure CLI in a script, with the options of each."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r" [\\`]\n\s*", " ", code)
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for line in joined.splitlines():
        for match in re.finditer(r"(?:^|[(=]|if |\+=)\s*az((?: [a-z][a-z-]+)+) (--.*)$", line.lstrip()):
            found[match[1].strip(), tuple(re.findall(r"(?<= )--[a-z-]+|^--[a-z-]+", match[2]))] += 1
    return found


def queries(text: str) -> Counter[str]:
    """The JMESPath expressions of a script, without the names of variables, which differ."""
    found = re.findall(r'"((?:length\(|\[\?|\[\]|value\[|tables\[)[^"]*)"', text)
    return Counter(re.sub(r"\$(?:\{?env:)?\w+\}?", "$", query) for query in found)


def sentences(text: str) -> set[str]:
    """The first words of what a script says to the person, up to the first variable."""
    found = re.findall(
        r"""(?:say|fail|problem|cannot_read"""
        r"""|Write-Sentence|Stop-Hook|Add-Problem|Assert-Read|Assert-Az) ["']([^"'$]+)""",
        text,
    )
    return {sentence.strip() for sentence in found}


def both(hook: str) -> tuple[str, str]:
    return (SCRIPTS / f"{hook}.sh").read_text(), (SCRIPTS / f"{hook}.ps1").read_text()


@pytest.mark.parametrize("hook", [*HOOKS, "common"])
def test_both_call_the_azure_cli_alike(hook: str) -> None:
    posix, powershell = map(calls, both(hook))

    assert sum(posix.values()) > 0
    assert powershell == posix


@pytest.mark.parametrize("hook", HOOKS)
def test_both_select_the_same_from_answers(hook: str) -> None:
    posix, powershell = map(queries, both(hook))

    assert powershell == posix


@pytest.mark.parametrize("hook", [*HOOKS, "common"])
def test_both_say_the_same(hook: str) -> None:
    posix, powershell = map(sentences, both(hook))

    assert powershell == posix
