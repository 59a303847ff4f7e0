"""Private words are found in prose and in names, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.checks.words import Finding, find_words, main, words_in
from tools.paths import ROOT


@pytest.mark.parametrize(
    "text",
    [
        "a member is left out",
        "Left Out",
        "is_left_out = True",
        "class LeftOut:",
        'policies["leftOutMembers"]',
        "auto-left-out",
        "a member that is left\n    # out here",
        "LEFT_OUT",
    ],
)
def test_a_phrase_counts_in_prose_in_names_and_across_lines(text: str) -> None:
    assert [phrase for _, phrase in words_in(text)] == ["left out"]


@pytest.mark.parametrize(
    "text",
    [
        "it is left. Out of memory",
        "untold",
        "newsletter",
        "the left, outer join",
        "retells",
        "goes left outside",
    ],
)
def test_words_that_only_look_alike_do_not_count(text: str) -> None:
    assert list(words_in(text)) == []


def test_each_word_is_found_at_its_line() -> None:
    assert list(words_in("one\nnobody\nthree told, nobody\n")) == [(2, "nobody"), (3, "told"), (3, "nobody")]


def test_only_tracked_files_count_and_more_than_allowed_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "a/b/c/page.md").write_text("nobody\n")
    (tmp_path / "a/b/c/untracked.md").write_text("nobody\n")
    (tmp_path / "picture.svg").write_text("nobody\n")
    subprocess.run(["git", "add", "a/b/c/page.md", "picture.svg"], cwd=tmp_path, check=True)

    assert find_words(tmp_path) == [Finding("a/b/c/page.md", 1, "nobody")]
    assert main(["--root", str(tmp_path)]) == 1
    assert main(["--root", str(tmp_path), "--at-most", "1", "--list"]) == 0
    printed = capsys.readouterr().out
    assert "1 a/b\n" in printed
    assert "a/b/c/page.md:1: nobody (instead: no one" in printed


def test_the_project_uses_no_private_word() -> None:
    assert find_words(ROOT) == []
