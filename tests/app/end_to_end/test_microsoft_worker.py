"""The app in Microsoft's own worker library: it finds the functions that the local host finds, and runs them."""

from __future__ import annotations

import json
import sys

import pytest

from tests.app.end_to_end.scene import RAPID, Scene
from tests.app.end_to_end.telemetry import Telemetry
from tests.tools.host import microsoft_worker
from tests.tools.host.microsoft_worker import HttpInput
from tools.paths import ROOT

pytestmark = pytest.mark.skipif(
    sys.version_info < microsoft_worker.MINIMUM_PYTHON,
    reason=f"azure-functions-runtime needs Python 3.13, this is {sys.version_info.major}.{sys.version_info.minor}",
)


def test_both_hosts_find_the_same_functions_with_the_same_bindings(scene: Scene) -> None:
    host = scene.stack.host
    listed = host.http.get("/admin/functions", headers={"x-functions-key": host.master_key}).json()
    indexed = microsoft_worker.index(ROOT, scene.stack.app_settings())

    assert len(indexed) > 12
    assert sorted((one.name, json.dumps(one.bindings)) for one in indexed) == sorted(
        (one["name"], json.dumps(one["config"]["bindings"])) for one in listed
    )


def test_microsofts_worker_runs_the_app_with_the_same_answer(scene: Scene) -> None:
    scene.release()
    scene.rest()  # a review requested while an event creates the run would get 503
    there = scene.stack.host.generate_update_run(RAPID)
    parts = RAPID.split("/")
    route = {"subscription": parts[2], "resource_group": parts[4], "fleet": parts[8], "profile": parts[10]}

    result = microsoft_worker.invoke(
        ROOT,
        "generate_update_run",
        {"req": HttpInput("POST", f"http://localhost/api{RAPID}/generateUpdateRun", params=route)},
        scene.stack.app_settings(),
    )

    assert result.succeeded, result.error
    assert result.status == there.status_code == 200
    assert json.loads(result.body) == there.json()


def test_in_microsofts_worker_the_app_sends_its_telemetry_too(observed: Scene) -> None:
    observed.release()
    observed.rest()
    parts = RAPID.split("/")
    route = {"subscription": parts[2], "resource_group": parts[4], "fleet": parts[8], "profile": parts[10]}

    result = microsoft_worker.invoke(
        ROOT,
        "generate_update_run",
        {"req": HttpInput("POST", f"http://localhost/api{RAPID}/generateUpdateRun", params=route)},
        {**observed.stack.app_settings(), "PYTHON_ENABLE_OPENTELEMETRY": "true"},
    )

    assert (result.succeeded, result.status) == (True, 200), result.error
    sent = Telemetry(observed.stack.telemetry_file)
    [on_demand] = [row for row in sent.rows("AppDependencies") if row["Name"] == "generate on demand"]
    assert "FleetsOperations.get" in sent.spans(str(on_demand["OperationId"]))
