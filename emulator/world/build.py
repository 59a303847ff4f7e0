"""The estate as a world file describes it, and the members that join later."""

from __future__ import annotations

from functools import partial

from emulator.clock import SimulatedClock
from emulator.documents import DocumentError
from emulator.journal import Journal
from emulator.releases import RegionOffers
from emulator.state import Estate, Fleet, Timing
from emulator.world.clusters import build_cluster
from emulator.world.document import FleetDocument, MemberDocument, WorldDocument, joining_time
from emulator.world.resources import build_fleet, build_member


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


def populate(
    estate: Estate, world: WorldDocument, clock: SimulatedClock, journal: Journal, offers: RegionOffers
) -> None:
    """Put the world's fleets into the estate; members that join later, and their clusters, go on the agenda.

    Raises:
        DocumentError: two clusters would have the same id, or a pool that is there now has no image to begin with.
    """
    for description in world["fleets"]:
        fleet = build_fleet(description, estate.subscription, clock.now())
        estate.fleets[fleet.id.lower()] = fleet
    _check_clusters(world)
    for description, fleet in zip(world["fleets"], estate.fleets.values(), strict=True):
        _populate_fleet(fleet, description, partial(_join, estate, clock, journal, offers), clock)
    estate.touch()


def _populate_fleet(fleet: Fleet, description: FleetDocument, join: partial[None], clock: SimulatedClock) -> None:
    for member in description.get("members", []):
        joins = joining_time(member)
        if joins is None or joins <= clock.now():
            join(fleet, member, announced=False)
        else:
            clock.schedule(joins, partial(join, fleet, member, announced=True))


def _join(
    estate: Estate,
    clock: SimulatedClock,
    journal: Journal,
    offers: RegionOffers,
    fleet: Fleet,
    member: MemberDocument,
    *,
    announced: bool,
) -> None:
    cluster = build_cluster(member, estate.subscription, fleet.resource_group, offers.newest_image)
    resource = build_member(fleet, member, cluster, clock.now())
    cluster.version = estate.touch()
    estate.clusters[cluster.id.lower()] = cluster
    fleet.members[member["name"].lower()] = resource
    if announced:
        journal.add("memberJoined", fleet=fleet.id, member=resource.name, cluster=cluster.id, region=cluster.region)


def _check_clusters(world: WorldDocument) -> None:
    """Clusters are named after their members, and stand in the fleet's resource group."""
    seen: set[tuple[str, str]] = set()
    for fleet in world["fleets"]:
        for member in fleet.get("members", []):
            key = (fleet["resourceGroup"].lower(), member["name"])
            if key in seen:
                raise DocumentError(
                    f"fleet {fleet['name']}: member {member['name']}: a cluster of this name is in the resource group "
                    f"{fleet['resourceGroup']} already"
                )
            seen.add(key)
