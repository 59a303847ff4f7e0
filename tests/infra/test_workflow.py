"""The workflow that checks the templates runs the check, and signs in only where what runs was reviewed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tools.checks.infra.compiler import OLDEST
from tools.json_value import mapping_of, sequence_of
from tools.paths import ROOT

TEXT = (ROOT / ".github" / "workflows" / "infra.yml").read_text()
JOBS = mapping_of(yaml.safe_load(TEXT), "jobs")


def steps(job: str) -> list[Mapping[str, object]]:
    return [step for step in sequence_of(mapping_of(JOBS, job)["steps"]) if isinstance(step, Mapping)]


def commands(job: str) -> str:
    return "\n".join(str(step.get("run", "")) for step in steps(job))


def test_it_builds_lints_and_checks_with_the_compiler_of_the_azure_cli() -> None:
    run = commands("check")

    assert "az bicep build" in run
    assert "az bicep lint" in run
    assert 'BICEP="$HOME/.azure/bin/bicep" ./dev infra-check' in run
    assert re.findall(r"az bicep install --version v([\d.]+)", run) == [".".join(map(str, OLDEST))]


def test_it_signs_in_on_a_protected_branch_only_and_without_a_secret() -> None:
    assert "azure/login" not in str(steps("check"))
    assert str(mapping_of(JOBS, "what-if")["if"]).startswith("github.ref_protected && ")
    assert "secrets." not in TEXT
    assert "what-if" in commands("what-if")


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq, which GitHub's machines have, is not installed")
def test_what_if_sees_the_choices_of_the_repository(tmp_path: Path) -> None:
    [step] = [one for one in steps("what-if") if "GITHUB_ENV" in str(one.get("run"))]
    choices = {"AZURE_LOCATION": "westeurope", "AUTO_UPGRADE_TAGS": '{\n"a": "b c"}', "OTHER": "no"}
    file = tmp_path / "environment"

    subprocess.run(
        ["bash", "-c", str(step["run"])],
        env={"PATH": os.environ["PATH"], "GITHUB_ENV": str(file), "CHOICES": json.dumps(choices)},
        check=True,
    )

    assert file.read_text() == (
        "AZURE_LOCATION<<END_OF_CHOICE\nwesteurope\nEND_OF_CHOICE\n"
        'AUTO_UPGRADE_TAGS<<END_OF_CHOICE\n{\n"a": "b c"}\nEND_OF_CHOICE\n'
    )
