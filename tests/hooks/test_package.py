"""The hook before packaging: what azd packs is what the app runs on, and nothing else."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.hooks.hook import SCRIPTS
from tools.paths import ROOT

CONTENT = {"function_app.py", "host.json", "requirements.txt", "functions", "shared", ".funcignore"}


def project(folder: Path) -> Path:
    """A project with the files of the app, and others."""
    for name in (*CONTENT, "tests", "docs", "pyproject.toml", ".package"):
        if name in {"functions", "shared", "tests", "docs", ".package"}:
            (folder / name).mkdir()
            (folder / name / "inside.py").write_text("")
        else:
            (folder / name).write_text("")
    (folder / "infra" / "scripts").mkdir(parents=True)
    shutil.copy(SCRIPTS / "package.sh", folder / "infra" / "scripts")
    return folder


def test_only_what_the_app_runs_on_is_packed_and_nothing_of_an_earlier_package_stays(tmp_path: Path) -> None:
    folder = project(tmp_path)

    subprocess.run([str(folder / "infra" / "scripts" / "package.sh")], cwd="/", check=True)

    assert {path.name for path in (folder / ".package").iterdir()} == CONTENT
    assert (folder / ".package" / "shared" / "inside.py").exists()


def test_both_scripts_copy_the_same() -> None:
    powershell = (SCRIPTS / "package.ps1").read_text()
    needed = re.search(r"\$needed = @\((.*)\)", powershell)

    assert needed is not None
    assert set(re.findall(r"'([^']+)'", needed[1])) == CONTENT


def test_everything_that_is_packed_exists() -> None:
    assert {name for name in CONTENT if not (ROOT / name).exists()} == set()
