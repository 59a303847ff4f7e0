"""The types of resource that the app deals in, as `ResourceId.type` has them."""

from __future__ import annotations

CLUSTER_TYPE = "microsoft.containerservice/managedclusters"
FLEET_TYPE = "microsoft.containerservice/fleets"
MEMBER_TYPE = f"{FLEET_TYPE}/members"
STRATEGY_TYPE = f"{FLEET_TYPE}/updatestrategies"
PROFILE_TYPE = f"{FLEET_TYPE}/autoupgradeprofiles"
RUN_TYPE = f"{FLEET_TYPE}/updateruns"
