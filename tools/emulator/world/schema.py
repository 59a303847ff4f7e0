"""The form of a world file."""

from __future__ import annotations

from typing import Final

from tools.emulator.aks.maintenance_schema import CONFIGURATION, DEFAULT_CONFIGURATION
from tools.emulator.state import MAINTENANCE_CONFIGURATIONS
from tools.emulator.world.schema_faults import FAULTS
from tools.emulator.world.schema_parts import AMOUNT, COUNT, NAME, REGION, TAGS, TIME, a_list, an_object, said
from tools.json_value import Json

_GUID: Final[dict[str, Json]] = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_CONCURRENCY: Final[dict[str, Json]] = said(
    {"type": "string", "pattern": "^([1-9][0-9]*|([1-9][0-9]?|100)%)$"}, "How many clusters at once: a count or N%."
)
_ALLOWED_FAILURES: Final[dict[str, Json]] = said(
    {"type": "string", "pattern": "^(0|[1-9][0-9]*|(0|[1-9][0-9]?|100)%)$"},
    "How many clusters may fail before the stage does: a count or N%.",
)
_IMAGE_VERSION: Final[dict[str, Json]] = {"type": "string", "pattern": r"^\d+(\.\d+)+$"}
_PATCH: Final[dict[str, Json]] = {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"}
_MAINTENANCE: Final[dict[str, Json]] = an_object(
    {name: DEFAULT_CONFIGURATION if name == "default" else CONFIGURATION for name in MAINTENANCE_CONFIGURATIONS}
)

_POOL: Final = an_object(
    {
        "name": NAME,
        "family": said(
            {"type": "string", "pattern": "^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$"},
            "The node image without its version, such as AKSUbuntu-2204gen2containerd; gen2arm64 is in those of Arm.",
        ),
        "nodeImage": said(_IMAGE_VERSION, "The image's version; default: the cluster's, or the newest in the region."),
        "mode": {"enum": ["System", "User"]},
        "count": said(COUNT, "Nodes, default 3."),
        "snapshot": said({"type": "string"}, "The id of the node pool snapshot that it was made from."),
    },
    "name",
    "family",
)
_MEMBER: Final = an_object(
    {
        "name": said(NAME, "Of the member and of its cluster."),
        "group": said(NAME, "The update group, as strategies name it."),
        "region": said(REGION, "One of `regions`."),
        "kubernetesVersion": said(_PATCH, "Of the control plane and all pools, default 1.30.5."),
        "pools": a_list(_POOL, 1),
        "joins": said(TIME, "When the cluster is made and joins the fleet; default: it is there from the start."),
        "powerState": {"enum": ["Running", "Stopped"]},
        "supportPlan": {"enum": ["KubernetesOfficial", "AKSLongTermSupport"]},
        "nodeImage": said(_IMAGE_VERSION, "Of the pools that have none of their own."),
        "nodeProvisioning": said({"enum": ["Manual", "Auto"]}, "Auto: node auto-provisioning."),
        "sku": {"enum": ["Base", "Automatic"]},
        "upgradeChannel": {"enum": ["rapid", "stable", "patch", "node-image", "none"]},
        "nodeOSUpgradeChannel": {"enum": ["None", "Unmanaged", "NodeImage", "SecurityPatch"]},
        "maintenanceConfigurations": said(_MAINTENANCE, "By name, each with its `properties` as AKS has them."),
        "tags": TAGS,
    },
    "name",
    "region",
    "pools",
)
_GATES: Final = said(
    a_list(
        an_object(
            {"displayName": {"type": "string", "minLength": 1, "maxLength": 100}, "type": {"enum": ["Approval"]}},
            "type",
        )
    ),
    "Approvals to wait for.",
)
_GROUP: Final = an_object(
    {"name": NAME, "maxConcurrency": _CONCURRENCY, "beforeGates": _GATES, "afterGates": _GATES}, "name"
)
_STAGE: Final = an_object(
    {
        "name": NAME,
        "groups": a_list(_GROUP, 1),
        "maxConcurrency": _CONCURRENCY,
        "maxAllowedFailures": _ALLOWED_FAILURES,
        "beforeGates": _GATES,
        "afterGates": _GATES,
        "afterStageWaitInSeconds": COUNT,
    },
    "name",
    "groups",
)
_STRATEGY: Final = an_object({"name": NAME, "stages": a_list(_STAGE, 1)}, "name", "stages")
_PROFILE: Final = an_object(
    {
        "name": NAME,
        "channel": {"enum": ["Rapid", "Stable", "TargetKubernetesVersion", "NodeImage"]},
        "updateStrategy": said(NAME, "One of the fleet's strategies; default: all members, one by one."),
        "nodeImageSelection": {"enum": ["Latest", "Consistent"]},
        "targetKubernetesVersion": said(
            {"type": ["string", "null"], "pattern": r"^\d+\.\d+$"}, 'For TargetKubernetesVersion; in quotes: "1.34".'
        ),
        "longTermSupport": {"type": "boolean"},
        "disabled": {"type": "boolean"},
    },
    "name",
    "channel",
)
_FLEET: Final = an_object(
    {
        "name": {**NAME, "maxLength": 63},
        "resourceGroup": said(
            {"type": "string", "pattern": r"^[-\w().]{1,90}$"}, "Of the fleet and of its members' clusters."
        ),
        "region": said(REGION, "One of `regions`."),
        "tags": said(TAGS, "The app's policies are tags of the fleet."),
        "nativeAutoUpgrade": said(
            {"type": "boolean"},
            "Whether enabled profiles start runs at releases, as they do in Azure; default: only the app does.",
        ),
        "members": a_list(_MEMBER),
        "strategies": a_list(_STRATEGY),
        "profiles": a_list(_PROFILE),
    },
    "name",
    "resourceGroup",
    "region",
)
_TIMING: Final = an_object(
    {
        "controlPlaneMinutes": said(AMOUNT, "Simulated, default 20."),
        "poolMinutes": said(AMOUNT, "Simulated, default 10."),
    }
)
WORLD: Final[dict[str, Json]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A world of the emulator",
    "type": "object",
    "properties": {
        "regions": said(
            {"type": "array", "items": REGION, "minItems": 1, "uniqueItems": True},
            "In the order in which releases reach them.",
        ),
        "subscription": said(_GUID, "The one that everything is in."),
        "tenant": _GUID,
        "start": said(TIME, "The simulated time to begin at; default: where the timeline begins."),
        "timing": said(_TIMING, "How long upgrades take."),
        "fleets": a_list(_FLEET),
        "faults": said(FAULTS, "What goes wrong."),
    },
    "patternProperties": {"^x-": {"description": "Whatever you like, for anchors to refer to."}},
    "required": ["regions", "subscription", "tenant", "fleets"],
    "additionalProperties": False,
}
