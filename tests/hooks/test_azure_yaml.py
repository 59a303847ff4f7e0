"""What azd reads: hooks for both systems, no Python on the machine, every choice passed on and described."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.hooks.hook import HOOKS, SCRIPTS
from tools.json_value import mapping_of
from tools.paths import ROOT

PROJECT = mapping_of({"azure.yaml": yaml.safe_load((ROOT / "azure.yaml").read_text())}, "azure.yaml")
WORKFLOW = (ROOT / ".github" / "workflows" / "azure-dev.yml").read_text()
PARAMETERS = ("main.bicepparam", "event-subscriptions.bicepparam")
OF_TESTS = {"AUTO_UPGRADE_POLL_SECONDS"}
AT_A_TERMINAL = {"AUTO_UPGRADE_REMOVE"}
"""Asked for, or set for one command, when someone removes an environment; no pipeline does."""


def of_parameters() -> set[str]:
    """The choices that parameter files read."""
    texts = [(ROOT / "infra" / name).read_text() for name in PARAMETERS]
    return {name for text in texts for name in re.findall(r"readEnvironmentVariable\('(AUTO_UPGRADE_\w+)'", text)}


def of_hooks() -> set[str]:
    """The choices that hooks read."""
    return {
        name for path in SCRIPTS.glob("*.sh") for name in re.findall(r"AUTO_UPGRADE_[A-Z_]+[A-Z]", path.read_text())
    }


def scripts_of(hook: Mapping[str, object]) -> dict[str, Path]:
    return {system: ROOT / str(mapping_of(hook, system)["run"]) for system in ("posix", "windows")}


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_has_a_script_for_each_system(name: str) -> None:
    scripts = scripts_of(mapping_of(mapping_of(PROJECT, "hooks"), name))

    assert scripts == {"posix": SCRIPTS / f"{name}.sh", "windows": SCRIPTS / f"{name}.ps1"}
    assert all(path.is_file() for path in scripts.values())


def test_azd_asks_for_no_python_and_azure_installs_the_libraries() -> None:
    app = mapping_of(mapping_of(PROJECT, "services"), "app")

    assert (app["language"], app["dist"], app["remoteBuild"]) == ("custom", ".package", True)
    scripts = scripts_of(mapping_of(mapping_of(app, "hooks"), "prepackage"))
    assert os.access(scripts["posix"], os.X_OK)
    assert scripts["windows"].is_file()


def test_the_pipeline_gets_every_choice_and_the_workflow_passes_it_on() -> None:
    variables = mapping_of(PROJECT, "pipeline")["variables"]
    passed = set(re.findall(r"(AUTO_UPGRADE_\w+): \$\{\{ vars\.\1 \}\}", WORKFLOW))

    assert variables == sorted(of_parameters() | of_hooks() - OF_TESTS - AT_A_TERMINAL)
    assert passed == set(variables)


def test_every_choice_is_described_where_people_deploy() -> None:
    described = set(re.findall(r"AUTO_UPGRADE_[A-Z_]+[A-Z]", (ROOT / "docs" / "deploy.md").read_text()))

    assert of_parameters() | of_hooks() - OF_TESTS <= described
    assert described <= of_parameters() | of_hooks()


def test_the_workflow_signs_in_without_a_secret() -> None:
    assert "secrets." not in WORKFLOW
    assert "id-token: write" in WORKFLOW
