"""What Microsoft's client writes as models comes back as the same models, in each of its groups of operations.

The raw responses under it are checked as well: the client itself would not notice a slip.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.core.pipeline import PipelineResponse
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.containerservicefleet import models as fleet

from tests.tools.emulator.builders import SUBSCRIPTION, member, world_content
from tests.tools.emulator.builders import fleet as a_fleet
from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator.sdk_clients import clients_of
from tests.tools.emulator_wire.response_check import response_slips

GROUP, FLEET = "platform", "retail"
FLEET_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/fleets/{FLEET}"
MEMBERS = ("one", "two")


class RawResponses:
    """Collects what is wrong with the responses that the client got."""

    def __init__(self) -> None:
        self.seen = 0
        self.slips: list[str] = []

    def __call__(self, response: PipelineResponse[HttpRequest, HttpResponse]) -> None:
        request, received = response.http_request, response.http_response
        raw = httpx.Response(
            received.status_code,
            headers=dict(received.headers),
            content=received.body(),  # type: ignore[attr-defined]
            request=httpx.Request(request.method, request.url),
        )
        self.seen += 1
        self.slips += response_slips(raw)


@pytest.fixture(scope="module")
def raw_responses() -> RawResponses:
    return RawResponses()


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, raw_responses: RawResponses
) -> Iterator[ContainerServiceFleetMgmtClient]:
    directory = tmp_path_factory.mktemp("sdk")
    world = directory / "world.yaml"
    members = [member(name, group=name, kubernetesVersion="1.30.4") for name in MEMBERS]
    world.write_text(json.dumps(world_content(a_fleet(FLEET, *members))))
    with EmulatorProcess(directory, world=world) as running, clients_of(running, on_response=raw_responses) as clients:
        yield clients.fleet


@pytest.fixture(autouse=True)
def _no_slip(raw_responses: RawResponses) -> Iterator[None]:
    raw_responses.seen, raw_responses.slips = 0, []
    yield
    assert raw_responses.seen
    assert raw_responses.slips == []


def a_strategy() -> fleet.UpdateRunStrategy:
    gate = fleet.GateConfiguration(display_name="go?", type=fleet.GateType.APPROVAL)
    groups = [fleet.UpdateGroup(name=name, max_concurrency="50%") for name in MEMBERS]
    stage = fleet.UpdateStage(
        name="all", groups=groups, after_stage_wait_in_seconds=60, max_concurrency="2", before_gates=[gate]
    )
    return fleet.UpdateRunStrategy(stages=[stage])


def an_upgrade(version: str = "1.30.5") -> fleet.ManagedClusterUpdate:
    return fleet.ManagedClusterUpdate(
        upgrade=fleet.ManagedClusterUpgradeSpec(type=fleet.ManagedClusterUpgradeType.FULL, kubernetes_version=version),
        node_image_selection=fleet.NodeImageSelection(type=fleet.NodeImageSelectionType.CONSISTENT),
    )


def a_run(client: ContainerServiceFleetMgmtClient, name: str) -> fleet.UpdateRunProperties:
    properties = fleet.UpdateRunProperties(strategy=a_strategy(), managed_cluster_update=an_upgrade())
    run = client.update_runs.begin_create_or_update(GROUP, FLEET, name, fleet.UpdateRun(properties=properties)).result()
    assert run.properties is not None
    return run.properties


def state(client: ContainerServiceFleetMgmtClient, run: str) -> str:
    properties = client.update_runs.get(GROUP, FLEET, run).properties
    assert properties is not None
    assert properties.status is not None
    assert properties.status.status is not None
    return str(properties.status.status["state"])


def test_fleets(client: ContainerServiceFleetMgmtClient) -> None:
    hub = fleet.FleetHubProfile(dns_prefix="hub", agent_profile=fleet.AgentProfile(vm_size="Standard_D4s_v5"))
    new = fleet.Fleet(
        location="eastus",
        tags={"owner": "platform"},
        identity=fleet.ManagedServiceIdentity(type=fleet.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
        properties=fleet.FleetProperties(hub_profile=hub),
    )
    made = client.fleets.begin_create_or_update(GROUP, "new", new).result()

    assert made.properties is not None
    assert made.properties.provisioning_state == fleet.FleetProvisioningState.SUCCEEDED
    assert made.properties.hub_profile is not None
    assert made.properties.hub_profile.agent_profile == hub.agent_profile
    assert made.identity is not None
    assert made.identity.principal_id
    assert client.fleets.get(GROUP, "new") == made
    assert [each.name for each in client.fleets.list_by_resource_group(GROUP)] == [FLEET, "new"]
    assert [each.name for each in client.fleets.list_by_subscription()] == [FLEET, "new"]
    [kubeconfig] = client.fleets.list_credentials(GROUP, "new").kubeconfigs or []
    assert json.loads(kubeconfig.value or b"")["kind"] == "Config"
    patched = client.fleets.begin_update(GROUP, "new", fleet.FleetPatch(tags={"owner": "shop"})).result()
    assert patched.tags == {"owner": "shop"}
    client.fleets.begin_delete(GROUP, "new").result()
    with pytest.raises(ResourceNotFoundError):
        client.fleets.get(GROUP, "new")


def test_members(client: ContainerServiceFleetMgmtClient) -> None:
    members = client.fleet_members
    known = members.get(GROUP, FLEET, "two")
    members.begin_delete(GROUP, FLEET, "two").result()
    assert [each.name for each in members.list_by_fleet(GROUP, FLEET)] == ["one"]

    assert known.properties is not None
    properties = fleet.FleetMemberProperties(
        cluster_resource_id=known.properties.cluster_resource_id, group="two", labels={"team": "fleet"}
    )
    made = members.begin_create(GROUP, FLEET, "two", fleet.FleetMember(properties=properties)).result()
    assert made.properties is not None
    assert made.properties.provisioning_state == fleet.FleetMemberProvisioningState.SUCCEEDED
    assert made.properties.cluster_resource_id == properties.cluster_resource_id
    assert made.properties.labels is not None
    assert made.properties.labels["team"] == "fleet"
    update = fleet.FleetMemberUpdate(properties=fleet.FleetMemberUpdateProperties(group="canary"))
    members.begin_update(GROUP, FLEET, "two", update).result()
    back = fleet.FleetMemberUpdate(properties=fleet.FleetMemberUpdateProperties(group="two"))
    patched = members.begin_update(GROUP, FLEET, "two", back).result()
    assert patched.properties is not None
    assert (patched.properties.group, patched.properties.labels) == ("two", made.properties.labels)


def test_update_strategies(client: ContainerServiceFleetMgmtClient) -> None:
    strategies = client.fleet_update_strategies
    content = fleet.FleetUpdateStrategy(properties=fleet.FleetUpdateStrategyProperties(strategy=a_strategy()))
    made = strategies.begin_create_or_update(GROUP, FLEET, "staged", content).result()

    assert made.properties is not None
    assert made.properties.strategy == a_strategy()
    assert strategies.get(GROUP, FLEET, "staged") == made
    assert list(strategies.list_by_fleet(GROUP, FLEET)) == [made]
    strategies.begin_delete(GROUP, FLEET, "staged").result()
    assert list(strategies.list_by_fleet(GROUP, FLEET)) == []


def test_update_runs(client: ContainerServiceFleetMgmtClient) -> None:
    runs, properties = client.update_runs, a_run(client, "run")
    assert (properties.strategy, properties.managed_cluster_update) == (a_strategy(), an_upgrade())
    assert properties.status is not None
    [stage] = properties.status.stages or []
    assert stage.max_concurrency == 2
    assert [group.name for group in stage.groups or []] == [*MEMBERS]

    stale = runs.get(GROUP, FLEET, "run")
    target = fleet.SkipTarget(type=fleet.TargetType.MEMBER, name="one")
    runs.begin_skip(GROUP, FLEET, "run", fleet.SkipProperties(targets=[target])).result()
    with pytest.raises(ResourceModifiedError):
        runs.begin_start(GROUP, FLEET, "run", etag=stale.e_tag, match_condition=MatchConditions.IfNotModified)
    runs.begin_start(GROUP, FLEET, "run").result()
    assert state(client, "run") == fleet.UpdateState.PENDING
    runs.begin_stop(GROUP, FLEET, "run").result()
    assert state(client, "run") == fleet.UpdateState.STOPPED
    assert [each.name for each in runs.list_by_fleet(GROUP, FLEET)] == ["run"]
    runs.begin_delete(GROUP, FLEET, "run").result()
    assert list(runs.list_by_fleet(GROUP, FLEET)) == []


def test_images_of_a_run_come_back_though_the_model_cannot_send_them(client: ContainerServiceFleetMgmtClient) -> None:
    """`NodeImageVersion.version` counts as read-only in the SDK: a typed one is sent empty, a plain object whole."""
    image = {"version": "AKSUbuntu-2204gen2containerd-202409.30.0"}
    body = {
        "properties": {
            "managedClusterUpdate": {
                "upgrade": {"type": "NodeImageOnly"},
                "nodeImageSelection": {"type": "Custom", "customNodeImageVersions": [image]},
            }
        }
    }
    run = client.update_runs.begin_create_or_update(GROUP, FLEET, "custom", json.loads(json.dumps(body))).result()

    assert run.properties is not None
    selection = run.properties.managed_cluster_update.node_image_selection
    assert selection is not None
    assert [each.version for each in selection.custom_node_image_versions or []] == [image["version"]]
    client.update_runs.begin_delete(GROUP, FLEET, "custom").result()


def test_gates(client: ContainerServiceFleetMgmtClient) -> None:
    a_run(client, "gated")
    assert list(client.gates.list_by_fleet(GROUP, FLEET)) == []
    client.update_runs.begin_start(GROUP, FLEET, "gated").result()

    [gate] = client.gates.list_by_fleet(GROUP, FLEET, filter="state eq Pending")
    assert gate.name is not None
    assert gate.properties is not None
    assert (gate.properties.display_name, gate.properties.gate_type) == ("go?", fleet.GateType.APPROVAL)
    assert gate.properties.target.id == f"{FLEET_ID}/updateRuns/gated"
    place = gate.properties.target.update_run_properties
    assert place is not None
    assert (place.name, place.stage, place.group, place.timing) == ("gated", "all", None, fleet.Timing.BEFORE)
    assert client.gates.get(GROUP, FLEET, gate.name) == gate
    approval = fleet.GatePatch(properties=fleet.GatePatchProperties(state=fleet.GateState.COMPLETED))
    approved = client.gates.begin_update(GROUP, FLEET, gate.name, approval).result()
    assert approved.properties is not None
    assert approved.properties.state == fleet.GateState.COMPLETED
    assert state(client, "gated") == fleet.UpdateState.RUNNING
    client.update_runs.begin_stop(GROUP, FLEET, "gated").result()


def test_auto_upgrade_profiles_and_their_action(client: ContainerServiceFleetMgmtClient) -> None:
    profiles = client.auto_upgrade_profiles
    properties = fleet.AutoUpgradeProfileProperties(
        channel=fleet.UpgradeChannel.TARGET_KUBERNETES_VERSION,
        target_kubernetes_version="1.30",
        node_image_selection=fleet.AutoUpgradeNodeImageSelection(type=fleet.AutoUpgradeNodeImageSelectionType.LATEST),
        disabled=True,
        long_term_support=False,
    )
    made = profiles.begin_create_or_update(
        GROUP, FLEET, "slow", fleet.AutoUpgradeProfile(properties=properties)
    ).result()

    assert made.properties is not None
    provisioned = {**properties, "provisioningState": "Succeeded"}
    assert made.properties == fleet.AutoUpgradeProfileProperties(provisioned)
    assert profiles.get(GROUP, FLEET, "slow") == made
    assert list(profiles.list_by_fleet(GROUP, FLEET)) == [made]
    generate = client.auto_upgrade_profile_operations.begin_generate_update_run
    generated = generate(GROUP, FLEET, "slow").result()
    assert generated.id == generate(GROUP, FLEET, "slow").result().id
    run = client.update_runs.get(GROUP, FLEET, generated.id.rpartition("/")[2])
    assert run.properties is not None
    assert run.properties.auto_upgrade_profile_id == f"{FLEET_ID}/autoUpgradeProfiles/slow"
    profiles.begin_delete(GROUP, FLEET, "slow").result()
    assert list(profiles.list_by_fleet(GROUP, FLEET)) == []


def test_managed_namespaces(client: ContainerServiceFleetMgmtClient) -> None:
    """They need a fleet with a hub."""
    hub = fleet.FleetProperties(hub_profile=fleet.FleetHubProfile(dns_prefix="hub"))
    client.fleets.begin_create_or_update(GROUP, "hub", fleet.Fleet(location="eastus", properties=hub)).result()
    namespaces = client.fleet_managed_namespaces
    policy = fleet.NetworkPolicy(ingress=fleet.PolicyRule.ALLOW_SAME_NAMESPACE, egress=fleet.PolicyRule.ALLOW_ALL)
    content = fleet.ManagedNamespaceProperties(
        labels={"team": "shop"},
        default_network_policy=policy,
        default_resource_quota=fleet.ResourceQuota(cpu_request="100m", memory_limit="512Mi"),
    )
    properties = fleet.FleetManagedNamespaceProperties(
        managed_namespace_properties=content,
        adoption_policy=fleet.AdoptionPolicy.NEVER,
        delete_policy=fleet.DeletePolicy.KEEP,
    )
    new = fleet.FleetManagedNamespace(location="eastus", tags={"owner": "shop"}, properties=properties)
    made = namespaces.begin_create_or_update(GROUP, "hub", "shop", new).result()

    assert made.properties is not None
    assert made.properties.provisioning_state == fleet.FleetManagedNamespaceProvisioningState.SUCCEEDED
    assert made.properties.managed_namespace_properties == content
    assert namespaces.get(GROUP, "hub", "shop") == made
    assert list(namespaces.list_by_fleet(GROUP, "hub")) == [made]
    patch = fleet.FleetManagedNamespacePatch(tags={"owner": "platform"})
    assert namespaces.begin_update(GROUP, "hub", "shop", patch).result().tags == {"owner": "platform"}
    namespaces.begin_delete(GROUP, "hub", "shop").result()
    assert list(namespaces.list_by_fleet(GROUP, "hub")) == []
    client.fleets.begin_delete(GROUP, "hub").result()
