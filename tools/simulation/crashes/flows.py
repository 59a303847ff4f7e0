"""The flows of the app: what leads up to each, and the function that is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

from tools.simulation import app
from tools.simulation.crashes.app_process import AppProcess, Call, alert, generate
from tools.simulation.crashes.interruption import BEFORE, Interruption
from tools.simulation.crashes.local_azure import LocalAzure


@dataclass(frozen=True)
class Flow:
    """One way through the app."""

    name: str
    prepare: Callable[[LocalAzure, AppProcess], None]
    """Leads up to it."""
    call: Callable[[AppProcess], Call]
    """The function that is interrupted."""
    comes_again: bool = True
    """Whether it is called again until it is done, as with a message, an event or a request; a timer's is not."""


def _release(azure: LocalAzure, _: AppProcess) -> None:
    azure.release("1.34.2")


def _with_stopped_cluster(azure: LocalAzure, process: AppProcess) -> None:
    """The run skips a member, and another run catches it up at the end."""
    _release(azure, process)
    azure.change("shop-two", powerState="Stopped")


def _requested(azure: LocalAzure, process: AppProcess) -> None:
    _release(azure, process)
    process.run(app.timer("reconcile"))


def _not_started(azure: LocalAzure, process: AppProcess) -> None:
    """A process created the run, and died before it started it."""
    _release(azure, process)
    process.run(process.profile("shops"), Interruption(ending="/start", kind=BEFORE))
    azure.wait(minutes=15)


def _in_progress(azure: LocalAzure, process: AppProcess) -> None:
    _release(azure, process)
    process.run(process.profile("shops"))
    azure.wait(minutes=5)


def _failed(azure: LocalAzure, process: AppProcess) -> None:
    """The run failed, and its restart is due; a member of it is stopped meanwhile."""
    azure.policy(retry="2")
    azure.change("shop-one", failUpgrades={"times": 1, "provisioningState": "Succeeded"})
    _in_progress(azure, process)
    azure.wait(hours=1)
    azure.change("shop-two", powerState="Stopped")


def _outdated(azure: LocalAzure, process: AppProcess) -> None:
    """A run is in progress, and a newer patch is to replace it."""
    azure.policy(active_run="replace")
    _in_progress(azure, process)
    azure.release("1.34.3")


def _native(azure: LocalAzure, process: AppProcess) -> None:
    azure.policy(generator="native")
    _release(azure, process)


def _release_event(_: AppProcess) -> Call:
    event = SimpleNamespace(
        id="event",
        subject="westus2",
        event_type="FleetAutoUpgrade.ReleaseDetected",
        event_time=datetime(2026, 1, 6, tzinfo=UTC),
        data={"region": "westus2"},
    )
    return app.release_event(event)


FLOWS = (
    Flow("detect", _release, lambda _: app.timer("detect_releases"), comes_again=False),
    Flow("event", _release, _release_event),
    Flow("reconcile", _release, lambda _: app.timer("reconcile"), comes_again=False),
    Flow("evaluate", _requested, lambda process: process.evaluation()),
    Flow("watch", _failed, lambda _: app.timer("watch_runs"), comes_again=False),
    Flow("generate", _with_stopped_cluster, lambda process: process.profile("shops")),
    Flow("start", _not_started, lambda process: process.profile("shops")),
    Flow("restart", _failed, lambda process: process.profile("shops")),
    Flow("replace", _outdated, lambda process: process.profile("shops")),
    Flow("native", _native, lambda process: process.profile("shops")),
    Flow("request a review", _release, lambda _: generate("lab", start=False)),
    Flow("request a start", _release, lambda _: generate("lab", start=True)),
    Flow("alert", _release, lambda _: alert("shops")),
)
