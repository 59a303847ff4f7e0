"""The estate as a world file describes it, and the members that join later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tools.emulator.clock import SimulatedClock
from tools.emulator.documents import DocumentError, Path
from tools.emulator.journal import Journal
from tools.emulator.releases import RegionOffers
from tools.emulator.state import Estate, Fleet, OrderedFailures, Timing
from tools.emulator.world.clusters import build_cluster
from tools.emulator.world.document import MemberDocument, WorldDocument, joining_time
from tools.emulator.world.resources import build_fleet, build_member


def empty_estate(world: WorldDocument) -> Estate:
    """The estate before anything is in it: its subscription, regions and timing."""
    timing = world.get("timing", {})
    return Estate(
        subscription=world["subscription"],
        tenant=world["tenant"],
        regions=tuple(world["regions"]),
        timing=Timing(
            control_plane_minutes=timing.get("controlPlaneMinutes", Timing.control_plane_minutes),
            pool_minutes=timing.get("poolMinutes", Timing.pool_minutes),
        ),
    )


def release_delays(world: WorldDocument) -> dict[str, timedelta]:
    """How much later than its turn a release comes to a region, for those regions that are slow."""
    regions = world.get("faults", {}).get("regions", {})
    return {name: timedelta(days=fault["releaseDelayDays"]) for name, fault in regions.items()}


def populate(
    estate: Estate, world: WorldDocument, clock: SimulatedClock, journal: Journal, offers: RegionOffers
) -> None:
    """Put the world's fleets into the estate; members that join later, and their clusters, go on the agenda.

    Raises:
        DocumentError: a pool that is there now has no image to begin with.
    """
    joining = _Joining(estate, clock, journal, offers, _ordered_failures(world))
    for index, description in enumerate(world["fleets"]):
        fleet = build_fleet(description, estate.subscription, clock.now())
        estate.fleets[fleet.id.lower()] = fleet
        for number, member in enumerate(description.get("members", [])):
            path: Path = ("fleets", index, "members", number)
            joins = joining_time(member)
            if joins is None or joins <= clock.now():
                joining.join(fleet, member, path, announced=False)
            else:
                clock.schedule(joins, partial(joining.join, fleet, member, path, announced=True))
    estate.touch()


def _ordered_failures(world: WorldDocument) -> dict[str, OrderedFailures]:
    """By fleet and member, as `retail/shop`."""
    return {
        upgrade["member"]: OrderedFailures(
            times=upgrade.get("times", 1),
            provisioning_state=upgrade.get("provisioningState", OrderedFailures.provisioning_state),
        )
        for upgrade in world.get("faults", {}).get("upgrades", [])
    }


@dataclass(frozen=True)
class _Joining:
    """Members join, and their clusters are made."""

    estate: Estate
    clock: SimulatedClock
    journal: Journal
    offers: RegionOffers
    failures: dict[str, OrderedFailures]

    def join(self, fleet: Fleet, member: MemberDocument, path: Path, *, announced: bool) -> None:
        now = self.clock.now()
        try:
            cluster = build_cluster(
                member, self.estate.subscription, fleet.resource_group, self.offers.newest_image, now
            )
        except DocumentError as error:
            raise error.below(*path) from None
        cluster.failures = self.failures.get(f"{fleet.name}/{member['name']}", OrderedFailures())
        cluster.version = self.estate.touch()
        resource = build_member(fleet, member, cluster, now)
        self.estate.clusters[cluster.id.lower()] = cluster
        fleet.members[member["name"].lower()] = resource
        if announced:
            self.journal.add(
                "memberJoined", fleet=fleet.id, member=resource.name, cluster=cluster.id, region=cluster.region
            )
