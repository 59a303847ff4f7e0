"""The command as a person, or a program, meets it: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.replay.command import TIMELINE, run_anew, run_command
from tools.paths import ROOT

STABLE = ("--channel", "Stable")
FIRST_TWO_OF_RAPID = """\
{"at": "2025-01-18T02:06:04Z", "type": "ControlPlaneOnly", "kubernetesVersion": "1.31.3", "nodeImages": {}, \
"reason": "UpgradeDue"}
{"at": "2025-01-18T02:06:04Z", "type": "Full", "kubernetesVersion": "1.31.3", \
"nodeImages": {"AKSUbuntu-2204": "202501.12.0"}, "reason": "UpgradeDue"}""".splitlines()


def test_json_is_one_object_a_line_with_exactly_these_keys_and_nothing_else() -> None:
    done = run_command(TIMELINE, "--channel", "Rapid", "--policy", "split=control-plane-first", "--json")

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[:2] == FIRST_TWO_OF_RAPID
    assert {tuple(json.loads(line)) for line in lines} == {("at", "type", "kubernetesVersion", "nodeImages", "reason")}


def test_json_of_node_images_has_no_version() -> None:
    done = run_command(TIMELINE, "--channel", "NodeImage", "--json")

    assert json.loads(done.stdout.splitlines()[0]) == {
        "at": "2025-01-18T02:06:04Z",
        "type": "NodeImageOnly",
        "kubernetesVersion": None,
        "nodeImages": {"AKSUbuntu-2204": "202501.12.0"},
        "reason": "UpgradeDue",
    }


def test_the_same_command_prints_the_same() -> None:
    arguments = (TIMELINE, "--channel", "NodeImage", "--regions", "4", "--policy", "soak=P2D")

    assert run_command(*arguments).stdout == run_anew(arguments).stdout


def test_people_see_what_was_replayed_the_runs_and_a_summary_in_80_columns_without_colours() -> None:
    done = run_command(TIMELINE, *STABLE, "--regions", "4", "--policy", "soak=P2D")

    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "\x1b" not in done.stdout
    assert "Channel Stable, node images Latest" in done.stdout
    assert "4 regions; a release reaches the last one after 10 business days" in done.stdout
    assert "Policies: soak=P2D" in done.stdout
    assert "Clusters start on 1.29.9: what the channel asks for at the start" in done.stdout
    assert re.search(r"2025-02-02 02:06 +Full 1\.30\.7 +202501\.12\.0 +15\.0 +UpgradeDue", done.stdout)
    assert re.search(r"2025-01-31 02:06 +2025-02-02 02:06 +Soaking:", done.stdout)
    assert re.search(r"12 runs in 608\.0 days; the clusters were behind 31% of the\s+time", done.stdout)
    assert "At the end they are where the channel wants them." in done.stdout


def test_many_families_with_long_names_fit_in_80_columns() -> None:
    families = [f"AKSUbuntu-{release}gen2containerd" for release in ("2204", "2404")]
    named = [text for family in families for text in ("--node-family", family)]

    done = run_command(TIMELINE, "--channel", "NodeImage", *named)

    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert all(family in done.stdout for family in families)


def test_being_blocked_at_the_end_is_reported_with_the_reason_and_is_no_failure() -> None:
    done = run_command(TIMELINE, *STABLE, "--start-version", "1.27.1")

    words = " ".join(done.stdout.split())
    assert done.returncode == 0
    assert "No run would have been generated." in words
    assert "2025-01-01 00:00 the end NoMemberCanUpgrade:" in words
    assert "At the end they are still behind 1.35.6, since 2025-01-01 00:00. NoMemberCanUpgrade:" in words


def test_a_channel_that_asks_for_nothing_at_the_end_says_why() -> None:
    done = run_command(TIMELINE, "--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.40")

    assert "At the end the engine stands still. TargetMinorNotReleased:" in done.stdout


def test_help_teaches_by_examples_that_work() -> None:
    done = run_command("--help")

    examples = re.findall(r"^    \./dev replay ((?:[^\n]*\\\n)*[^\n]*)", done.stdout, re.MULTILINE)
    assert done.returncode == 0
    assert len(examples) >= 2
    for example in examples:
        arguments = example.replace("\\\n", " ").split()
        if "--chart" not in arguments:
            assert run_command(*arguments).returncode == 0


def test_files_are_meant_from_where_the_person_stands(tmp_path: Path) -> None:
    shutil.copy(ROOT / TIMELINE, tmp_path / "releases.json")
    command = [sys.executable, "-m", "tools.cli", "replay", "releases.json", *STABLE, "--json"]

    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run_command(TIMELINE, *STABLE, "--json").stdout


@pytest.mark.parametrize("output", ["--json", ""])
def test_a_reader_that_has_had_enough_is_no_error(output: str) -> None:
    command = (
        f'"{sys.executable}" -m tools.replay {TIMELINE} --channel NodeImage {output} | true; echo "${{PIPESTATUS[0]}}"'
    )

    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("0", "")


TARGET = ("--channel", "TargetKubernetesVersion")
WRONG_USAGE: list[tuple[tuple[str, ...], str]] = [
    ((), "required: TIMELINE, --channel"),
    ((TIMELINE,), "required: --channel"),
    ((TIMELINE, "--channel", "Fast"), "--channel: Channel Fast is not supported; supported are Stable, Rapid"),
    ((TIMELINE, "--channel", "SecurityPatch"), "--channel: SecurityPatch has nothing to replay"),
    ((TIMELINE, *TARGET), "--target-kubernetes-version: Channel TargetKubernetesVersion needs"),
    ((TIMELINE, *TARGET, "--target-kubernetes-version", "1.33.1"), 'is "1.33.1"; it must be a minor version'),
    ((TIMELINE, *STABLE, "--target-kubernetes-version", "1.33"), "must be empty unless the channel is"),
    ((TIMELINE, *STABLE, "--long-term-support"), "longTermSupport must be false unless"),
    ((TIMELINE, *STABLE, "--node-image-selection", "Newest"), "nodeImageSelection is Newest; supported are Latest"),
    ((TIMELINE, *STABLE, "--node-image-selection", "Custom"), "nodeImageSelection is Custom; supported are Latest"),
    ((TIMELINE, "--channel", "NodeImage", "--node-image-selection", "Latest"), "must not be set on channel NodeImage"),
    ((TIMELINE, *STABLE, "--start-version", "1.29"), "--start-version is '1.29'; expected a full version"),
    ((TIMELINE, *STABLE, "--regions", "0"), "--regions: '0'; expected a whole number from 1"),
    ((TIMELINE, *STABLE, "--regions", "two"), "--regions: 'two'; expected a whole number from 1"),
    ((TIMELINE, *STABLE, "--rollout-days", "-1"), "--rollout-days: '-1'; expected a whole number from 0"),
    (
        (TIMELINE, *STABLE, "--node-family", "AKSMars"),
        "--node-family is 'AKSMars'; expected a family of the timeline (AKS",
    ),
    ((TIMELINE, *STABLE, "--policy", "soaks=P1D"), "--policy is 'soaks'; expected one of regions, soak"),
    ((TIMELINE, *STABLE, "--policy", "soaks=P1D"), "the nearest is soak"),
    ((TIMELINE, *STABLE, "--policy", "soak"), "--policy is 'soak'; expected KEY=VALUE"),
    ((TIMELINE, *STABLE, "--policy", "soak=a week"), 'policy.soak is "a week"; valid for soak is an ISO 8601 duration'),
    ((TIMELINE, *STABLE, "--policy", "soak=P9000000D"), 'policy.soak is "P9000000D"; valid for soak'),
    ((TIMELINE, *STABLE, "--policy", "soak=P1D", "--policy", "soak=P2D"), "soak=P1D is given already"),
    (
        (TIMELINE, *STABLE, "--policy", "generator=native", "--policy", "split=control-plane-first"),
        "generator=native and split=control-plane-first exclude each other",
    ),
    (("nowhere.json", *STABLE), "TIMELINE is 'nowhere.json'; expected a file that can be read"),
    (("README.md", *STABLE), "README.md: not JSON: "),
    (
        (TIMELINE, *STABLE, "--chart", "chart.png"),
        "--chart: 'chart.png'; expected the name of a file that ends in .svg",
    ),
    ((TIMELINE, *STABLE, "--chart", "/nowhere/chart.svg"), "--chart is '/nowhere/chart.svg'; expected a file that can"),
    ((TIMELINE, *STABLE, "--chanel", "Rapid"), "unrecognized arguments: --chanel"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE, ids=[row[1] for row in WRONG_USAGE])
def test_wrong_usage_is_said_on_stderr_with_what_would_be_right(arguments: tuple[str, ...], message: str) -> None:
    done = run_command(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_timeline_that_cannot_be_read_is_rejected_with_the_reason(name: str) -> None:
    done = run_command(name, *STABLE)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"./dev replay: TIMELINE is '{name}'; expected a file that can be read (")


def test_a_timeline_with_a_mistake_is_rejected_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "releases.json"
    content = json.loads((ROOT / TIMELINE).read_text())
    content["facts"][3]["version"] = "one"
    file.write_text(json.dumps(content))

    done = run_command(str(file), *STABLE)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"./dev replay: {file}: facts[3].version: 'one' is not ")
