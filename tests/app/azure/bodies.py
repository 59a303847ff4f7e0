"""Resources as ARM and Resource Graph show them, for tests: fields as a real fleet has them, few of each."""

from collections.abc import Mapping

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.update_run import UpgradeType
from shared.core.runs.specification import RunSpecification
from tests.app.azure.wire_server import Json

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
UBUNTU = "AKSUbuntu-2204gen2containerd"
ETAG = '"0c0049ae-0000-0700-0000-68b536b00000"'

Body = dict[str, Json]


def group_path(group: str = "platform", subscription: str = SUBSCRIPTION) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerService"


FLEET = f"{group_path()}/fleets/retail"
PROFILE = f"{FLEET}/autoUpgradeProfiles/rapid"
STRATEGY = f"{FLEET}/updateStrategies/canary-first"
RUN = f"{FLEET}/updateRuns/auto-rapid"


def cluster_path(name: str, group: str = "platform") -> str:
    return f"{group_path(group)}/managedClusters/{name}"


def resource(path: str, properties: Json, **more: Json) -> Body:
    """A resource of ARM's."""
    resource_id = ResourceId.parse(path)
    return {
        "id": path,
        "name": resource_id.name,
        "type": path.split("/providers/")[1].replace(f"/{resource_id.name}", ""),
        "properties": properties,
        **more,
    }


def row(body: Body) -> Body:
    """The resource as a row of Resource Graph: types are in lower case there, and the eTag is missing."""
    kept = {key: value for key, value in body.items() if key != "eTag"}
    return {**kept, "type": ResourceId.parse(str(body["id"])).type}


def pool(name: str = "system", version: Json = "1.30.5", image: Json = f"{UBUNTU}-202602.13.0") -> Body:
    return {
        "name": name,
        "orchestratorVersion": "1.30",
        "currentOrchestratorVersion": version,
        "nodeImageVersion": image,
        "osType": "Linux",
        "count": 3,
    }


def cluster(name: str = "shop", *, group: str = "platform", location: Json = "westus2", **properties: Json) -> Body:
    """A cluster; AKS hands out ids with `resourcegroups` in lower case."""
    shown: Body = {
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "kubernetesVersion": "1.30",
        "currentKubernetesVersion": "1.30.5",
        "agentPoolProfiles": [pool()],
        **properties,
    }
    path = cluster_path(name, group).replace("resourceGroups", "resourcegroups")
    return resource(path, shown, location=location, tags={"env": "prod"})


def fleet(**tags: str) -> Body:
    return resource(FLEET, {"provisioningState": "Succeeded"}, location="westus2", tags=tags, eTag=ETAG)


SHOP = cluster_path("shop")


def member(name: str = "shop", cluster_id: Json = SHOP, **properties: Json) -> Body:
    shown: Body = {
        "clusterResourceId": cluster_id,
        "group": "rapid",
        "provisioningState": "Succeeded",
        "labels": {"fleet.azure.com/member-name": name},
        **properties,
    }
    return resource(f"{FLEET}/members/{name}", shown, eTag=ETAG)


def profile(**properties: Json) -> Body:
    shown: Body = {
        "channel": "Rapid",
        "updateStrategyId": STRATEGY,
        "nodeImageSelection": {"type": "Latest"},
        "disabled": False,
        "longTermSupport": False,
        "provisioningState": "Succeeded",
        **properties,
    }
    return resource(PROFILE, shown, eTag=ETAG)


def strategy(*stages: str | Body) -> Body:
    """A strategy with the stages; the name of a group stands for a stage with that group."""
    shown: list[Json] = [_stage_of(stage) if isinstance(stage, str) else stage for stage in stages]
    return resource(STRATEGY, {"provisioningState": "Succeeded", "strategy": {"stages": shown}}, eTag=ETAG)


def _stage_of(group: str) -> Body:
    groups: list[Json] = [{"name": group, "maxConcurrency": "50%"}]
    return {"name": f"stage-{group}", "groups": groups, "afterStageWaitInSeconds": 3600}


def run(
    path: str = RUN,
    *,
    state: Json = "NotStarted",
    update: Json = None,
    members: Mapping[str, Json] | None = None,
    picked: tuple[str, ...] = (),
    etag: str = ETAG,
    **properties: Json,
) -> Body:
    """A run whose members, by name, are in the given states, all in one group of one stage."""
    in_group: list[Json] = [
        {"name": name, "clusterResourceId": cluster_path(name), "status": {"state": member_state}}
        for name, member_state in (members or {}).items()
    ]
    shown: Body = {
        "provisioningState": "Succeeded",
        "updateStrategyId": STRATEGY,
        "managedClusterUpdate": update
        or {"upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"}, "nodeImageSelection": {"type": "Latest"}},
        "status": {
            "status": {"state": state},
            "nodeImageSelection": {"selectedNodeImageVersions": [{"version": image} for image in picked]},
            "stages": [
                {
                    "name": "stage",
                    "status": {"state": state},
                    "groups": [{"name": "rapid", "status": {"state": state}, "members": in_group}],
                }
            ],
        },
        **properties,
    }
    return resource(path, shown, eTag=etag)


def minor(version: Json, *patches: str, plans: Json = None, **more: Json) -> Body:
    return {
        "version": version,
        "capabilities": {"supportPlan": ["KubernetesOfficial"] if plans is None else plans},
        "patchVersions": {patch: {"upgrades": []} for patch in patches},
        **more,
    }


def specification(**changes: object) -> RunSpecification:
    """A Full run to 1.33.5 of the profile."""
    values: dict[str, object] = {
        "profile_id": ResourceId.parse(PROFILE),
        "channel": Channel.RAPID,
        "upgrade_type": UpgradeType.FULL,
        "kubernetes_version": KubernetesVersion(1, 33, 5),
        "node_image_selection": NodeImageSelection.LATEST,
        **changes,
    }
    return RunSpecification(**values)  # type: ignore[arg-type] # the tests name fields of the right types
