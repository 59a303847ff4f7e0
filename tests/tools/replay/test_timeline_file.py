"""What a timeline's file must be like, and how a bad one is refused: row, field, and what would be right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.core.model.node_image import NodeImageVersion
from shared.errors import InvalidInputError
from tests.tools.replay.builders import UBUNTU, minor, moment, version
from tests.tools.replay.command import ROOT, TIMELINE
from tools.replay.timeline import ImageFact, ImageKind, MinorFact, MinorKind, PatchFact, PatchKind, Tier
from tools.replay.timeline_file import load_timeline

GOOD: dict[str, Any] = {
    "from": "2025-01-01",
    "to": "2025-12-31",
    "state_at_start": {
        "ga_minors": ["1.30"],
        "patches": {"1.30": ["1.30.1"], "1.31": []},
        "node_images": {UBUNTU: "202412.20.0"},
    },
    "facts": [
        {"at": "2025-02-01T00:00:00Z", "kind": "patch", "version": "1.30.100", "lts_patch": True},
        {"at": "2025-01-09T12:00:00+01:00", "kind": "node_image", "family": UBUNTU, "version": "202501.01.0"},
        {"at": "2025-03-01", "kind": "minor_deprecated", "version": "1.30", "tier": "lts"},
    ],
}


def written(folder: Path, content: object) -> Path:
    file = folder / "timeline.json"
    file.write_text(json.dumps(content))
    return file


def with_fact(fact: object) -> dict[str, Any]:
    return {**GOOD, "facts": [*GOOD["facts"], fact]}


def with_start(**changes: object) -> dict[str, Any]:
    return {**GOOD, "state_at_start": {**GOOD["state_at_start"], **changes}}


def test_facts_are_read_oldest_first_in_utc(tmp_path: Path) -> None:
    timeline = load_timeline(written(tmp_path, GOOD))

    assert timeline.facts == (
        ImageFact(moment("2025-01-09T11:00"), ImageKind.OFFERED, UBUNTU, NodeImageVersion.parse("202501.01.0")),
        PatchFact(moment("2025-02-01"), PatchKind.OFFERED, version("1.30.100")),
        MinorFact(moment("2025-03-01"), MinorKind.DEPRECATED, minor("1.30"), Tier.LONG_TERM_SUPPORT),
    )
    assert (timeline.starts, timeline.ends) == (moment("2025-01-01"), moment("2025-12-31"))
    assert timeline.families == (UBUNTU,)


def test_an_end_may_be_left_out(tmp_path: Path) -> None:
    without = {name: value for name, value in GOOD.items() if name != "to"}

    assert load_timeline(written(tmp_path, without)).ends is None


def test_the_shipped_timeline_is_read_whole() -> None:
    shipped = json.loads((ROOT / TIMELINE).read_text())

    assert len(load_timeline(ROOT / TIMELINE).facts) == len(shipped["facts"])


AT = "2025-04-01T00:00:00Z"
BAD_FACTS: list[tuple[object, str]] = [
    ("patch", r"facts row 4 is 'patch'; expected an object"),
    (
        {"at": AT, "kind": "patched", "version": "1.30.2"},
        r"facts row 4, kind is 'patched'; .*patch_removed.*node_image",
    ),
    ({"at": AT, "version": "1.30.2"}, "facts row 4, kind is missing"),
    ({"at": AT, "kind": "patch", "version": "1.30"}, r"facts row 4, version is '1\.30'; .*1\.33\.5"),
    ({"at": AT, "kind": "patch", "version": 1.3}, r"facts row 4, version is 1\.3; expected a text"),
    ({"at": AT, "kind": "minor_ga", "version": "1.30.2"}, r"facts row 4, version is '1\.30\.2'; .*minor"),
    ({"at": AT, "kind": "node_image", "family": UBUNTU, "version": "2025"}, "facts row 4, version is '2025'; .*202607"),
    ({"at": AT, "kind": "node_image", "version": "202501.01.0"}, "facts row 4, family is missing"),
    ({"at": "1st of April", "kind": "patch", "version": "1.30.2"}, "facts row 4, at is '1st of April'; .*ISO 8601"),
    ({"at": "9999-12-31", "kind": "patch", "version": "1.30.2"}, "facts row 4, at is '9999-12-31'; expected a year"),
    (
        {"at": AT, "kind": "patch", "version": "1.30.2", "preview": "no"},
        "facts row 4, preview is 'no'; .*true or false",
    ),
    ({"at": AT, "kind": "patch", "version": "1.30.2", "lts_patch": True}, r"facts row 4, version is .*1\.30\.100"),
    ({"at": AT, "kind": "minor_deprecated", "version": "1.30", "tier": "gold"}, "facts row 4, tier is 'gold'; .*lts"),
]


@pytest.mark.parametrize(("fact", "message"), BAD_FACTS)
def test_a_bad_fact_is_named_by_its_row_and_field(fact: object, message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load_timeline(written(tmp_path, with_fact(fact)))

    assert re.search(message, caught.value.explanation)


BAD_DOCUMENTS: list[tuple[object, str]] = [
    ([], "expected an object"),
    ({**GOOD, "from": None}, "from is missing"),
    ({**GOOD, "to": "later"}, "to is 'later'"),
    ({**GOOD, "facts": {}}, "facts is {}; expected a list"),
    ({**GOOD, "state_at_start": None}, "state_at_start is missing"),
    (with_start(ga_minors=["1.30", "x"]), "state_at_start, ga_minors row 2 is 'x'"),
    (with_start(patches={"1.30": ["1.31.1"]}), r"patches, 1\.30 row 1 is '1\.31\.1'; expected a patch of 1\.30"),
    (with_start(node_images={UBUNTU: "x"}), f"node_images, {UBUNTU} is 'x'"),
]


@pytest.mark.parametrize(("content", "message"), BAD_DOCUMENTS)
def test_a_bad_document_is_refused_with_the_place(content: object, message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load_timeline(written(tmp_path, content))

    assert re.search(message, caught.value.explanation)


@pytest.mark.parametrize(("content", "message"), [(b"{", "JSON.*line 1"), (b"\xff\xfe{", "JSON"), (b"", "JSON")])
def test_what_is_no_json_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "timeline.json"
    file.write_bytes(content)

    with pytest.raises(InvalidInputError, match=message):
        load_timeline(file)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(InvalidInputError, match="a file that can be read"):
            load_timeline(place)
