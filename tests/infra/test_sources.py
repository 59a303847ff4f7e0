"""Microsoft's compiler has nothing to say about any file, and the snapshots are what the templates give."""

from pathlib import Path

import pytest

from tools.checks.infra.compiler import Compiler
from tools.checks.infra.prediction import WAYS, read_prediction, snapshot_path, snapshot_text, ways
from tools.checks.infra.sources import (
    INFRA,
    SET_BY_OUTPUTS,
    bicep_files,
    deployed_templates,
    find_source_problems,
    find_stale_snapshots,
    find_unused_files,
)

ASKED_FOR = {
    "default",
    "several-subscriptions",
    "management-groups",
    "private-network",
    "no-mail",
    "everything",
    "profile-repository",
    "events-elsewhere",
}
"""Ways of deploying that people have."""


pytestmark = pytest.mark.timeout(900)
"""The compiler takes seconds a file where the machine is busy."""


def test_every_file_compiles_without_a_diagnostic_and_is_formatted(compiler: Compiler) -> None:
    assert list(find_source_problems(compiler, bicep_files())) == []


def test_a_diagnostic_and_another_format_are_found(compiler: Compiler, tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param  size int\noutput half int = size / 2\n")
    (tmp_path / "main.bicepparam").write_text("using 'main.bicep'\nparam size = 'big'\n")

    diagnostic, *formats = find_source_problems(compiler, bicep_files(tmp_path))

    assert "main.bicepparam(2,14): error BCP033" in diagnostic
    assert formats == [f"{tmp_path}/main.bicep: bicep format changes it"]


def test_every_module_type_query_and_list_is_loaded_by_what_is_deployed(compiler: Compiler) -> None:
    assert list(find_unused_files(compiler)) == []


def test_every_snapshot_is_what_the_templates_give(compiler: Compiler) -> None:
    assert list(find_stale_snapshots(compiler)) == []


def test_a_way_evaluates_to_the_same_every_time(compiler: Compiler) -> None:
    way = WAYS / "default.bicepparam"

    assert snapshot_text(compiler, way) == snapshot_text(compiler, way)


def test_every_way_that_people_deploy_in_has_its_snapshot() -> None:
    assert {way.stem for way in ways()} >= ASKED_FOR
    assert [way for way in ways() if not read_prediction(way).resources] == []
    assert {snapshot_path(way) for way in ways()} == set(WAYS.glob("*.snapshot.json"))


def test_every_template_that_is_deployed_is_evaluated_in_some_way() -> None:
    evaluated = {line for way in ways() for line in way.read_text().splitlines() if line.startswith("using ")}

    assert evaluated == {f"using '../../../infra/{path.name}'" for path in deployed_templates()}


def test_what_parameter_files_need_are_outputs_of_main(compiler: Compiler) -> None:
    outputs = compiler.compile(INFRA / "main.bicep").template["outputs"]

    assert isinstance(outputs, dict)
    assert set(SET_BY_OUTPUTS) <= set(outputs)


@pytest.mark.parametrize("name", ["main.bicepparam", "event-subscriptions.bicepparam"])
def test_the_parameter_files_of_azd_deploy_something(compiler: Compiler, name: str) -> None:
    assert compiler.snapshot(INFRA / name)["predictedResources"]
