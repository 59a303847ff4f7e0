"""What a timeline's file must be like, and how a bad one is refused: row, field, and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.releases.builders import moment
from tools.documents import DocumentError
from tools.paths import TIMELINE
from tools.releases import ImageFact, MinorFact, PatchFact, load_timeline, read_fact

UBUNTU = "AKSUbuntu-2204"
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

    assert timeline.facts == [
        ImageFact(at=moment("2025-01-09T11:00"), kind="node_image", family=UBUNTU, version="202501.01.0"),
        PatchFact(at=moment("2025-02-01"), kind="patch", version="1.30.100", lts_patch=True),
        MinorFact(at=moment("2025-03-01"), kind="minor_deprecated", version="1.30", tier="lts"),
    ]
    assert (timeline.starts, timeline.ends) == (moment("2025-01-01"), moment("2025-12-31"))
    assert timeline.families == (UBUNTU,)


def test_the_end_is_optional(tmp_path: Path) -> None:
    without = {name: value for name, value in GOOD.items() if name != "to"}

    assert load_timeline(written(tmp_path, without)).ends is None


def test_the_shipped_timeline_is_read_whole() -> None:
    shipped = json.loads(TIMELINE.read_text())

    assert len(load_timeline(TIMELINE).facts) == len(shipped["facts"])


AT = "2025-04-01T00:00:00Z"
BAD_FACTS: list[tuple[object, str]] = [
    ("patch", ": 'patch' is not of type 'object'"),
    ({"at": AT, "kind": "patched", "version": "1.30.2"}, ".kind: 'patched' is not one of patch, patch_removed, "),
    ({"at": AT, "version": "1.30.2"}, ": 'kind' is missing"),
    ({"at": AT, "kind": "patch"}, ": 'version' is missing"),
    ({"at": AT, "kind": "patch", "version": "1.30"}, ".version: '1.30' is not a patch version such as 1.33.5"),
    ({"at": AT, "kind": "patch", "version": 1.3}, ".version: 1.3 is not of type 'string'; write it in quotes"),
    ({"at": AT, "kind": "minor_ga", "version": "1.30.2"}, ".version: '1.30.2' is not a minor version such as 1.33"),
    (
        {"at": AT, "kind": "node_image", "family": UBUNTU, "version": "2025"},
        ".version: '2025' is not the version of a node image such as 202607.09.0",
    ),
    ({"at": AT, "kind": "node_image", "version": "202501.01.0"}, ": 'family' is missing"),
    (
        {"at": "1st of April", "kind": "patch", "version": "1.30.2"},
        ".at: not a time in ISO 8601, such as 2026-05-11T06:00:00Z",
    ),
    ({"at": "9999-12-31", "kind": "patch", "version": "1.30.2"}, ".at: not in a year from 1970 to 8999"),
    ({"at": AT, "kind": "patch", "version": "1.30.2", "preview": "no"}, ".preview: 'no' is not of type 'boolean'"),
    (
        {"at": AT, "kind": "patch", "version": "1.30.2", "lts_patch": True},
        ".version: '1.30.2' is not an LTS build, which is 1.30.100 or later",
    ),
    (
        {"at": AT, "kind": "minor_deprecated", "version": "1.30", "tier": "gold"},
        ".tier: 'gold' is not one of standard, lts",
    ),
]


def refusal(file: Path) -> str:
    with pytest.raises(DocumentError) as refused:
        load_timeline(file)
    return str(refused.value).removeprefix(f"{file}: ")


@pytest.mark.parametrize(("fact", "message"), BAD_FACTS)
def test_a_bad_fact_is_named_by_its_place_with_what_is_right(fact: object, message: str, tmp_path: Path) -> None:
    assert refusal(written(tmp_path, with_fact(fact))).startswith(f"facts[3]{message}")


def test_a_fact_that_is_published_now_is_checked_like_one_of_a_file() -> None:
    with pytest.raises(DocumentError, match="'version' is missing"):
        read_fact({"kind": "patch"}, moment("2025-04-01"))


BAD_DOCUMENTS: list[tuple[object, str]] = [
    ([], "the document: [] is not of type 'object'"),
    ({**GOOD, "from": None}, "from: None is not of type 'string'"),
    ({name: value for name, value in GOOD.items() if name != "from"}, "the document: 'from' is missing"),
    ({**GOOD, "to": "later"}, "to: not a time in ISO 8601"),
    ({**GOOD, "facts": {}}, "facts: {} is not of type 'array'"),
    ({**GOOD, "state_at_start": None}, "state_at_start: None is not of type 'object'"),
    (with_start(ga_minors=["1.30", "x"]), "state_at_start.ga_minors[1]: 'x' is not a minor version such as 1.33"),
    (with_start(patches={"x": []}), "state_at_start.patches.x: 'x' is not a minor version"),
    (with_start(patches={"1.30": ["1.31.1"]}), "state_at_start.patches.1.30[0]: '1.31.1' is not a patch of 1.30"),
    (with_start(node_images={UBUNTU: "x"}), f"state_at_start.node_images.{UBUNTU}: 'x' is not the version of a node"),
]


@pytest.mark.parametrize(("content", "message"), BAD_DOCUMENTS)
def test_a_bad_document_is_rejected_with_the_place(content: object, message: str, tmp_path: Path) -> None:
    assert refusal(written(tmp_path, content)).startswith(message)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{", b""])
def test_what_is_no_json_is_rejected(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "timeline.json"
    file.write_bytes(content)

    assert refusal(file).startswith("not JSON: ")
