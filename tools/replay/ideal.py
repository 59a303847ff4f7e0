"""What the channel asks for where everything published is in force at once and no policy holds anything back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.unknown import Unparsed
from shared.core.planner import decide
from tools.releases import Fact, Timeline
from tools.replay.clusters import make_members, with_new_pools
from tools.replay.levels import Levels, is_above, target_levels
from tools.replay.offers import RegionOffers
from tools.replay.scenario import FLEET, Scenario

_REGION = "published"


class Ideal:
    """One region that has every fact the moment it is published, and a cluster in it that is never upgraded.

    Args:
        scenario: the profile and the families; its policies do not count.
        timeline: what is offered at the start.
        version: what the clusters are on at the start.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline, version: KubernetesVersion | Unparsed) -> None:
        self._scenario = scenario
        self._offers = RegionOffers(_REGION, timeline)
        self._members = make_members(scenario, [_REGION], version)
        self._history: list[tuple[datetime, Levels]] = []

    @property
    def target(self) -> Levels:
        """What was asked for when last something was published."""
        return self._history[-1][1]

    def publish(self, facts: Iterable[Fact], at: datetime) -> None:
        """Let facts be in force; at the first moment also without any."""
        for fact in facts:
            self._offers.apply(fact)
        catalog = self._offers.catalog(self._scenario.families)
        self._members = tuple(with_new_pools(member, catalog) for member in self._members)
        fleet = Fleet(FLEET, members=self._members, profiles=(self._scenario.profile,))
        decision = decide(Facts(self._scenario.profile, fleet, Catalog({_REGION: catalog}), at))
        self._history.append((at, target_levels(decision.target)))

    def above_since(self, had: Levels) -> datetime | None:
        """Since when, without a break, more was asked for than is had; None if no more is asked for now."""
        since: datetime | None = None
        for at, target in reversed(self._history):
            if not is_above(target, had):
                break
            since = at
        return since
