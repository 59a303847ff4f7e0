"""The judge of `./dev kill-test` accepts one run for each profile, started as requested, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from tools.simulation.crashes.kill_test import KillOptions, judge
from tools.stack.stack import Stack

SHOPS, LAB = "/updateRuns/auto-shops-stable-1-34-2-abcdefgh", "/updateRuns/auto-lab-stable-1-34-2-abcdefgh"
AS_REQUESTED = (("runCreated", SHOPS), ("runStarted", SHOPS), ("runCreated", LAB))


def judged(*done: tuple[str, str], version: str = "1.34.2") -> int:
    """The exit code after these entries of the emulator's journal, with a cluster of the profile at a version."""
    members = [{"name": "one", "group": "shops", "kubernetesVersion": version}]
    emulator = SimpleNamespace(
        journal=lambda _: [{"kind": kind, "run": run} for kind, run in done],
        state=lambda: {"fleets": [{"members": members}]},
    )
    options = KillOptions(hosts=1, copies=1, kills=0, seed=1, say=lambda _: None)
    return judge(cast(Stack, SimpleNamespace(emulator=emulator)), options)


def test_one_run_for_each_profile_started_as_requested_is_right() -> None:
    assert judged(*AS_REQUESTED, ("memberCompleted", SHOPS)) == 0


@pytest.mark.parametrize(
    "done",
    [
        (*AS_REQUESTED, ("runCreated", SHOPS)),
        (*AS_REQUESTED, ("runStarted", SHOPS)),
        (*AS_REQUESTED, ("runStarted", LAB)),
        AS_REQUESTED[:-1],
    ],
    ids=["created twice", "started twice", "started though for review", "not created"],
)
def test_anything_else_is_wrong(done: tuple[tuple[str, str], ...]) -> None:
    assert judged(*done) == 1


def test_a_cluster_that_did_not_reach_the_release_is_wrong() -> None:
    assert judged(*AS_REQUESTED, version="1.34.1") == 1
