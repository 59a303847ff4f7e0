"""What the documentation of Fleet's auto-upgrade does with `az`, done with the real one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.tools.azure_cli.conftest import AzureCli

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "11111111-1111-1111-1111-111111111111"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform"
FLEET = f"{GROUP}/providers/Microsoft.ContainerService/fleets/retail"
CLUSTER = ("--resource-group", "platform", "--name", "shop-eastus")
POOL = ("--resource-group", "platform", "--cluster-name", "shop-eastus")
FLEET_VERSION = "2026-06-01"


def test_it_is_signed_in_as_the_managed_identity(az: AzureCli) -> None:
    query = "{cloud: environmentName, id: id, tenant: tenantId, user: user.name}"
    assert az.json("account", "show", "--query", query) == {
        "cloud": "FleetAutoUpgradeLocal",
        "id": SUBSCRIPTION,
        "tenant": TENANT,
        "user": "systemAssignedIdentity",
    }


def test_signing_out_and_in_again_works_and_leaves_this_machine_alone(az: AzureCli) -> None:
    assert az.run("account", "clear").returncode == 0
    assert "az login" in az.run("account", "show").stderr
    assert az.json("login", "--identity", "--query", "[].id") == [SUBSCRIPTION]


def test_another_way_to_sign_in_is_refused_with_advice(az: AzureCli) -> None:
    secret = ("--service-principal", "--username", TENANT, "--password", "x", "--tenant", TENANT)
    assert "only a managed identity gets a token" in az.run("login", *secret).stderr


def test_a_clusters_version_and_images_are_shown_as_the_documentation_asks(az: AzureCli) -> None:
    assert az.json("aks", "show", *CLUSTER, "--query", "currentKubernetesVersion") == "1.30.5"
    pools = "agentPoolProfiles[].{name:name,mode:mode,nodeImageVersion:nodeImageVersion,osSku:osSku,osType:osType}"
    assert az.json("aks", "show", *CLUSTER, "--query", pools) == [
        {
            "name": name,
            "mode": mode,
            "nodeImageVersion": "AKSUbuntu-2204gen2containerd-202505.14.0",
            "osSku": "Ubuntu",
            "osType": "Linux",
        }
        for name, mode in (("system", "System"), ("web", "User"))
    ]


def test_clusters_and_their_pools_are_listed(az: AzureCli) -> None:
    clusters = az.json("aks", "list", "--resource-group", "platform", "--query", "[].name")
    assert isinstance(clusters, list)
    assert "shop-eastus" in clusters
    assert az.json("aks", "nodepool", "list", *POOL, "--query", "[].name") == ["system", "web"]
    assert az.json("aks", "nodepool", "show", *POOL, "--name", "web", "--query", "count") == 6


def test_a_region_says_what_it_offers(az: AzureCli) -> None:
    minors = az.json("aks", "get-versions", "--location", "westus2", "--query", "values[?isPreview!=`true`].version")
    assert isinstance(minors, list)
    assert {"1.30", "1.31"} <= set(map(str, minors))
    table = az.run("aks", "get-versions", "--location", "westus2", "--output", "table")
    assert table.stdout.startswith("KubernetesVersion")


def test_a_pool_and_a_cluster_say_what_they_can_be_upgraded_to(az: AzureCli) -> None:
    newest = az.json(
        "aks", "nodepool", "get-upgrades", *POOL, "--nodepool-name", "web", "--query", "latestNodeImageVersion"
    )
    assert str(newest).startswith("AKSUbuntu-2204gen2containerd-2025")
    upgrades = az.json("aks", "get-upgrades", *CLUSTER, "--query", "controlPlaneProfile.upgrades[].kubernetesVersion")
    assert isinstance(upgrades, list)
    assert all(str(version).startswith(("1.30.", "1.31.")) for version in upgrades)
    assert upgrades


def test_groups_resources_and_providers_are_listed(az: AzureCli) -> None:
    assert az.json("group", "list", "--query", "[].name") == ["platform", "payments", "factory"]
    assert az.json("group", "exists", "--name", "nowhere") is False
    fleets = ("--resource-type", "Microsoft.ContainerService/fleets")
    assert az.json("resource", "list", *fleets, "--query", "[].name") == ["retail", "payments", "factory"]
    tagged = ("--tag", "owner=platform-team")
    assert az.json("resource", "list", *tagged, "--query", "[].name") == ["retail"]
    locations = az.json("account", "list-locations", "--query", "[].displayName")
    assert locations == ["West US 2", "East US", "West Europe", "Southeast Asia"]
    provider = ("--namespace", "Microsoft.ContainerService")
    assert az.json("provider", "show", *provider, "--query", "registrationState") == "Registered"


def test_a_policy_is_set_by_a_tag_as_the_documentation_says(az: AzureCli) -> None:
    update = ("tag", "update", "--resource-id", FLEET, "--query", "properties.tags")
    merged = az.json(*update, "--operation", "Merge", "--tags", "auto-upgrade.soak=P1D")
    assert merged == {"owner": "platform-team", "auto-upgrade.soak": "P1D"}
    assert az.json("tag", "list", "--resource-id", FLEET, "--query", "properties.tags") == merged
    left = az.json(*update, "--operation", "Delete", "--tags", "auto-upgrade.soak")
    assert left == {"owner": "platform-team"}


def test_a_group_is_created_changed_and_deleted(az: AzureCli) -> None:
    created = ("group", "create", "--name", "mine", "--location", "westus2", "--tags", "team=shop")
    assert az.json(*created, "--query", "properties.provisioningState") == "Succeeded"
    assert az.json("group", "update", "--name", "mine", "--set", "tags.a=b", "--query", "tags") == {
        "team": "shop",
        "a": "b",
    }
    assert az.run("group", "delete", "--name", "mine", "--yes").returncode == 0
    assert az.json("group", "exists", "--name", "mine") is False


def test_a_cluster_is_created_and_stopped_and_its_kubeconfig_leaves_the_persons_own_alone(az: AzureCli) -> None:
    group = ("--resource-group", "payments")
    created = az.run("aks", "create", *group, "--name", "mine", "--no-ssh-key", "--no-wait")
    assert created.returncode == 0, created.stderr
    state = ("aks", "show", *group, "--name", "mine", "--query", "provisioningState")
    assert az.json(*state) == "Creating"
    refused = az.run("aks", "stop", *group, "--name", "mine", "--no-wait")
    assert "Another operation (Creating) is in progress" in refused.stderr
    assert az.up.dev("time", "--to", "2025-06-01T01:00Z").returncode == 0
    assert az.json(*state) == "Succeeded"
    assert az.run("aks", "stop", *group, "--name", "mine", "--no-wait").returncode == 0
    assert az.json(*state) == "Stopping"
    merged = az.run("aks", "get-credentials", *group, "--name", "mine")
    assert 'Merged "mine" as current context in' in merged.stderr
    assert f"{az.up.place}/azure-cli/config/kubeconfig" in merged.stderr


def test_a_fleet_is_shown_by_name_and_a_profile_by_id(az: AzureCli) -> None:
    by_name = (
        *("--resource-group", "platform", "--name", "retail"),
        *("--resource-type", "Microsoft.ContainerService/fleets"),
    )
    assert az.json("resource", "show", *by_name, "--query", "tags") == {"owner": "platform-team"}
    profile = f"{FLEET}/autoUpgradeProfiles/stable"
    assert az.json("resource", "show", "--ids", profile, "--query", "properties.channel") == "Stable"


def test_a_profile_is_made_and_its_run_generated_started_read_and_deleted_with_rest(az: AzureCli) -> None:
    profile, version = f"{FLEET}/autoUpgradeProfiles/mine", f"api-version={FLEET_VERSION}"
    body = json.dumps({"properties": {"channel": "Rapid", "disabled": True}})
    made = az.json("rest", "--method", "put", "--url", f"{profile}?{version}", "--body", body, "--query", "properties")
    assert isinstance(made, dict)
    assert (made["channel"], made["disabled"], made["provisioningState"]) == ("Rapid", True, "Succeeded")

    run = az.json("rest", "--method", "post", "--url", f"{profile}/generateUpdateRun?{version}", "--query", "id")
    assert str(run).startswith(f"{FLEET}/updateRuns/auto-mine-rapid-")
    started = ("rest", "--method", "post", "--url", f"{run}/start?{version}", "--query", "name")
    assert az.json(*started) == str(run).rpartition("/")[2]

    deleted = az.run("rest", "--method", "delete", "--url", f"{profile}?{version}")
    assert (deleted.returncode, deleted.stdout) == (0, "")
    kept = az.json("resource", "show", "--ids", str(run), "--query", "properties.autoUpgradeProfileId")
    assert kept == profile


def test_there_are_no_locks_and_no_role_assignments(az: AzureCli) -> None:
    assert az.json("lock", "list") == []
    assert az.json("role", "assignment", "list") == []


def test_resource_graph_is_asked_with_rest(az: AzureCli) -> None:
    members = "aksresources | where type =~ 'microsoft.containerservice/fleets/members' and id contains '/payments/'"
    query = {"query": f"{members} | project name | order by name asc"}
    url = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
    found = az.json("rest", "--method", "post", "--url", url, "--body", json.dumps(query), "--query", "data[].name")
    fleet = FLEET.replace("/platform/", "/payments/").replace("/retail", "/payments")
    listed = az.json(
        "rest",
        "--method",
        "get",
        "--url",
        f"{fleet}/members?api-version={FLEET_VERSION}",
        "--query",
        "sort(value[].name)",
    )
    assert found == listed
    assert found


def test_an_extension_is_added_from_its_wheel(az: AzureCli, tmp_path: Path) -> None:
    wheel = tmp_path / "nothing-1.0.0-py3-none-any.whl"
    info = "nothing-1.0.0.dist-info"
    files = {
        "azext_nothing/__init__.py": "COMMAND_LOADER_CLS = None",
        "azext_nothing/azext_metadata.json": '{"azext.minCliCoreVersion": "2.0.0"}',
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: nothing\nVersion: 1.0.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    added = az.run("extension", "add", "--source", str(wheel), "--yes")
    assert added.returncode == 0, added.stderr
    assert az.json("extension", "list", "--query", "[?name=='nothing'].version") == ["1.0.0"]
    assert az.run("extension", "remove", "--name", "nothing").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("aks", "show", "--resource-group", "platform", "--name", "nope"), 3, "ResourceNotFound"),
        (("group", "show", "--name", "nope"), 3, "ResourceGroupNotFound"),
        (("monitor", "activity-log", "list"), 3, "No resource type of this emulator has the path"),
        (("aks", "upgrade-everything"), 2, "misspelled or not recognized"),
    ],
)
def test_its_exit_code_and_words_are_passed_on(az: AzureCli, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = az.run(*arguments)
    assert done.returncode == code
    assert says in done.stderr
