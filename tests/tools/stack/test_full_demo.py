"""The shipped timeline to its end: minutes of one core, so a file by itself, which other workers need not wait for."""

from __future__ import annotations

import json
from typing import cast

import pytest

from tests.tools.stack.demo_process import demo, versions
from tools.json_value import JsonObject


@pytest.mark.timeout(900)
def test_the_shipped_timeline_brings_every_cluster_where_it_must_be() -> None:
    done = demo("--full", "--json")

    summary = cast("JsonObject", json.loads(done.stdout))
    checks = cast("list[JsonObject]", summary["checks"])
    assert [check for check in checks if not check["holds"]] == []
    assert done.returncode == 0
    assert versions(summary, "retail/rapid") == {"1.36.2"}
    assert versions(summary, "retail/stable") == {"1.35.6"}
    assert versions(summary, "payments/stable") == {"1.35.6"}
    assert versions(summary, "retail/pinned") == {"1.34.9"}
    assert versions(summary, "retail/paused") == {"1.30.5"}
    assert isinstance(summary["seconds"], float)
    assert len(cast("list[object]", summary["releases"])) > 50
