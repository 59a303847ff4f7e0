"""The chart: valid SVG with everything named, the same bytes each time, and people see where it is."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.tools.replay.command import TIMELINE, run_anew, run_command

CHARTS = [
    ("--channel", "Stable", "--regions", "4"),
    ("--channel", "NodeImage", "--node-family", "AKSUbuntu-2204", "--node-family", "AKSWindows-2025"),
    ("--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.40"),
]


@cache
def drawing(arguments: tuple[str, ...]) -> str:
    """The chart, drawn once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chart.svg"
        done = run_command(TIMELINE, *arguments, "--chart", str(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert f"Chart: {file}" in done.stdout.replace("\n", "")
        return file.read_text()


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All charts, drawn once more by another interpreter."""
    files = [tmp_path_factory.mktemp("redrawn") / "chart.svg" for _ in CHARTS]
    done = run_anew(
        *((TIMELINE, *chart, "--json", "--chart", str(file)) for chart, file in zip(CHARTS, files, strict=True))
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [file.read_text() for file in files]


@pytest.mark.parametrize("number", range(len(CHARTS)), ids=[arguments[1] for arguments in CHARTS])
def test_the_same_replay_is_drawn_the_same_to_the_byte(number: int, redrawn: list[str]) -> None:
    assert redrawn[number] == drawing(CHARTS[number])


def test_it_is_svg_with_a_title_a_legend_and_each_version_by_name() -> None:
    content = drawing(CHARTS[0])

    assert ET.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"
    for text in ("Channel Stable", "4 regions", "target", "slowest cluster", "run", "clusters behind"):
        assert f"<!-- {text}" in content
    for text in ("1.29.9", "1.30.7", "1.35.6"):
        assert f"<!-- {text} -->" in content


def test_node_images_have_a_panel_for_each_family() -> None:
    content = drawing(CHARTS[1])

    assert "<!-- AKSUbuntu-2204 -->" in content
    assert "<!-- AKSWindows-2025 -->" in content
