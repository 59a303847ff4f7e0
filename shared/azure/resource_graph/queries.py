"""The queries: two that read everything, and a small one that finds whether any update run has to be watched."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.azure.aks.parse_cluster import CLUSTER_FIELDS
from shared.azure.fleet.parse_fleet import FLEET_FIELDS, MEMBER_FIELDS, PROFILE_FIELDS, STRATEGY_FIELDS
from shared.azure.fleet.parse_update_run import RUN_FIELDS
from shared.azure.resource_graph.columns import Columns
from shared.core.model.ids import (
    CLUSTER_TYPE,
    FLEET_TYPE,
    MEMBER_TYPE,
    PROFILE_TYPE,
    RUN_TYPE,
    STRATEGY_TYPE,
    ResourceId,
)

_PROVIDER = "microsoft.containerservice"
TOP_COLUMNS = Columns({FLEET_TYPE: FLEET_FIELDS, CLUSTER_TYPE: CLUSTER_FIELDS})
CHILD_COLUMNS = Columns(
    {
        MEMBER_TYPE: MEMBER_FIELDS,
        STRATEGY_TYPE: STRATEGY_FIELDS,
        PROFILE_TYPE: PROFILE_FIELDS,
        RUN_TYPE: RUN_FIELDS,
    }
)

FLEETS_AND_CLUSTERS = (
    f"resources | where type in~ ('{_PROVIDER}/fleets', '{_PROVIDER}/managedclusters')"
    f" | {TOP_COLUMNS.project({})} | order by id asc"
)
"""The first query of a sweep.

Clusters that are no members come too: Microsoft's page on Resource Graph's query language does not name `aksresources`,
which has the members, among the tables that can be joined. UNVERIFIED: that a join fails.
"""


def children_of_fleets(ended_since: datetime) -> str:
    """The second query of a sweep: all children of fleets. Runs that ended before come without their members' states.

    A profile that depends on those looks due to the sweep, and is decided on what ARM has: nothing is done twice.
    """
    is_old = (
        "tostring(properties.status.status.state) in ('Completed', 'Failed', 'Skipped', 'Stopped')"
        f" and todatetime(properties.status.status.completedTime) < {_kql(ended_since)}"
    )
    stages = f"iff({is_old}, dynamic(null), properties.status.stages)"
    return (
        f"aksresources | where type in~ ('{_PROVIDER}/fleets/members', '{_PROVIDER}/fleets/updatestrategies',"
        f" '{_PROVIDER}/fleets/autoupgradeprofiles', '{_PROVIDER}/fleets/updateruns')"
        f" | {CHILD_COLUMNS.project({'properties.status.stages': stages})} | order by id asc"
    )


def runs_to_watch(ended_since: datetime, failed_since: datetime) -> str:
    """One row if a run is in progress, or ended or failed lately; an unknown state counts as in progress."""
    return (
        "aksresources | where type =~ 'microsoft.containerservice/fleets/updateruns'"
        " | extend state = tostring(properties.status.status.state),"
        " completed = todatetime(properties.status.status.completedTime)"
        " | where state !in ('NotStarted', 'Completed', 'Failed', 'Skipped', 'Stopped')"
        f" or completed >= {_kql(ended_since)}"
        f" or (state == 'Failed' and completed >= {_kql(failed_since)})"
        " | project id | take 1"
    )


def fleet_with_id(fleet_id: ResourceId) -> str:
    """One row if the fleet is in the scope of the query. A `ResourceId` has no quotes."""
    return f"resources | where type =~ '{_PROVIDER}/fleets' | where id =~ '{fleet_id}' | project id | take 1"


def _kql(moment: datetime) -> str:
    return f"datetime({moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z)"
