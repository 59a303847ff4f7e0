"""What each region offers now, as releases roll out over the regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from tools.emulator.clock import SimulatedClock
from tools.emulator.image_ends import has_ended
from tools.emulator.journal import Journal
from tools.releases import (
    ROLLOUT_DAYS,
    Catalog,
    Fact,
    ImageFact,
    OfferedMinor,
    Timeline,
    find_arrivals,
    numbers,
)

Listener = Callable[[str, Sequence[str], Sequence[str]], None]
"""Takes a region, and the Kubernetes versions and node images (`family-version`) that are new in it."""


class RegionOffers:
    """The regions' catalogs. Facts that have arrived by now are in force at once, later ones are scheduled.

    Args:
        regions: in the order in which releases reach them.
        timeline: what is released when.
        clock: the simulated time.
        journal: gets a `release` for each region and moment.
        rollout_days: business days until the last region has a release.
        delays: how much later than its turn a release comes to a region, where it does.
    """

    def __init__(
        self,
        regions: Sequence[str],
        timeline: Timeline,
        clock: SimulatedClock,
        journal: Journal,
        rollout_days: int = ROLLOUT_DAYS,
        delays: Mapping[str, timedelta] | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._catalogs: Mapping[str, Catalog] = {region: Catalog(timeline) for region in regions}
        self.listeners: list[Listener] = []
        """Called in turn whenever a region has just got something."""
        self.timeline_end: datetime = timeline.starts
        """When the last fact of the timeline reaches the last region."""
        self._schedule(timeline, rollout_days, delays or {})

    @property
    def regions(self) -> tuple[str, ...]:
        """In the order in which releases reach them."""
        return tuple(self._catalogs)

    def offers_version(self, region: str, version: str, support_plan: str) -> bool:
        """Whether a cluster in the region, on this support plan, may be upgraded to the full version."""
        catalog = self._catalogs.get(region)
        return catalog is not None and catalog.offers(version, support_plan)

    def newest_image(self, region: str, family: str) -> str | None:
        """The newest image version (without the family) for a pool's family in the region, None if there is none."""
        catalog = self._catalogs.get(region)
        return None if catalog is None or self._has_ended(family) else catalog.newest_image(family)

    def minors(self, region: str) -> tuple[OfferedMinor, ...]:
        """The minors on offer, oldest first.

        Raises:
            KeyError: there is no such region.
        """
        return self._catalogs[region].minors()

    def images(self, region: str) -> dict[str, str]:
        """The newest image version of each folder-level family that has one.

        Raises:
            KeyError: there is no such region.
        """
        newest = self._catalogs[region].images()
        return {
            family: version for family, version in newest.items() if version is not None and not self._has_ended(family)
        }

    def revision(self, region: str) -> int:
        """Differs whenever the region's offer does."""
        return self._catalogs[region].revision

    def versions(self) -> dict[str, list[str]]:
        """Every region's Kubernetes versions, as the release tracker lists them."""
        return {region: catalog.versions() for region, catalog in self._catalogs.items()}

    def publish(self, facts: Sequence[Fact], regions: Iterable[str] | None = None) -> None:
        """Have facts in force now in the regions, in all of them without any."""
        for region in self.regions if regions is None else regions:
            self._arrive(region, facts)

    def _has_ended(self, family: str) -> bool:
        return has_ended(family, self._clock.now())

    def _schedule(self, timeline: Timeline, rollout_days: int, delays: Mapping[str, timedelta]) -> None:
        now = self._clock.now()
        for at, by_region in find_arrivals(timeline.facts, self.regions, rollout_days, delays).items():
            self.timeline_end = at
            for region, facts in by_region.items():
                if at > now:
                    self._clock.schedule(at, partial(self._arrive, region, facts))
                    continue
                for fact in facts:
                    self._catalogs[region].apply(fact)

    def _arrive(self, region: str, facts: Sequence[Fact]) -> None:
        catalog = self._catalogs[region]
        before = set(catalog.versions())
        for fact in facts:
            catalog.apply(fact)
        new = sorted(set(catalog.versions()) - before, key=numbers)
        images = [_name(fact) for fact in facts if fact.kind == "node_image"]
        self._journal.add("release", region=region, kubernetesVersions=[*new], nodeImages=[*images], note=_note(facts))
        if new or images:
            for listener in self.listeners:
                listener(region, new, images)


def _note(facts: Iterable[Fact]) -> str:
    """What changed besides new versions and images."""
    named = {
        "minor_preview": "{} in preview",
        "minor_ga": "{} generally available",
        "minor_lts": "{} has long-term support",
        "minor_lts_only": "{} on long-term support only",
        "minor_deprecated": "{} deprecated",
        "minor_removed": "{} removed",
        "patch_removed": "{} removed",
        "node_image_withdrawn": "image {} withdrawn",
    }
    return ", ".join(named[fact.kind].format(_name(fact)) for fact in facts if fact.kind in named)


def _name(fact: Fact) -> str:
    """The version, with the family of an image as the release notes write it."""
    return f"{fact.family}-{fact.version}" if isinstance(fact, ImageFact) else fact.version
