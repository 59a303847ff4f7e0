"""World files: YAML, lines in errors, and the schema that editors read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, TENANT
from tests.tools.releases.builders import timeline
from tools.documents import DocumentError
from tools.emulator.app import Emulator, Options
from tools.emulator.world import WorldFile, read_world
from tools.emulator.world.__main__ import SCHEMA_FILE, schema_text
from tools.emulator.yaml_document import YamlDocument
from tools.json_value import Json
from tools.releases import load_timeline

ROOT = Path(__file__).resolve().parents[3]
WORLDS = sorted((ROOT / "tools" / "emulator" / "worlds").glob("*.yaml"))

WORLD = f"""\
regions: [westus2, eastus]
subscription: {SUBSCRIPTION}
tenant: {TENANT}
x-common: &common
  region: westus2
  pools: [{{ name: system, family: AKSUbuntu-2204gen2containerd }}]
fleets:
  - name: retail
    resourceGroup: platform
    region: westus2
    members:
      - {{ <<: *common, name: one, kubernetesVersion: 1.30.5, joins: 2026-02-20T00:00:00Z }}
      - name: two
        region: eastus
        pools:
          - name: system
            family: AKSUbuntu-2204gen2containerd
"""


def written(directory: Path, content: str) -> Path:
    file = directory / "w.yaml"
    file.write_text(content)
    return file


def refusal(file: Path) -> str:
    with pytest.raises(DocumentError) as refused:
        read_world(file)
    return str(refused.value).removeprefix(str(file))


@pytest.mark.parametrize(
    ("right", "wrong", "error"),
    [
        ("eastus\n        pools", "east\n        pools", "14: fleets[0].members[1].region: 'east' is not one of"),
        ("name: two", "nam: two", "13: fleets[0].members[1].nam: there is no such key; did you mean 'name'?"),
        ("name: two", "name: two\n        tags:\n          - a", "14: fleets[0].members[1].tags: ['a'] is not of type"),
        ("name: two", "name: one", "13: fleets[0].members[1].name: 'one' is taken already"),
        (
            "          - name: system\n            ",
            "          - ",
            "16: fleets[0].members[1].pools[0]: 'name' is missing",
        ),
        ("2026-02-20T00:00:00Z", "soon", "12: fleets[0].members[0].joins: not a time in ISO 8601"),
        ("1.30.5", "1.30", "12: fleets[0].members[0].kubernetesVersion: 1.3 is not of type 'string'"),
        ("  region: westus2\n  pools", "  region: mars\n  pools", "5: fleets[0].members[0].region: 'mars' is not"),
        ("    region: westus2\n", "    region: westus2\n    region: eastus\n", "11: the key 'region' is there twice"),
        (f"tenant: {TENANT}\n", "", "1: the document: 'tenant' is missing"),
    ],
)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str, error: str) -> None:
    assert right in WORLD
    assert refusal(written(tmp_path, WORLD.replace(right, wrong, 1))).startswith(f":{error}")


def test_what_only_shows_when_the_estate_is_built_has_its_line_too(tmp_path: Path) -> None:
    content = WORLD.replace("            family: AKSUbuntu-2204gen2containerd", "            family: AKSAzureLinux-V3")
    file = WorldFile(written(tmp_path, content))
    with pytest.raises(DocumentError) as refused:
        Emulator(Options(file.world, timeline()))
    assert str(file.located(refused.value)).startswith(
        f"{tmp_path / 'w.yaml'}:17: fleets[0].members[1].pools[0].family: no image of AKSAzureLinux-V3 is offered"
    )


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a: [")).startswith(": not YAML: ")


@pytest.mark.parametrize("content", ["a: &a [*a]", "a: !!binary x", "[1]: x", "a: {<<: 1}"])
def test_yaml_without_a_meaning_as_json_is_refused(content: str) -> None:
    with pytest.raises(DocumentError, match=r"^w\.yaml"):
        YamlDocument(content.encode(), "w.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.33.6", "1.33.6"),
        ("2026-02-20", "2026-02-20"),
        ("22:00", "22:00"),
        ("on", "on"),
        ("no", "no"),
        ("3", 3),
        ("0.5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'3'", "3"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Json) -> None:
    assert YamlDocument(f"key: {text}".encode(), "w.yaml").value == {"key": value}


def test_what_is_merged_gives_way_to_what_is_written() -> None:
    content = b"x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], c: 3}"
    value = YamlDocument(content, "w.yaml").value
    assert isinstance(value, dict)
    assert value["z"] == {"a": 1, "b": 1, "c": 3}


def test_the_schema_file_is_that_of_the_code() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "write it anew: python -m tools.emulator.world"


@pytest.mark.parametrize("file", WORLDS, ids=lambda file: file.stem)
def test_a_shipped_world_can_be_lived_in(file: Path) -> None:
    assert file.read_text().startswith("# yaml-language-server: $schema=world.schema.json\n")
    made = Emulator(Options(read_world(file), load_timeline(ROOT / "tools/data/aks-release-timeline.json")))
    assert made.estate.clusters
