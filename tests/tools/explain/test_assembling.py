"""What the page has a person do without the app: facts assembled with `az rest` and jq are decided."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.app.azure.bodies import FLEET, PROFILE, SHOP, SUBSCRIPTION
from tests.tools.explain.facts import facts
from tools.explain.command import explain
from tools.explain.document import read_facts
from tools.paths import ROOT

PROVIDER = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService"
AZ = """\
#!/usr/bin/env bash
path="${5%%\\?*}"
cat "$BODIES/${path//\\//_}"
"""
"""Stands for `az rest --method get --url URL`: a body by the URL's path."""

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("jq") is None, reason="there is no bash or no jq on this machine"
)


def commands() -> str:
    """The last block of the page."""
    return (ROOT / "docs/facts.md").read_text().rpartition("\n```\n")[0].rpartition("```\n")[2]


def test_facts_that_are_assembled_as_the_page_says_are_decided_as_captured_ones(tmp_path: Path) -> None:
    content = facts()
    region = content["regions"]["westus2"]
    [newest] = region["upgradeProfiles"].values()
    bodies = {
        FLEET: content["fleet"],
        SHOP: content["managedClusters"][0],
        f"{PROVIDER}/locations/westus2/kubernetesVersions": region["kubernetesVersions"],
        f"{content['managedClusters'][0]['id']}/agentPools/system/upgradeProfiles/default": newest,
    }
    for part in ("autoUpgradeProfiles", "members", "updateStrategies", "updateRuns"):
        bodies[f"{FLEET}/{part}"] = {"value": content[part]}
    for name in ("bodies", "bin", "work"):
        (tmp_path / name).mkdir()
    for path, body in bodies.items():
        (tmp_path / "bodies" / path.replace("/", "_")).write_text(json.dumps(body))
    (tmp_path / "bin/az").write_text(AZ)
    (tmp_path / "bin/az").chmod(0o700)

    done = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{commands()}"],
        cwd=tmp_path / "work",
        env={
            **os.environ,
            "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "BODIES": str(tmp_path / "bodies"),
            "PROFILE_ID": PROFILE,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assembled = json.loads((tmp_path / "work/facts.json").read_text())
    assert explain(read_facts({**assembled, "now": content["now"]}, "assembled")) == explain(
        read_facts(content, "facts")
    )
