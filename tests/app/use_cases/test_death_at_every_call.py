"""The process dies before or after any write to Fleet or the ledger; the next calls lead to the end that was due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import pytest

from shared.core.model.fleet import Cluster
from shared.core.model.update_run import UpdateState
from shared.errors import NotReadyError
from shared.ports import FleetStore, Ledger
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.services import Services
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import PROFILE, UseCaseScene, a_catalog, a_member
from tests.app.use_cases.test_policies import a_native_run

WRITES = frozenset(
    {
        *("create_run", "skip_members", "start_run", "stop_run", "generate_natively"),
        *("claim_run", "record_skipped", "record_generated", "record_restart", "replace_stop"),
        *("lease_start", "release_start", "record_decisions", "record_trigger"),
    }
)
OLDER, NEWER = a_catalog("1.35.5", "1.35.6"), a_catalog("1.35.5", "1.35.6", "1.35.7")
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=6)
"""As long as a process that died keeps others from starting a run, and more."""


@dataclass
class Death:
    """Counts writes; the process dies before or after one of them."""

    at: int
    is_after: bool
    writes: int = 0

    def of(self, port: object) -> object:
        return _Dying(port, self)


class _Dying:
    def __init__(self, port: object, death: Death) -> None:
        self._port = port
        self._death = death

    def __getattr__(self, name: str) -> object:
        method = getattr(self._port, name)
        if name not in WRITES:
            return method

        def write(*arguments: object, **named: object) -> object:
            self._death.writes += 1
            is_last = self._death.writes == self._death.at
            if is_last and not self._death.is_after:
                raise ProcessStopped
            answer = method(*arguments, **named)
            if is_last:
                raise ProcessStopped
            return answer

        return write


def one_to_skip() -> UseCaseScene:
    return UseCaseScene(a_member("one"), a_member("two", stopped=True))


def native() -> UseCaseScene:
    scene = one_to_skip()
    scene.set_tags(generator="native")
    scene.azure.native_run = a_native_run()
    return scene


def another_version() -> UseCaseScene:
    """Fleet generates a run for a version that the app does not know yet."""
    scene = native()
    scene.azure.native_run = a_native_run("1.35.7")
    return scene


def the_app_knows_it_too(scene: UseCaseScene) -> None:
    scene.azure.catalog = NEWER


def nothing(_: UseCaseScene) -> None:
    """Nothing happens meanwhile."""


def failed() -> UseCaseScene:
    """A run failed at a cluster that is broken now, and is to be restarted without it."""
    scene = UseCaseScene()
    scene.set_tags(retry="1")
    act_on_profile(scene.services, PROFILE)
    scene.azure.fail(scene.azure.created[0], "two")
    scene.azure.time += timedelta(hours=1)
    broken = a_member("two")
    assert isinstance(broken.cluster, Cluster)
    cluster = replace(broken.cluster, provisioning_state="Failed")
    scene.set_members(a_member("one"), replace(broken, cluster=cluster))
    return scene


def replaced() -> UseCaseScene:
    """An older run is in progress, and is to be replaced."""
    scene = UseCaseScene()
    scene.set_tags(active_run="replace")
    act_on_profile(scene.services, PROFILE)
    scene.azure.catalog = NEWER
    return scene


def wanted_again() -> UseCaseScene:
    """A run that was replaced is wanted again, without a cluster that is stopped now."""
    scene = replaced()
    act_on_profile(scene.services, PROFILE)
    scene.azure.finish(scene.azure.created[1])
    scene.azure.catalog = OLDER
    scene.set_members(a_member("one"), a_member("two", stopped=True))
    return scene


def deleted() -> UseCaseScene:
    """A run failed for good and was deleted; another one of its name is due."""
    scene = failed()
    act_on_profile(scene.services, PROFILE)
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=())
    scene.azure.time += timedelta(hours=1)
    return scene


def end_of(scene: UseCaseScene) -> tuple[object, ...]:
    """What is left of the time and of the calls that were made: the runs, and what they are remembered with."""
    runs = sorted(scene.azure.fleet.update_runs, key=lambda run: run.name)
    records = {run.name: scene.ledger.records[run.id][0] for run in runs}
    return (
        [(run.name, run.state, dict(run.member_states)) for run in runs],
        scene.azure.started,
        {name: (record.intent, record.skipped, record.restarts) for name, record in records.items()},
        {name: record.stop is not None and record.stop.target for name, record in records.items()},
    )


def act_until_quiet(scene: UseCaseScene) -> None:
    for _ in range(4):
        scene.azure.time += MINUTE
        try:
            act_on_profile(scene.services, PROFILE)
        except NotReadyError:
            scene.azure.time += LEASE


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(
    ("prepare", "meanwhile"),
    [
        *((prepare, nothing) for prepare in (one_to_skip, native, failed, replaced, wanted_again, deleted)),
        (another_version, the_app_knows_it_too),
    ],
)
def test_at_each_moment_that_the_process_dies_the_end_is_the_same(
    prepare: Callable[[], UseCaseScene], meanwhile: Callable[[UseCaseScene], None], *, is_after: bool
) -> None:
    undisturbed = prepare()
    act_on_profile(undisturbed.services, PROFILE)
    meanwhile(undisturbed)
    act_until_quiet(undisturbed)
    [*_, last] = undisturbed.azure.started
    assert any(run.name == last and run.state is UpdateState.RUNNING for run in undisturbed.azure.fleet.update_runs)

    for number in range(1, 100):
        scene, death = prepare(), Death(number, is_after)
        services = replace(
            scene.services,
            fleets=cast("FleetStore", death.of(scene.azure)),
            ledger=cast("Ledger", death.of(scene.ledger)),
        )
        assert isinstance(services, Services)
        try:
            act_on_profile(services, PROFILE)
        except ProcessStopped:
            meanwhile(scene)
            act_until_quiet(scene)
            assert end_of(scene) == end_of(undisturbed), f"died {'after' if is_after else 'before'} write {number}"
        else:
            assert number > 5, "the flow has more writes than that"
            return
    pytest.fail("the flow does not end")
