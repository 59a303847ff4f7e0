"""The estate as a world file describes it, and the members that join later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tools.documents import DocumentError, Path
from tools.emulator.aks.busy import end_at, end_operations, operation_in_progress
from tools.emulator.arm.body import text_at
from tools.emulator.clock import SimulatedClock
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import ConnectedCluster, Estate, Fleet, ManagedCluster, OrderedFailures, Timing
from tools.emulator.world.clusters import build_cluster, build_connected_cluster
from tools.emulator.world.faults import InterferingOperation
from tools.emulator.world.model import World, WorldMember
from tools.emulator.world.resources import build_fleet, build_member


def empty_estate(world: World) -> Estate:
    """The estate before anything is in it: its subscription, regions and timing."""
    return Estate(
        subscription=world.subscription,
        tenant=world.tenant,
        regions=tuple(world.regions),
        timing=Timing(world.timing.control_plane_minutes, world.timing.pool_minutes),
    )


def release_delays(world: World) -> dict[str, timedelta]:
    """How much later than its turn a release reaches a region, for regions that are slow."""
    return {name: timedelta(days=slow.release_delay_days) for name, slow in world.faults.regions.items()}


def populate(estate: Estate, world: World, clock: SimulatedClock, journal: Journal, offers: RegionOffers) -> None:
    """Put the world's fleets into the estate; members that join later, and their clusters, are scheduled.

    Raises:
        DocumentError: a pool that exists from the start has no image to begin with.
    """
    joining = _Joining(estate, clock, journal, offers, _ordered_failures(world), world.full_clusters)
    for index, description in enumerate(world.fleets):
        fleet = build_fleet(description, estate.subscription, clock.now())
        estate.have_group(fleet.resource_group, fleet.region)
        estate.fleets[fleet.id.lower()] = fleet
        for number, member in enumerate(description.members):
            path: Path = ("fleets", index, "members", number)
            if member.joins is None or member.joins <= clock.now():
                joining.join(fleet, member, path, announced=False)
            else:
                clock.schedule(member.joins, partial(joining.join, fleet, member, path, announced=True))
    for operation in world.faults.operations:
        if operation.begins <= clock.now():
            _begin(operation, estate, clock)
        else:
            clock.schedule(operation.begins, partial(_begin, operation, estate, clock))
    estate.touch()


def _begin(operation: InterferingOperation, estate: Estate, clock: SimulatedClock) -> None:
    """Make a member's cluster busy, if it exists and is not busy already."""
    fleet_name, _, name = operation.member.partition("/")
    members = [fleet.members.get(name.lower()) for fleet in estate.fleets.values() if fleet.name == fleet_name]
    ids = [text_at(member.properties, "clusterResourceId").lower() for member in members if member is not None]
    has_ended = operation.ends is not None and operation.ends <= clock.now()
    for cluster in (estate.clusters[known] for known in ids if known in estate.clusters and not has_ended):
        if operation_in_progress(cluster):
            continue
        cluster.provisioning_state = operation.provisioning_state
        cluster.version = estate.touch()
        if operation.ends is not None:
            end_at(cluster, operation.ends, estate, clock)


def _ordered_failures(world: World) -> dict[str, OrderedFailures]:
    """By fleet and member, as `retail/shop`."""
    return {
        upgrades.member: OrderedFailures(upgrades.times, upgrades.provisioning_state)
        for upgrades in world.faults.upgrades
    }


@dataclass(frozen=True)
class _Joining:
    """Creates members and their clusters."""

    estate: Estate
    clock: SimulatedClock
    journal: Journal
    offers: RegionOffers
    failures: dict[str, OrderedFailures]
    full_clusters: bool

    def join(self, fleet: Fleet, member: WorldMember, path: Path, *, announced: bool) -> None:
        now = self.clock.now()
        cluster: ManagedCluster | ConnectedCluster
        if member.cluster_type == "managedClusters":
            cluster = self._create(fleet, member, path)
        else:
            cluster = build_connected_cluster(member, self.estate.subscription, fleet.resource_group)
            self.estate.connected_clusters[cluster.id.lower()] = cluster
            self.estate.touch()
        resource = build_member(fleet, member, cluster, now)
        fleet.members[member.name.lower()] = resource
        if announced:
            self.journal.add(
                "memberJoined", fleet=fleet.id, member=resource.name, cluster=cluster.id, region=cluster.region
            )

    def _create(self, fleet: Fleet, member: WorldMember, path: Path) -> ManagedCluster:
        """Create a member's cluster; an operation whose end is in the past has ended."""
        now, subscription = self.clock.now(), self.estate.subscription
        try:
            cluster = build_cluster(member, subscription, fleet.resource_group, self.offers.newest_image, now)
        except DocumentError as error:
            raise error.below(*path) from None
        cluster.failures = self.failures.get(f"{fleet.name}/{member.name}", OrderedFailures())
        cluster.shows_everything = self.full_clusters
        cluster.version = self.estate.touch()
        self.estate.clusters[cluster.id.lower()] = cluster
        if member.busy_until is not None and member.busy_until <= now:
            end_operations(cluster, self.estate)
        elif member.busy_until is not None:
            end_at(cluster, member.busy_until, self.estate, self.clock)
        return cluster
