"""A small simulated Azure whose time a test moves, watched by the laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tools.simulation.laws import Laws
from tools.simulation.world.azure import Actor, Azure
from tools.simulation.world.model import Cluster, Member, Profile, Run, Strategy

PERSON = Actor("person", "a person")
IMAGE = "202607.01.0"


def trigger(profile: str = "shops", began_at: float = 0.0) -> Actor:
    return Actor("trigger", "evaluate-profile", profile, began_at=began_at)


def request(*, start: bool) -> Actor:
    return Actor("request", "HTTP", "shops", starts=start)


def a_run(name: str = "auto-1", version: str = "1.35.1", kind: str = "Full") -> Run:
    return Run(name, kind, version, "Latest", (), "", [])


@dataclass
class Lab:
    """Two clusters at 1.34.2 in one region that offers 1.35.1, and a profile on channel Rapid."""

    time: float = 0.0
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.azure = Azure(
            lambda: self.time,
            lambda after, action: self.due.append((self.time + after, action)),
            lambda: 600.0,
            lambda event: self.laws.observe(event),  # noqa: PLW0108 - the laws come after it
        )
        self.laws = Laws(self.azure)
        self.azure.offers.versions = {"westeurope": {"1.34.2", "1.35.1"}}
        self.azure.offers.images = {"westeurope": IMAGE}
        for name in ("0", "1"):
            self.azure.clusters[f"c{name}"] = Cluster(f"c{name}", "westeurope", "1.34.2", "1.34.2", IMAGE)
            self.azure.members[f"m{name}"] = Member(f"m{name}", f"c{name}", "a")
            self.azure.touch(self.azure.clusters[f"c{name}"])
            self.azure.touch(self.azure.members[f"m{name}"])
        self.azure.strategies["staged"] = Strategy("staged", ("a", "b"))
        self.azure.profiles["shops"] = Profile("shops", "Rapid")
        self.azure.touch_fleet()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ends_at = self.time + seconds
        while due := [each for each in self.due if each[0] <= ends_at]:
            first = min(due, key=lambda each: each[0])
            self.due.remove(first)
            self.time = first[0]
            first[1]()
        self.time = ends_at

    def policy(self, key: str, value: str) -> None:
        self.azure.tag(f"auto-upgrade.{key}", value)

    def create(self, actor: Actor, run: Run) -> Run:
        self.azure.create(actor, run)
        return run

    def start(self, actor: Actor, run: Run) -> None:
        self.azure.start(actor, run.name, None)

    def fail(self, run: Run, actor: Actor) -> None:
        """Start the run, and let it fail."""
        self.azure.clusters["c0"].failures = 1
        self.start(actor, run)
        self.wait(600)
        assert run.state == "Failed"
