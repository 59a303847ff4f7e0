"""Where the wire is known to be wider than the models of the SDKs, each with the reason."""

from __future__ import annotations

from types import NoneType
from typing import Any, Final, Literal

from azure.mgmt.containerservice import models as aks
from azure.mgmt.containerservicefleet import models as fleet

from tests.tools.emulator_wire.strict_model import Deviation

_PREVIEW: Final = "2026-06-02-preview"
_POOLS: Final = (aks.ManagedClusterAgentPoolProfile, aks.ManagedClusterAgentPoolProfileProperties)
_DOCUMENTED: Final = "in the documentation of 2026-06-02-preview, which no SDK has yet: concepts-update-orchestration"
_SPECIFIED: Final = "in the specification of 2026-06-02-preview, which the locked SDK does not have yet"
_OPEN: Final = f"{_SPECIFIED}; the enum is an open one, so that it is shown in every api-version"

DEVIATIONS: Final = (
    Deviation(fleet.UpdateStage, "maxAllowedFailures", str, _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateStageStatus, "maxAllowedFailures", int, _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateStageStatus, "failureCount", int, _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateGroupStatus, "failureCount", int, _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateGroup, "maxAllowedFailures", str, _SPECIFIED, _PREVIEW),
    Deviation(fleet.UpdateGroupStatus, "maxAllowedFailures", int, _SPECIFIED, _PREVIEW),
    Deviation(fleet.GateConfiguration, "scheduledStartConfiguration", dict[str, Any], _SPECIFIED, _PREVIEW),
    Deviation(fleet.GateProperties, "scheduledStartProperties", dict[str, Any], _SPECIFIED, _PREVIEW),
    Deviation(fleet.GateConfiguration, "type", Literal["ScheduledStart"], _OPEN),
    Deviation(fleet.GateProperties, "gateType", Literal["ScheduledStart"], _OPEN),
    Deviation(fleet.AutoUpgradeProfileStatus, "lastTriggerMessage", str, _SPECIFIED, _PREVIEW),
    Deviation(fleet.UpdateRunStatus, "failureCount", int, _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateStage, "memberSelector", dict[str, Any], _DOCUMENTED, _PREVIEW),
    Deviation(fleet.UpdateGroup, "memberSelector", dict[str, Any], _DOCUMENTED, _PREVIEW),
    Deviation(fleet.ClusterResourcePlacementSpec, "rolloutStrategy", dict[str, Any], _SPECIFIED),
    Deviation(
        fleet.FleetMemberProperties,
        "meshProperties",
        dict[str, Any],
        "in the specification of 2026-03-02-preview and 2026-06-02-preview, which the locked SDK does not have",
    ),
    Deviation(
        fleet.AutoUpgradeProfileProperties,
        "channel",
        Literal["SecurityPatch"],
        _OPEN,
    ),
    Deviation(
        aks.ManagedClusterUpgradeProfileProperties,
        "agentPoolProfiles",
        NoneType,
        "null in the recording of `az aks get-upgrades` (aks-preview, test_aks_get_upgrades)",
    ),
    *(
        Deviation(
            pool,
            "mode",
            Literal["Machines", "ManagedSystem"],
            "modes of previews, shown in every api-version as well (Azure/azure-cli pull request 33693)",
        )
        for pool in _POOLS
    ),
    *(
        Deviation(pool, "osSKU", Literal["Flatcar"], "of previews only, for the same reason shown in every api-version")
        for pool in _POOLS
    ),
)


def deviations(api_version: str) -> tuple[Deviation, ...]:
    """What is right beyond the models in responses of an api-version."""
    return tuple(one for one in DEVIATIONS if one.api_version in (None, api_version))
