"""The demo as a person runs it: the excerpt, cut short, with another timeline, interrupted."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path
from typing import cast

import psutil
import pytest

from tests.tools.stack.demo_process import COMMAND, MEMBERS, demo, demo_of_a_person, versions
from tools.json_value import JsonObject
from tools.paths import ROOT, TIMELINE


@pytest.fixture(scope="module")
def excerpt() -> str:
    """What a person sees of the demo."""
    done = demo_of_a_person()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)
def test_the_excerpt_shows_every_kind_of_profile_a_freeze_and_a_stopped_cluster_that_is_caught_up(excerpt: str) -> None:
    shown = excerpt.splitlines()
    for part in (
        "payments/stable: Waiting (Freeze)",
        "stock-westeurope is started again by its owner",
        "retail/stable: Generate (CatchUpDue)",
        "retail/paused: Skipped (ProfileDisabled)",
    ):
        assert any(part in line for line in shown), part
    generated = {line.split("auto-")[1].split("-")[0] for line in shown if "  generated " in line}
    assert generated == {"rapid", "stable", "pinned", "images"}
    assert not any(line.startswith("FAILED") for line in shown)


def test_a_person_sees_lines_in_order_of_time(excerpt: str) -> None:
    days = re.findall(
        r"^(2026-\d\d-\d\d \d\d:\d\d)  (?:release|decision|generated|started|cluster|owner)", excerpt, re.MULTILINE
    )
    assert len(days) > 10
    assert days == sorted(days)
    assert "\x1b[" not in excerpt, "no colours where no terminal is"


def test_the_full_demos_world_is_what_it_must_show() -> None:
    fleets = {key.partition("/")[0] for key in MEMBERS.members}
    channels = {profile.channel for profile in MEMBERS.profiles.values() if not profile.disabled}

    assert len(fleets) >= 2
    assert len(MEMBERS.members) >= 12
    assert len({member.region for member in MEMBERS.members.values()}) == 4
    assert channels == {"Rapid", "Stable", "NodeImage", "TargetKubernetesVersion"}
    assert any(profile.disabled for profile in MEMBERS.profiles.values())


def test_a_demo_cut_short_ends_well() -> None:
    done = demo("--until", "2026-03-13", "--json")

    summary = cast("JsonObject", json.loads(done.stdout))
    assert done.returncode == 0, done.stderr
    assert summary["simulatedDays"] == 6.0
    assert list(cast("JsonObject", summary["runs"])) == ["retail/pinned"]


def test_another_timeline_is_played_by_the_same_rules(tmp_path: Path) -> None:
    content = json.loads(TIMELINE.read_text())
    content["facts"] = [fact for fact in content["facts"] if fact["at"] < "2025-01-31"]
    file = tmp_path / "timeline.json"
    file.write_text(json.dumps(content))

    done = demo("--json", "--timeline", str(file))

    summary = cast("JsonObject", json.loads(done.stdout))
    assert done.returncode == 0, done.stderr
    assert versions(summary, "retail/rapid") == {"1.31.3"}
    assert versions(summary, "retail/stable") == {"1.30.7"}


@pytest.mark.parametrize("arguments", [["--timeline", "nowhere.json"], ["--until", "tomorrow"], ["--what"]])
def test_wrong_usage_ends_with_2_and_says_why(arguments: list[str]) -> None:
    done = demo(*arguments)

    assert done.returncode == 2
    assert arguments[-1] in done.stderr


def test_a_timeline_that_is_none_fails_with_a_clear_word(tmp_path: Path) -> None:
    file = tmp_path / "timeline.json"
    file.write_text('{"facts": 7}')

    done = demo("--timeline", str(file))

    assert done.returncode == 1
    assert "timeline" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_demo_leaves_nothing_behind() -> None:
    process = subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    children = psutil.Process(process.pid).children(recursive=True)

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode == 130
    assert children
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (len(children), [])
