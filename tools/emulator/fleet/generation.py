"""`generateUpdateRun`: Fleet's own choice of a version, from what any region of a member offers."""

from __future__ import annotations

import hashlib

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter
from tools.emulator.arm.body import flag_at, object_at, text_at
from tools.emulator.connected_clusters import is_connected_cluster
from tools.emulator.fleet.profiles import KIND, STATUS
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, Resources
from tools.emulator.fleet.rules import MAXIMUM_CHILD_NAME
from tools.emulator.fleet.rules.profiles import check_channel
from tools.emulator.fleet.runs import Runs
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.patches import SECURITY_PATCH, patch_date
from tools.json_value import Json
from tools.releases import numbers

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_SUFFIX_DIGITS = 6
_STANDARD_SUPPORT_MINORS = 2
_FOR_NODES = frozenset({"NodeImage", SECURITY_PATCH})


class Generation:
    """The action on profiles; it returns 200 with the id alone, and of an existing run if there is one."""

    def __init__(self, resources: Resources, offers: RegionOffers, runs: Runs) -> None:
        self._resources = resources
        self._offers = offers
        self._runs = runs

    def register(self, router: ArmRouter) -> None:
        """Add the route."""
        router.add("POST", f"{FLEET}/{KIND}/{{name}}/generateUpdateRun", self._generate, api_versions=API_VERSIONS)

    def _generate(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        profile = self._resources.child(request, fleet.profiles, KIND)
        check_channel(text_at(profile.properties, "channel"), request.api_version, "channel")
        run, _ = self.generate(fleet, profile)
        return ArmResponse(body={"id": run.id})

    def generate(self, fleet: Fleet, profile: FleetResource) -> tuple[FleetResource, bool]:
        """The profile's run as things are, and whether it is new; nothing is started.

        Raises:
            ArmError: there is no run to generate.
        """
        channel, version = text_at(profile.properties, "channel"), self.version_for(fleet, profile)
        name = _name(profile, channel, version, self._nodes(fleet, channel) if version is None else "")
        if len(name) > MAXIMUM_CHILD_NAME:  # UNVERIFIED: what the service does with a long name
            raise ArmError(400, "InvalidParameter", f"The generated name '{name}' is longer than {MAXIMUM_CHILD_NAME}.")
        run = fleet.runs.get(name)
        if run is not None:
            return run, False
        return self._runs.create(fleet, _properties(profile, version), name)

    def version_for(self, fleet: Fleet, profile: FleetResource) -> str | None:
        """The Kubernetes version that the profile's channel asks for now; None for a channel for nodes alone.

        Raises:
            ArmError: no region offers one.
        """
        channel = text_at(profile.properties, "channel")
        if channel in _FOR_NODES:
            return None
        offered = self._newest_patches(fleet, long_term_support=flag_at(profile.properties, "longTermSupport"))
        if not offered:
            raise ArmError(409, "NoVersionAvailable", "No region of the fleet's members offers a version.")
        major, newest = max(self._newest_patches(fleet, long_term_support=False) or offered)
        wanted = {"Rapid": (major, newest), "Stable": (major, newest - 1)}.get(channel)
        if wanted is None:
            parts = numbers(text_at(profile.properties, "targetKubernetesVersion"))
            wanted = (parts[0], parts[1])
        if wanted not in offered:
            raise ArmError(409, "NoVersionAvailable", f"No patch of {wanted[0]}.{wanted[1]} is offered.")
        return offered[wanted]

    def _newest_patches(self, fleet: Fleet, *, long_term_support: bool) -> dict[tuple[int, int], str]:
        plan = "AKSLongTermSupport" if long_term_support else "KubernetesOfficial"
        newest: dict[tuple[int, int], str] = {}
        for region in regions_of(fleet):
            for version in self._offers.versions()[region]:
                if self._offers.offers_version(region, version, plan):
                    parts = numbers(version)
                    known = newest.get((parts[0], parts[1]), version)
                    newest[parts[0], parts[1]] = max(known, version, key=numbers)
        return newest

    def _nodes(self, fleet: Fleet, channel: str) -> str:
        """What the channel has for nodes now: another one makes another run. UNVERIFIED for SecurityPatch."""
        if channel == SECURITY_PATCH:
            return patch_date(self._resources.clock.now())
        return str([(region, sorted(self._offers.images(region).items())) for region in regions_of(fleet)])


def regions_of(fleet: Fleet) -> list[str]:
    """The regions of the members that update runs support."""
    labels = [
        object_at(member.properties, "labels")
        for member in fleet.members.values()
        if not is_connected_cluster(text_at(member.properties, "clusterResourceId"))
    ]
    return sorted({text_at(label, "fleet.azure.com/location") for label in labels})


def _name(profile: FleetResource, channel: str, version: str | None, images: str) -> str:
    """As Azure's: `auto-{profile}-{channel}-{version}-{suffix}`; the suffix is our own, its real recipe is unknown."""
    properties = {key: value for key, value in profile.properties.items() if key not in {"disabled", STATUS}}
    digest = hashlib.sha256(f"{profile.id.lower()} {version} {images} {sorted(properties.items())}".encode()).digest()
    number, digits = int.from_bytes(digest[:8], "big"), ""
    for _ in range(_SUFFIX_DIGITS):
        number, rest = divmod(number, 36)
        digits += _BASE36[rest]
    middle = f"-{version.replace('.', '-')}" if version else ""
    return f"auto-{profile.name}-{channel.lower()}{middle}-1{digits}"


def _properties(profile: FleetResource, version: str | None) -> dict[str, Json]:
    """UNVERIFIED for SecurityPatch: the upgrade type, and the selection of node images."""
    upgrade: dict[str, Json] = {"type": "NodeImageOnly"}
    if version is not None:
        upgrade = {"type": "Full", "kubernetesVersion": version}
    is_consistent = text_at(profile.properties, "channel") == "NodeImage"
    selection = "Consistent" if is_consistent else text_at(profile.properties, "nodeImageSelection", "type") or "Latest"
    properties: dict[str, Json] = {
        "autoUpgradeProfileId": profile.id,
        "managedClusterUpdate": {"upgrade": upgrade, "nodeImageSelection": {"type": selection}},
    }
    if text_at(profile.properties, "updateStrategyId"):
        properties["updateStrategyId"] = text_at(profile.properties, "updateStrategyId")
    return properties
