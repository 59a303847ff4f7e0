"""`./dev explain` as a person meets it: what it prints, where, and its exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from shared.decision_json import decision_json
from tests.app.azure.bodies import UBUNTU, fleet
from tests.tools.explain.facts import changed, facts
from tools.cli import main
from tools.explain.command import explain
from tools.explain.document import read_facts


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Facts whose fleet has a freeze."""
    monkeypatch.setenv("COLUMNS", "120")
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts(fleet=fleet(**{"auto-upgrade.freeze": "2026-12-15/2027-01-05"}))))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main(["explain", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_json_is_what_the_preview_returns(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, out, err = run(capsys, file, "--json")

    decision = explain(read_facts(json.loads(file.read_text()), "facts"))
    assert (code, out, err) == (0, f"{json.dumps(decision_json(decision))}\n", "")


def test_a_person_sees_why(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, out, err = run(capsys, file)

    assert (code, err) == (0, "")
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[:6] == [
        "1 cluster is below 1.33.5.",
        "Generate, UpgradeDue",
        "",
        "Profile  rapid of fleet retail",
        "Time     2026-03-20 06:00:00 UTC",
        "Target   1.33.5",
    ]
    assert lines[6].startswith("Run      auto-rapid-rapid-1-33-5-")
    assert lines[6].endswith(", not generated")
    for row in (
        ("shop", "Upgrade", "BelowTarget", "Below 1.33.5."),
        ("freeze", "2026-12-15/2027-01-05", "tag auto-upgrade.freeze"),
        ("1.34.1", "Preview", "1.34 is a preview."),
        ("westus2", "1.34.1 (preview)", "AKSUbuntu-2204gen2containerd-202603.09.0"),
    ):
        assert any(all(part in line for part in row) for line in lines), row


def test_what_could_not_be_read_is_shown_in_its_place(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(json.dumps(changed("regions", "westus2", "kubernetesVersions", to={"unknown": "no [right]"})))

    code, out, _ = run(capsys, file)

    assert code == 0
    assert "Blocked, CatalogUnknown" in out
    assert any(line.startswith("westus2") and "no [right]" in line for line in out.splitlines())


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"properties": {}}, "AKSUbuntu-2204gen2containerd has no image any more"),
        ({"unknown": "no right to read"}, "no right to read"),
    ],
)
def test_a_family_without_an_image_is_not_one_that_could_not_be_read(
    capsys: pytest.CaptureFixture[str], file: Path, body: object, shown: str
) -> None:
    file.write_text(json.dumps(changed("regions", "westus2", "upgradeProfiles", to={UBUNTU: body})))

    _, out, _ = run(capsys, file)

    assert any(line.rstrip().endswith(shown) for line in out.splitlines())


def test_another_time_and_other_policies_may_be_assumed(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    _, frozen, _ = run(capsys, file, "--at", "2026-12-24")
    _, thawed, _ = run(capsys, file, "--at", "2026-12-24", "--policy", "freeze=none", "--policy", "retry=3")

    assert "Waiting, Freeze" in frozen
    assert "Time     2026-12-24 00:00:00 UTC" in frozen
    assert "Generate, UpgradeDue" in thawed
    assert "policy.freeze" in thawed
    assert "policy.retry" in thawed


def test_facts_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(file.read_text()))
    piped = run(capsys, "-", "--json")

    assert piped == run(capsys, file, "--json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"now": }', "line 1, column 9: is not JSON: Expecting value"),
        ("[" * 100_000, "is nested too deeply"),
        (json.dumps(facts(members=7)), "members: 7 is not of type 'array'"),
    ],
)
def test_facts_that_are_not_understood_are_a_failure_that_names_file_and_place(
    capsys: pytest.CaptureFixture[str], file: Path, text: str, message: str
) -> None:
    file.write_text(text)

    assert run(capsys, file) == (1, "", f"./dev explain: {file}: {message}\n")


def test_a_file_in_another_encoding_is_named(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_bytes(b"\xff\xfe{}")

    assert run(capsys, file) == (1, "", f"./dev explain: {file}: is not text in UTF-8\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--policy", "sook=P1D"), "the nearest is soak"),
        (("--policy", "retry=often"), "--policy retry is 'often'; expected a whole number from 0 to 10"),
        (("--policy", "soak"), "soak is no policy; give KEY=VALUE, such as soak=P7D"),
        (("--at", "tomorrow"), "tomorrow is no time"),
    ],
)
def test_wrong_usage_is_named(
    capsys: pytest.CaptureFixture[str], file: Path, options: tuple[str, str], message: str
) -> None:
    code, out, err = run(capsys, file, *options)

    assert (code, out) == (2, "")
    assert message in err


def test_a_file_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "nowhere.json") == (2, "", "./dev explain: nowhere.json: No such file or directory\n")
