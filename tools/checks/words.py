"""`python -m tools.checks.words`: counts private words, for which the field has plain ones, in tracked files.

A name counts like a sentence: `left_out`, `LeftOut`, `left-out` and "left out" are the same words, also across a line
break.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tools.paths import ROOT

INSTEAD = {
    "told": "reported, notified",
    "tells": "reports, says, shows",
    "nobody": "no one, unknown, not tested on",
    "whoever": "the caller, if a worker …",
    "whichever": "the one that …",
    "whatever": "everything that, regardless of",
    "news": "new releases",
    "last look": "last evaluation",
    "passed over": "rejected",
    "passes over": "rejects",
    "left out": "skipped, omitted",
    "leave out": "skip, omit",
    "leaves out": "skips, omits",
    "leaving out": "skipping, omitting",
    "of its own": "separate, or nothing",
    "look after": "manage",
    "looks after": "manages",
    "looked after": "managed",
    "looking after": "managing",
    "stands as": "is in its current state",
    "is gone": "was deleted, no longer exists",
    "has the say": "decides",
}
"""What to write instead of each word or phrase."""

ALLOWED = {
    "tools/checks/words.py": "the list itself",
    "tests/tools/checks/test_words.py": "examples of the words",
}
"""Files that may use the words, each with its reason."""

_CODE = {".py", ".js", ".bicep", ".bicepparam", ".sh", ".ps1", ".kql"}
_TEXT = {".md", ".html", ".css", ".json", ".yaml", ".yml", ".toml"}
SUFFIXES = _CODE | _TEXT
SCRIPTS = {"dev", ".ci/run"}
"""Files that count although their names have no suffix."""

_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_GAP = re.compile(r"[\s_#/-]*")
"""What may be between two words of a phrase: a line break and a comment's mark, or what joins words in a name."""

_LONGEST = max(len(phrase.split()) for phrase in INSTEAD)
_FIRST_WORDS = {phrase.split()[0] for phrase in INSTEAD}


@dataclass(frozen=True, order=True)
class Finding:
    """A private word: where it is, with lines counted from 1."""

    path: str
    line: int
    phrase: str

    @property
    def folder(self) -> str:
        """The file's folder, two levels deep; `.` for the top level."""
        return PurePosixPath(*PurePosixPath(self.path).parent.parts[:2]).as_posix()


def words_in(text: str) -> Iterator[tuple[int, str]]:
    """Each private word of a text, with its line."""
    tokens = list(_TOKEN.finditer(text))
    for first, token in enumerate(tokens):
        if token[0].lower() not in _FIRST_WORDS:
            continue
        phrase = ""
        end = token.start()
        for following in tokens[first : first + _LONGEST]:
            if not _GAP.fullmatch(text, end, following.start()):
                break
            phrase = f"{phrase} {following[0].lower()}".lstrip()
            end = following.end()
            if phrase in INSTEAD:
                yield text.count("\n", 0, token.start()) + 1, phrase


def find_words(root: Path) -> list[Finding]:
    """The private words in the files of a checkout that git tracks, without the allowed files.

    Raises:
        subprocess.CalledProcessError: `root` is not a git checkout.
    """
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    files = [name for name in listed.split("\0") if PurePosixPath(name).suffix in SUFFIXES or name in SCRIPTS]
    return sorted(
        Finding(name, line, phrase)
        for name in files
        if name not in ALLOWED and (root / name).is_file()
        for line, phrase in words_in((root / name).read_text(encoding="utf-8"))
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts by folder and by word; 0 if there are no more than allowed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.checks.words", description=__doc__.partition("\n")[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to read (default: this one)")
    parser.add_argument("--at-most", type=int, default=0, metavar="N", help="how many are allowed (default: 0)")
    parser.add_argument("--list", action="store_true", help="each place too, with what to write instead")
    options = parser.parse_args(arguments)
    found = find_words(options.root)
    if options.list:
        for finding in found:
            print(f"{finding.path}:{finding.line}: {finding.phrase} (instead: {INSTEAD[finding.phrase]})")
    for name, counts in (
        ("folder", Counter(finding.folder for finding in found)),
        ("word", Counter(finding.phrase for finding in found)),
    ):
        print(f"by {name}:")
        for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:6} {key}")
    print(f"{len(found)} private words, {options.at_most} allowed")
    return int(len(found) > options.at_most)


if __name__ == "__main__":
    sys.exit(main())
