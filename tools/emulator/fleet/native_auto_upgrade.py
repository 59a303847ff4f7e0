"""Azure's own auto-upgrade: enabled profiles start a run when something is released, and only then.

It is driven by releases and reads no cluster: a profile made after a release waits for the next one, and a version
counts as released once any region of the fleet's members offers it, also where others have to wait for it
(Fleet's documentation on auto-upgrade; github.com/Azure/AKS issues 5741 and 5423).
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.emulator.arm import ArmError, json_time
from tools.emulator.arm.body import flag_at, text_at
from tools.emulator.fleet.generation import Generation, regions_of
from tools.emulator.fleet.profiles import STATUS
from tools.emulator.fleet.resources import Resources
from tools.emulator.journal import Journal
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.engine import UpdateRunEngine
from tools.emulator.update_runs.patches import SECURITY_PATCH
from tools.json_value import Json


class NativeAutoUpgrade:
    """Fires the profiles of those fleets whose world says that Azure does so there."""

    def __init__(self, resources: Resources, generation: Generation, engine: UpdateRunEngine, journal: Journal) -> None:
        self._resources = resources
        self._generation = generation
        self._engine = engine
        self._journal = journal

    def on_release(self, region: str, versions: Sequence[str], images: Sequence[str]) -> None:
        """A region has just got Kubernetes versions, or node images as `family-version`."""
        for fleet in self._resources.estate.fleets.values():
            if fleet.has_native_auto_upgrade and region in regions_of(fleet):
                for profile in fleet.profiles.values():
                    if not flag_at(profile.properties, "disabled"):
                        self._look(fleet, profile, versions, images)

    def _look(self, fleet: Fleet, profile: FleetResource, versions: Sequence[str], images: Sequence[str]) -> None:
        """Fire if what was released is what the channel asks for. UNVERIFIED: what fires channel SecurityPatch."""
        channel = text_at(profile.properties, "channel")
        if channel == SECURITY_PATCH:
            return
        if channel == "NodeImage":
            released = list(images)
        else:
            try:
                wanted = self._generation.version_for(fleet, profile)
            except ArmError:
                return  # nothing that the channel asks for is offered
            released = [version for version in versions if version == wanted]
        if released:
            self._fire(fleet, profile, released)

    def _fire(self, fleet: Fleet, profile: FleetResource, released: list[str]) -> None:
        """Generate the run and start it, unless it is there: then another region was the first.

        UNVERIFIED: that the images are what `lastTriggerUpgradeVersions` holds for the channel NodeImage, and the words
        of `lastTriggerMessage`.
        """
        now = self._resources.clock.now()
        upgrade_versions: list[Json] = [*released]
        status: dict[str, Json] = {"lastTriggeredAt": json_time(now), "lastTriggerStatus": "Succeeded"}
        try:
            run, is_new = self._generation.generate(fleet, profile)
        except ArmError as error:
            status |= {
                "lastTriggerStatus": "Failed",
                "lastTriggerError": {"code": error.code, "message": error.message},
            }
        else:
            if not is_new:
                return
            self._engine.start(run)
            status["lastTriggerMessage"] = f"Generated and started update run {run.name}."
        profile.properties[STATUS] = {**status, "lastTriggerUpgradeVersions": upgrade_versions}
        self._resources.changed(profile)
        self._journal.add("profileFired", profile=profile.id, released=upgrade_versions)
