"""The form of what goes wrong in a world."""

from __future__ import annotations

from typing import Final

from tools.emulator.fault_schema import REQUEST_FAULT
from tools.emulator.world.schema_parts import AMOUNT, POSITIVE, a_list, an_object, said
from tools.json_value import Json

_BUCKET: Final[dict[str, Json]] = an_object(
    {
        "size": said(POSITIVE, "How many requests at once."),
        "refillPerSecond": said({"type": "number", "exclusiveMinimum": 0}, "How many more come back in a second."),
    }
)
_THROTTLING: Final[dict[str, Json]] = an_object(
    {
        "reads": said(_BUCKET, "Default: 250 requests, 25 more in a second."),
        "writes": said(_BUCKET, "Default: 200 requests, 10 more in a second."),
        "deletes": said(_BUCKET, "Default: 200 requests, 10 more in a second."),
        "resourceGraph": said(
            an_object({"queries": POSITIVE, "seconds": {"type": "number", "exclusiveMinimum": 0}}),
            "Default: 15 queries in 5 seconds.",
        ),
    }
)
_UPGRADE: Final[dict[str, Json]] = an_object(
    {
        "member": said({"type": "string", "pattern": "^[^/]+/[^/]+$"}, "FLEET/MEMBER"),
        "times": said(POSITIVE, "How many upgrades of it fail, default 1."),
        "provisioningState": said(
            {"enum": ["Succeeded", "Failed"]}, "The state that this leaves the cluster in, default Failed."
        ),
    },
    "member",
)
FAULTS: Final[dict[str, Json]] = an_object(
    {
        "regions": said(
            {
                "type": "object",
                "additionalProperties": an_object(
                    {"releaseDelayDays": said(AMOUNT, "Days after its turn at which a release comes.")},
                    "releaseDelayDays",
                ),
            },
            "Regions that are slow to get releases, by name.",
        ),
        "upgrades": said(a_list(_UPGRADE), "Clusters whose next upgrades by an update run fail."),
        "requests": said(
            a_list(REQUEST_FAULT),
            "Faults that requests meet, each request the first that fits; as PUT /emulator/faults.",
        ),
        "latency": said(
            an_object({"milliseconds": AMOUNT}, "milliseconds"), "What every answer is late, in real milliseconds."
        ),
        "throttling": said(
            _THROTTLING,
            "Switches the rate limits of ARM and Resource Graph on, in real time; {} for the documented ones.",
        ),
    }
)
