"""Links between pages lead somewhere, and the files that other services read name what the project has."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import yaml

from tools.checks.rooms import FLOORS
from tools.paths import ROOT

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def tracked(*patterns: str) -> list[str]:
    command = ["git", "ls-files", "-z", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    fenced = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", fenced, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(_CODE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    return broken


def supported_pythons() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lowest, beyond = re.findall(r"3\.(\d+)", project["requires-python"])
    return [f"3.{minor}" for minor in range(int(lowest), int(beyond))]


@pytest.mark.parametrize("page", tracked("*.md"))
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    assert broken_links(ROOT / page) == []


def test_a_link_to_a_missing_file_or_heading_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# `Ask` me, now\n[a](#ask-me-now) [b](#ask) [c](page.md) [d](other.md) [e](https://example.com)\n")

    assert broken_links(page) == ["#ask", "other.md"]


def test_the_floors_of_the_core_are_those_of_the_contributors_page() -> None:
    [drawn] = re.findall(r"^core: ((?:.|\n)*?)^```$", (ROOT / "docs/contributing.md").read_text(), re.MULTILINE)
    floors = [set(re.findall(r"\w+", floor)) for floor in drawn.split("→")]

    assert floors == [set(floor) for floor in reversed(FLOORS)]


def test_the_workflow_runs_what_ci_run_does_on_every_supported_python() -> None:
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["test"]
    runs = [step["run"] for step in job["steps"] if "run" in step]

    assert job["strategy"]["matrix"]["python"] == supported_pythons()
    assert runs == [".ci/run"]


def test_the_dev_container_has_the_newest_supported_python() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())

    assert container["image"].endswith(f"python:{supported_pythons()[-1]}")


def test_pre_commit_runs_lint() -> None:
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]

    assert [hook["entry"] for hook in repository["hooks"]] == ["./dev lint"]


@pytest.mark.parametrize(("ecosystem", "manifests"), [("pip", ("pyproject.toml", "*.in")), ("npm", ("*package.json",))])
def test_dependabot_reads_every_folder_with_a_manifest(ecosystem: str, manifests: tuple[str, ...]) -> None:
    [entry] = [
        update
        for update in yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
        if update["package-ecosystem"] == ecosystem
    ]
    folders = {str(PurePosixPath("/", name).parent) for name in tracked(*manifests)}

    assert folders
    assert folders <= set(entry["directories"])
    assert all((ROOT / folder.lstrip("/")).is_dir() for folder in entry["directories"])


def test_the_changelog_keeps_to_its_format() -> None:
    headings = re.findall(r"^##+ (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert {heading for heading in headings if not heading.startswith("[")} <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }
