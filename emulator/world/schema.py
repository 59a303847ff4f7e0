"""The form of a world file."""

from __future__ import annotations

from typing import Final

from emulator.json_value import Json
from emulator.state import MAINTENANCE_CONFIGURATIONS

_NAME: Final[Json] = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 50}
_FLEET_NAME: Final[Json] = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}
_GUID: Final[Json] = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_REGION: Final[Json] = {"type": "string", "pattern": "^[a-z0-9]+$"}
_TAGS: Final[Json] = {"type": "object", "additionalProperties": {"type": "string"}}
_MINUTES: Final[Json] = {"type": "number", "minimum": 0}
_CONCURRENCY: Final[Json] = {"type": "string", "pattern": "^([1-9][0-9]*|([1-9][0-9]?|100)%)$"}
_ALLOWED_FAILURES: Final[Json] = {"type": "string", "pattern": "^(0|[1-9][0-9]*|(0|[1-9][0-9]?|100)%)$"}
_IMAGE_VERSION: Final[Json] = {"type": "string", "pattern": r"^\d+(\.\d+)+$"}
_PATCH: Final[Json] = {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"}


def _object(properties: dict[str, Json], *required: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _list(items: Json, least: int = 0) -> Json:
    return {"type": "array", "items": items, "minItems": least}


_POOL: Final = _object(
    {
        "name": _NAME,
        "family": {"type": "string", "pattern": "^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$"},
        "nodeImage": _IMAGE_VERSION,
        "mode": {"enum": ["System", "User"]},
        "count": {"type": "integer", "minimum": 0},
        "snapshot": {"type": "string"},
    },
    "name",
    "family",
)
_MEMBER: Final = _object(
    {
        "name": _NAME,
        "group": _NAME,
        "region": _REGION,
        "kubernetesVersion": _PATCH,
        "pools": _list(_POOL, 1),
        "joins": {"type": "string"},
        "powerState": {"enum": ["Running", "Stopped"]},
        "supportPlan": {"enum": ["KubernetesOfficial", "AKSLongTermSupport"]},
        "nodeImage": _IMAGE_VERSION,
        "nodeProvisioning": {"enum": ["Manual", "Auto"]},
        "sku": {"enum": ["Base", "Automatic"]},
        "upgradeChannel": {"enum": ["rapid", "stable", "patch", "node-image", "none"]},
        "nodeOSUpgradeChannel": {"enum": ["None", "Unmanaged", "NodeImage", "SecurityPatch"]},
        "maintenanceConfigurations": {
            "type": "object",
            "propertyNames": {"enum": [*MAINTENANCE_CONFIGURATIONS]},
            "additionalProperties": {"type": "object"},
        },
        "tags": _TAGS,
    },
    "name",
    "region",
    "pools",
)
_GROUP: Final = _object({"name": _NAME, "maxConcurrency": _CONCURRENCY}, "name")
_STAGE: Final = _object(
    {
        "name": _NAME,
        "groups": _list(_GROUP, 1),
        "maxConcurrency": _CONCURRENCY,
        "maxAllowedFailures": _ALLOWED_FAILURES,
        "afterStageWaitInSeconds": {"type": "integer", "minimum": 0},
    },
    "name",
    "groups",
)
_STRATEGY: Final = _object({"name": _NAME, "stages": _list(_STAGE, 1)}, "name", "stages")
_PROFILE: Final = _object(
    {
        "name": _NAME,
        "channel": {"enum": ["Rapid", "Stable", "TargetKubernetesVersion", "NodeImage"]},
        "updateStrategy": _NAME,
        "nodeImageSelection": {"enum": ["Latest", "Consistent"]},
        "targetKubernetesVersion": {"type": ["string", "null"], "pattern": r"^\d+\.\d+$"},
        "longTermSupport": {"type": "boolean"},
        "disabled": {"type": "boolean"},
    },
    "name",
    "channel",
)
_FLEET: Final = _object(
    {
        "name": _FLEET_NAME,
        "resourceGroup": {"type": "string", "pattern": r"^[-\w().]{1,90}$"},
        "region": _REGION,
        "tags": _TAGS,
        "members": _list(_MEMBER),
        "strategies": _list(_STRATEGY),
        "profiles": _list(_PROFILE),
    },
    "name",
    "resourceGroup",
    "region",
)
WORLD: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "regions": {"type": "array", "items": _REGION, "minItems": 1, "uniqueItems": True},
        "subscription": _GUID,
        "tenant": _GUID,
        "timing": _object({"controlPlaneMinutes": _MINUTES, "poolMinutes": _MINUTES}),
        "fleets": _list(_FLEET),
    },
    "required": ["regions", "subscription", "tenant", "fleets"],
    "additionalProperties": False,
}
