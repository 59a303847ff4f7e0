"""Microsoft's client reads the emulated AKS over TLS with a managed identity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservice.models import (
    MaintenanceConfiguration,
    MaintenanceConfigurationProperties,
    MaintenanceWindow,
    Schedule,
    WeeklySchedule,
)

from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator.sdk_clients import clients_of


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ContainerServiceClient]:
    with EmulatorProcess(tmp_path) as running, clients_of(running) as clients:
        yield clients.aks


def test_versions_clusters_and_images_are_read(client: ContainerServiceClient) -> None:
    offered = client.managed_clusters.list_kubernetes_versions("westus2").values_property or []
    assert {str(minor.version) for minor in offered} == {"1.29", "1.30"}
    clusters = list(client.managed_clusters.list())
    assert len(clusters) == 16
    cluster = client.managed_clusters.get("PLATFORM", "shop-eastus")
    assert cluster.properties is not None
    assert cluster.properties.current_kubernetes_version == "1.30.5"
    profile = client.agent_pools.get_upgrade_profile("platform", "shop-eastus", "web")
    assert profile.properties.latest_node_image_version == "AKSUbuntu-2204gen2containerd-202409.30.0"


def test_maintenance_configurations_are_written_and_read(client: ContainerServiceClient) -> None:
    configurations = client.maintenance_configurations
    assert list(configurations.list_by_managed_cluster("platform", "shop-eastus")) == []
    window = MaintenanceWindow(
        schedule=Schedule(weekly=WeeklySchedule(interval_weeks=1, day_of_week="Sunday")),
        duration_hours=8,
        utc_offset="+05:30",
        start_date=date(2026, 1, 4),
        start_time="00:00",
    )
    name = "aksManagedAutoUpgradeSchedule"
    wanted = MaintenanceConfiguration(properties=MaintenanceConfigurationProperties(maintenance_window=window))
    configurations.create_or_update("platform", "shop-eastus", name, wanted)

    [listed] = configurations.list_by_managed_cluster("platform", "shop-eastus")
    assert listed.name == name
    assert listed.properties is not None
    assert listed.properties.maintenance_window == window
    configurations.delete("platform", "shop-eastus", name)
    assert list(configurations.list_by_managed_cluster("platform", "shop-eastus")) == []


def test_an_operation_ends_with_simulated_time_and_another_is_refused_meanwhile(tmp_path: Path) -> None:
    with EmulatorProcess(tmp_path) as running, clients_of(running) as clients:
        pools = clients.aks.agent_pools
        poller = pools.begin_upgrade_node_image_version("platform", "shop-eastus", "web", polling_interval=0)
        with pytest.raises(ResourceExistsError) as refused:
            clients.aks.managed_clusters.begin_stop("platform", "shop-eastus")
        assert "Another agentpool operation (web - UpgradingNodeImageVersion) is in progress" in str(refused.value)
        assert refused.value.error is not None
        assert refused.value.error.code == "OperationNotAllowed"
        running.http.post("/emulator/clock", json={"to": "2025-01-01T01:00:00Z"}).raise_for_status()
        poller.wait()
        pool = pools.get("platform", "shop-eastus", "web")
        assert pool.properties is not None
        assert (poller.status(), pool.properties.provisioning_state) == ("Succeeded", "Succeeded")
