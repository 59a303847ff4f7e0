"""Microsoft's client waits for long-running operations of the emulator as a process, and reads its refusals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.containerservicefleet.models import (
    AutoUpgradeProfile,
    AutoUpgradeProfileProperties,
    Fleet,
    FleetHubProfile,
    FleetManagedNamespace,
    FleetManagedNamespaceProperties,
    FleetMember,
    FleetMemberProperties,
    FleetMemberUpdate,
    FleetMemberUpdateProperties,
    FleetPatch,
    FleetProperties,
)

from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator.sdk_clients import clients_of

WHERE = ("platform", "new")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerServiceFleetMgmtClient]:
    with EmulatorProcess(tmp_path_factory.mktemp("emulator")) as running, clients_of(running) as clients:
        yield clients.fleet


def test_a_fleet_lives_by_operations_that_the_client_waits_for(client: ContainerServiceFleetMgmtClient) -> None:
    fleet = Fleet(location="westus2", properties=FleetProperties(hub_profile=FleetHubProfile(dns_prefix="shop")))
    made = client.fleets.begin_create_or_update(*WHERE, fleet).result()
    assert made.properties is not None
    assert made.properties.provisioning_state == "Succeeded"
    assert client.fleets.begin_update(*WHERE, FleetPatch(tags={"a": "b"})).result().tags == {"a": "b"}

    cluster = next(iter(client.fleet_members.list_by_fleet("platform", "retail"))).properties
    assert cluster is not None
    member = FleetMember(properties=FleetMemberProperties(cluster_resource_id=cluster.cluster_resource_id))
    joined = client.fleet_members.begin_create(*WHERE, "one", member).result()
    assert joined.properties is not None
    assert joined.properties.provisioning_state == "Succeeded"
    change = FleetMemberUpdate(properties=FleetMemberUpdateProperties(group="canary"))
    updated = client.fleet_members.begin_update(*WHERE, "one", change).result()
    assert updated.properties is not None
    assert updated.properties.group == "canary"
    assert [each.name for each in client.fleet_members.list_by_fleet(*WHERE, filter="group eq 'canary'")] == ["one"]

    properties = FleetManagedNamespaceProperties(adoption_policy="Never", delete_policy="Keep")
    namespace = FleetManagedNamespace(location="westus2", properties=properties)
    shown = client.fleet_managed_namespaces.begin_create_or_update(*WHERE, "team-a", namespace).result()
    assert (shown.name, shown.location) == ("team-a", "westus2")
    client.fleet_managed_namespaces.begin_delete(*WHERE, "team-a").result()

    [credential] = client.fleets.list_credentials(*WHERE).kubeconfigs or []
    assert credential.value is not None
    assert b"hcp.westus2.azmk8s.io" in credential.value

    client.fleet_members.begin_delete(*WHERE, "one").result()
    assert list(client.fleet_members.list_by_fleet(*WHERE)) == []
    client.fleets.begin_delete(*WHERE).result()
    with pytest.raises(ResourceNotFoundError):
        client.fleets.get(*WHERE)


def test_a_profile_is_refused_changed_and_deleted_as_the_client_expects(
    client: ContainerServiceFleetMgmtClient,
) -> None:
    where = ("platform", "retail", "mine")
    profiles = client.auto_upgrade_profiles
    with pytest.raises(HttpResponseError) as refused:
        profiles.begin_create_or_update(
            *where, AutoUpgradeProfile(properties=AutoUpgradeProfileProperties(channel="TargetKubernetesVersion"))
        )
    assert refused.value.error is not None
    assert (refused.value.status_code, refused.value.error.code, refused.value.error.target) == (
        400,
        "InvalidParameter",
        "properties.targetKubernetesVersion",
    )

    rapid = AutoUpgradeProfile(properties=AutoUpgradeProfileProperties(channel="Rapid"))
    first = profiles.begin_create_or_update(*where, rapid, match_condition=MatchConditions.IfMissing).result()
    with pytest.raises(ResourceExistsError):
        profiles.begin_create_or_update(*where, rapid, match_condition=MatchConditions.IfMissing)
    profiles.begin_create_or_update(*where, rapid).result()
    with pytest.raises(ResourceModifiedError):
        profiles.begin_create_or_update(*where, rapid, etag=first.e_tag, match_condition=MatchConditions.IfNotModified)
    profiles.begin_delete(*where).result()
    with pytest.raises(ResourceNotFoundError):
        profiles.get(*where)
