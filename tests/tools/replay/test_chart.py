"""The chart: valid SVG with everything named, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.tools.replay.command import TIMELINE, run_command

CHARTS = [
    ("--channel", "Stable", "--regions", "4"),
    ("--channel", "NodeImage", "--node-family", "AKSUbuntu-2204", "--node-family", "AKSWindows-2025"),
    ("--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.40"),
]


def drawn(file: Path, *arguments: str) -> str:
    done = run_command(TIMELINE, *arguments, "--json", "--chart", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    return file.read_text()


@pytest.mark.parametrize("arguments", CHARTS, ids=[arguments[1] for arguments in CHARTS])
def test_the_same_replay_is_drawn_the_same_to_the_byte(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert drawn(tmp_path / "one.svg", *arguments) == drawn(tmp_path / "two.svg", *arguments)


def test_it_is_svg_with_a_title_a_legend_and_each_version_by_name(tmp_path: Path) -> None:
    content = drawn(tmp_path / "chart.svg", *CHARTS[0])

    assert ET.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
    for text in ("Channel Stable", "4 regions", "asked for", "slowest cluster", "run", "clusters behind"):
        assert f"<!-- {text}" in content
    for text in ("1.29.9", "1.30.7", "1.35.6"):
        assert f"<!-- {text} -->" in content


def test_node_images_have_a_panel_for_each_family(tmp_path: Path) -> None:
    content = drawn(tmp_path / "chart.svg", *CHARTS[1])

    assert "<!-- AKSUbuntu-2204 -->" in content
    assert "<!-- AKSWindows-2025 -->" in content


def test_people_are_told_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"

    done = run_command(TIMELINE, *CHARTS[0], "--chart", str(file))

    assert f"Chart: {file}" in done.stdout.replace("\n", "")
