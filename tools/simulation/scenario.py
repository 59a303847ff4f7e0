"""What a seed stands for: a fleet with its profiles and policies, the faults, and what people do when."""

from __future__ import annotations

from dataclasses import dataclass

from tools.simulation.calls import Faults
from tools.simulation.chance import Chance
from tools.simulation.world.azure import Azure
from tools.simulation.world.model import Cluster, Member, Profile, Strategy

HOUR = 3600.0
QUIET_AT, TIDIES_AT = 3 * HOUR, 4.5 * HOUR
"""When the faults end, and when people tidy up: by then every run that was in progress has ended."""
RECONCILES_EVERY, DETECTS_EVERY, WATCHES_EVERY = HOUR, 1.5 * HOUR, HOUR / 3

_REGIONS = ("westeurope", "eastus2")
_OFFERED = ("1.33.5", "1.34.2", "1.35.1")
_FIRST_IMAGE, _SECOND_IMAGE = "202607.01.0", "202607.08.0"

_POLICIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("active-run", ("wait", "wait", "replace", "replace", "ignore")),
    ("retry", ("0", "1", "2", "3")),
    ("start", ("auto", "auto", "auto", "manual")),
    ("catch-up", ("off", "stepwise", "stepwise")),
    ("split", ("off", "off", "control-plane-first")),
    ("generator", ("compose", "compose", "native")),
    ("soak", ("PT0S", "PT30M")),
    ("regions", ("common", "any")),
    ("freeze", ("none", "2026-08-02/2026-08-02", "2026-08-03/2026-08-03", "2026-08-02/2026-08-04")),
    ("busy-wait", ("PT0S", "PT1H", "PT6H")),
    ("busy-clusters", ("skip", "upgrade")),
    ("stopped-clusters", ("skip", "fail")),
)
_DEEDS = (
    *("release",) * 4,
    *("image",) * 3,
    *("stop a run",) * 3,
    *("start a run",) * 2,
    *("delete a run",) * 3,
    *("skip a member",) * 2,
    *("request a start", "request a review") * 2,
    *("change a policy",) * 3,
    *("alert",) * 2,
    *("approve",) * 2,
    *("edit a profile",) * 2,
    "create a run",
    "add a member",
    "stop a cluster",
    "start a cluster",
    "break a cluster",
    "use a cluster",
    "fail an upgrade",
    "fail an upgrade",
)


_THEMES: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    ({}, ()),
    ({"active-run": "replace", "catch-up": "stepwise"}, ("release",) * 12),
    ({"retry": "2"}, (*("fail an upgrade",) * 10, *("stop a cluster", "start a cluster", "delete a run") * 4)),
    ({}, (*("edit a profile", "release") * 6,)),
)
"""What seeds try more than by chance: policies that begin in force, and what people do more often."""


@dataclass(frozen=True)
class Deed:
    """Something that people do; the numbers from 0 to 1 choose among what there is by then."""

    kind: str
    pick: float
    choice: float


@dataclass(frozen=True)
class Scenario:
    """What a seed stands for, apart from the order in which things happen."""

    seed: int
    faults: Faults
    skews: tuple[float, ...]
    """The instances, by how many seconds their clocks are ahead."""
    graph_lag: float
    duplicates: float
    people: tuple[tuple[float, Deed], ...]
    clears_runs: bool
    """Whether people delete, after the faults, the runs that wait for a person."""

    def build(self, azure: Azure) -> None:
        """Create the fleet."""
        chance = Chance(self.seed * 2 + 1)
        regions = _REGIONS[: chance.count(1, 2)]
        azure.offers.versions = {region: set(_OFFERED) for region in regions}
        azure.offers.images = dict.fromkeys(regions, _FIRST_IMAGE)
        if chance.maybe(0.3):
            azure.offers.versions[regions[-1]].remove(_OFFERED[-1])
        if chance.maybe(0.2):
            azure.offers.images[regions[-1]] = _SECOND_IMAGE
        for number in range(chance.count(2, 4)):
            version = chance.one_of(("1.34.2", "1.34.2", "1.34.1", "1.33.5"))
            cluster = Cluster(f"c{number}", chance.one_of(regions), version, version, _FIRST_IMAGE)
            azure.clusters[cluster.name] = cluster
            azure.touch(cluster)
            member = Member(f"m{number}", cluster.name, chance.one_of(("a", "b")))
            azure.members[member.name] = member
            azure.touch(member)
        strategy = Strategy("staged", ("a", "b"), needs_approval=chance.maybe(0.3))
        azure.strategies[strategy.name] = strategy
        azure.touch(strategy)
        channels = [("shops", chance.one_of(("Rapid", "Rapid", "Stable")))]
        if chance.maybe(0.5):
            channels.append(("images", "NodeImage"))
        if chance.maybe(0.2):
            channels.append(("pinned", "TargetKubernetesVersion"))
        for name, channel in channels:
            profile = Profile(name, channel, strategy=strategy.name if chance.maybe(0.4) else "")
            profile.target = "1.35" if channel == "TargetKubernetesVersion" else ""
            azure.profiles[name] = profile
            azure.touch(profile)
        policies, _ = _theme(self.seed)
        azure.tags = dict(_policy(chance) for _ in range(chance.one_of((0, 2, 4, 8))))
        azure.tags.update({f"auto-upgrade.{key}": value for key, value in policies.items()})
        azure.touch_fleet()


def _theme(seed: int) -> tuple[dict[str, str], tuple[str, ...]]:
    return _THEMES[seed % len(_THEMES)]


def _policy(chance: Chance) -> tuple[str, str]:
    key, values = chance.one_of(_POLICIES)
    return f"auto-upgrade.{key}", chance.one_of(values)


def policy_of(deed: Deed) -> tuple[str, str]:
    """The tag that a deed sets."""
    key, values = _POLICIES[int(deed.pick * len(_POLICIES))]
    return f"auto-upgrade.{key}", values[int(deed.choice * len(values))]


def make_scenario(seed: int) -> Scenario:
    """The scenario of a seed."""
    chance = Chance(seed * 2)
    severity = chance.one_of((0.0, 0.3, 1.0, 1.0, 2.0))
    faults = Faults(
        crash=0.004 * severity,
        failure=0.01 * severity,
        throttling=0.004 * severity,
        lost_answer=0.02 * severity,
        slow=0.03 * severity,
        freeze=0.01 * severity,
    )
    people = sorted(
        (
            (
                chance.between(0.0, QUIET_AT * 0.98),
                Deed(chance.one_of((*_DEEDS, *_theme(seed)[1])), chance.between(0, 1), chance.between(0, 1)),
            )
            for _ in range(chance.count(4, 22))
        ),
        key=lambda each: each[0],
    )
    return Scenario(
        seed,
        faults,
        skews=tuple(chance.between(-20, 20) for _ in range(chance.count(1, 4))),
        graph_lag=chance.one_of((0.0, 60.0, 900.0)),
        duplicates=chance.one_of((0.0, 0.2, 0.6)),
        people=tuple(people),
        clears_runs=chance.maybe(0.6),
    )
