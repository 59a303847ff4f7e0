"""Reads a fleet with everything in it that decisions need, fresh from Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shared.azure.aks.cluster_reader import ClusterReader
from shared.azure.arm_reads import ArmReads
from shared.azure.capturing import add_body
from shared.azure.clients import PerSubscription
from shared.azure.fleet.parse_fleet import (
    FLEET_FIELDS,
    MEMBER_FIELDS,
    PROFILE_FIELDS,
    STRATEGY_FIELDS,
    cluster_id_of,
    id_of,
    parse_member,
    parse_profile,
    parse_strategy,
    tags_of,
)
from shared.azure.fleet.parse_update_run import RUN_FIELDS, parse_run
from shared.azure.fleet.paths import path_of, place_of
from shared.azure.json_value import JsonObject
from shared.azure.projection import Projection
from shared.azure.sdk_errors import translated
from shared.capture import Capture, Section
from shared.core.model.fleet import Fleet, Member, UpdateStrategy
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown
from shared.errors import NotFoundError, UserMustFixError
from shared.ports import KnownFleet
from shared.threads import TracedThreads


class ArmFleetReader:
    """One for all subscriptions; safe to use from several threads."""

    def __init__(self, clients: PerSubscription, reads: ArmReads, *, is_preview: bool) -> None:
        self._clients = clients
        self._reads = reads
        self._clusters = ClusterReader(clients, reads)
        self._is_preview = is_preview

    def read(
        self,
        profile_id: ResourceId,
        capture: Capture | None,
        *,
        known: KnownFleet | None = None,
        added: Profile | None = None,
    ) -> tuple[Profile, Fleet]:
        """The profile and its fleet; see `shared.ports.FleetReader`.

        Args:
            profile_id: the profile.
            capture: where to add what is read; None for nowhere.
            known: what is not read again.
            added: a profile that counts as one of the fleet.

        Raises:
            NotFoundError: the profile or its fleet does not exist.
        """
        fleet_id = profile_id.parent
        client, where = self._clients.fleet(fleet_id.subscription), place_of(fleet_id)
        with TracedThreads(max_workers=4) as pool:
            members = pool.submit(self._read_members, fleet_id, capture, known)
            fleet = pool.submit(lambda: client.fleets.get(*where[1:]).as_dict())
            runs = pool.submit(lambda: list(self._reads.update_runs.list_by_fleet(*where)))
            profiles = {
                **self._read_profiles(fleet_id, capture),
                **({} if added is None else {added.id: added}),
            }
            profile = profiles.get(profile_id)
            if profile is None:
                raise NotFoundError(str(profile_id))
            strategies = self._strategies(profiles.values(), capture, known)
        with translated("read", str(fleet_id)):
            if capture is not None:
                capture.fleet(FLEET_FIELDS.of(fleet.result()))
                _add_bodies(capture, Section.RUNS, RUN_FIELDS, runs.result())
            return profile, Fleet(
                id=fleet_id,
                tags=tags_of(fleet.result()),
                members=members.result(),
                strategies=strategies,
                profiles=tuple(profiles.values()),
                update_runs=tuple(parse_run(id_of(content), content) for content in runs.result()),
                is_preview=self._is_preview,
            )

    def _read_profiles(self, fleet_id: ResourceId, capture: Capture | None) -> Mapping[ResourceId, Profile]:
        client = self._clients.fleet(fleet_id.subscription)
        with translated("read", str(fleet_id)):
            contents = [
                item.as_dict()
                for item in client.auto_upgrade_profiles.list_by_fleet(fleet_id.resource_group, fleet_id.name)
            ]
        if capture is not None:
            _add_bodies(capture, Section.PROFILES, PROFILE_FIELDS, contents)
        return {id_of(content): parse_profile(id_of(content), content) for content in contents}

    def _strategies(
        self, profiles: Iterable[Profile], capture: Capture | None, known: KnownFleet | None
    ) -> Mapping[ResourceId, UpdateStrategy | Unknown]:
        """The strategies of all profiles: a node image run waits for the members of a Kubernetes run."""
        named = {
            profile.update_strategy_id: None
            for profile in profiles
            if isinstance(profile.update_strategy_id, ResourceId)
            and profile.update_strategy_id.parent == profile.fleet_id
        }
        found: dict[ResourceId, UpdateStrategy | Unknown] = {}
        for strategy_id in named:
            again = known.strategies.get(strategy_id) if known is not None else None
            found.update(self._strategy(strategy_id, capture) if again is None else {strategy_id: again})
        return found

    def _strategy(
        self, strategy_id: ResourceId, capture: Capture | None
    ) -> Mapping[ResourceId, UpdateStrategy | Unknown]:
        client = self._clients.fleet(strategy_id.subscription)
        try:
            with translated("read", str(strategy_id)):
                content = client.fleet_update_strategies.get(*path_of(strategy_id)).as_dict()
        except NotFoundError:
            return {}
        except UserMustFixError as error:
            if capture is not None:
                capture.unreadable(Section.STRATEGIES, [strategy_id], str(error))
            return {strategy_id: Unknown(str(error))}
        strategy = parse_strategy(strategy_id, content)
        add_body(capture, Section.STRATEGIES, strategy_id, content, STRATEGY_FIELDS, strategy)
        return {strategy_id: strategy}

    def _read_members(
        self, fleet_id: ResourceId, capture: Capture | None, known: KnownFleet | None
    ) -> tuple[Member, ...]:
        if known is not None:
            return self._with_clusters(known.members)
        with translated("read", str(fleet_id)):
            contents = list(self._reads.fleet_members.list_by_fleet(*place_of(fleet_id)))
            if capture is not None:
                _add_bodies(capture, Section.MEMBERS, MEMBER_FIELDS, contents)
            named = {cluster_id_of(content) for content in contents}
            wanted = (cluster_id for cluster_id in named if isinstance(cluster_id, ResourceId))
            clusters = self._clusters.read(wanted, capture)
            return tuple(parse_member(id_of(content), content, clusters) for content in contents)

    def _with_clusters(self, members: Sequence[Member]) -> tuple[Member, ...]:
        """Known members, with their clusters as they are now."""
        clusters = self._clusters.read({member.cluster_id for member in members})
        return tuple(
            replace(member, cluster=clusters[member.cluster_id]) if member.cluster_id in clusters else member
            for member in members
        )


def _add_bodies(capture: Capture, section: Section, fields: Projection, contents: Iterable[JsonObject]) -> None:
    for content in contents:
        capture.resource(section, id_of(content), fields.of(content))
