"""`./dev infra-check` says which compiler it uses, what it could not check, and ends with a code for each case."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.infra.test_compiler import answering, put_compiler
from tools.checks.infra import command
from tools.checks.infra.command import NOT_CHECKED, PROBLEMS, SOUND, run_infra_check
from tools.checks.infra.compiler import HOW_TO_GET
from tools.tool_environment import InstallationError


def check(environment: Mapping[str, str], *, renew: bool = False) -> int:
    return run_infra_check(renew=renew, environment=environment)


@pytest.fixture(scope="module")
def read() -> list[str]:
    """What is wrong with the files in the repository, found once for all tests."""
    return list(command._read())


@pytest.fixture(autouse=True)
def read_once(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_read", lambda: read)


@pytest.fixture
def without_checkov(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests run Checkov."""
    monkeypatch.setattr(command, "_scanned", list)


@pytest.mark.usefixtures("without_checkov")
def test_without_a_compiler_it_says_how_to_get_one_and_what_is_unchecked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = check({"PATH": "", "HOME": str(tmp_path)})

    said = capsys.readouterr()
    assert (code, said.out.endswith("; 0 problems\n")) == (NOT_CHECKED, True)
    assert "infra-check: not checked: whether the templates compile" in said.err
    assert HOW_TO_GET in said.err


@pytest.mark.usefixtures("without_checkov")
def test_a_compiler_that_is_not_where_it_is_said_to_be_is_not_replaced_by_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check({"BICEP": "/nowhere/bicep"}) == NOT_CHECKED
    assert "BICEP names /nowhere/bicep, which is not there" in capsys.readouterr().err


def test_without_checkov_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> list[str]:
        raise InstallationError("no network")

    monkeypatch.setattr(command, "_scanned", fail)

    assert check({"PATH": "", "HOME": str(tmp_path)}) == NOT_CHECKED
    assert "infra-check: not checked: what Checkov finds: no network" in capsys.readouterr().err


def test_a_problem_weighs_more_than_what_is_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_scanned", lambda: ["default: a fault"])

    assert check({"PATH": "", "HOME": str(tmp_path)}) == PROBLEMS
    assert capsys.readouterr().out.startswith("default: a fault\n")


@pytest.mark.usefixtures("without_checkov")
def test_with_a_compiler_it_says_which_and_hands_on_what_it_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_compiled", lambda *_, renew: ["renewed"] if renew else [])
    compiler = put_compiler(tmp_path / "new", answering("0.100.0"))
    environment = {"BICEP": str(compiler)}

    assert (check(environment), check(environment, renew=True)) == (SOUND, PROBLEMS)
    said = capsys.readouterr()
    assert said.out.splitlines()[1] == "renewed"
    assert f"infra-check: Bicep 0.100.0, found by BICEP: {compiler}\n" in said.err
