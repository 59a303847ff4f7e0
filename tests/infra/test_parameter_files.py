"""What azd knows reaches the templates: their parameter files read its environment."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.infra.predictions import prediction
from tools.checks.infra.compiler import Compiler, CompilerError
from tools.checks.infra.prediction import Prediction, prediction_of
from tools.checks.infra.sources import INFRA, example_environment
from tools.json_value import mapping_of
from tools.paths import ROOT

pytestmark = pytest.mark.timeout(600)

HUB = (
    "/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/network/providers"
    "/Microsoft.Network/virtualNetworks/hub/subnets"
)
EVERYTHING = {
    "AZURE_ENV_NAME": "production-of-the-fleets-in-europe-and-america-and-in-asia-numbr",
    "AZURE_LOCATION": "northeurope",
    "AUTO_UPGRADE_TAGS": '{"costCenter": "4711"}',
    "AUTO_UPGRADE_SUBSCRIPTION_IDS": " 11111111-1111-1111-1111-111111111111 ,",
    "AUTO_UPGRADE_BROAD_FLEET_ACTIONS": "true",
    "AUTO_UPGRADE_PROFILES_WRITE": "true",
    "AUTO_UPGRADE_REQUESTS_PER_MINUTE": "20",
    "AUTO_UPGRADE_DETECT_SCHEDULE": "0 */5 * * * *",
    "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 30 * * * *",
    "AUTO_UPGRADE_WATCH_SCHEDULE": "0 */2 * * * *",
    "AUTO_UPGRADE_CATALOG_MAX_AGE": "PT30M",
    "AUTO_UPGRADE_RELEASE_TRACKER_URL": "none",
    "AUTO_UPGRADE_FLEET_API_VERSION": "2026-06-02-preview",
    "AUTO_UPGRADE_POLICY_REGIONS": "any",
    "AUTO_UPGRADE_POLICY_SOAK": "P7D",
    "AUTO_UPGRADE_POLICY_FREEZE": "2026-12-15/2027-01-05",
    "AUTO_UPGRADE_POLICY_ACTIVE_RUN": "replace",
    "AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS": "fail",
    "AUTO_UPGRADE_POLICY_BUSY_CLUSTERS": "upgrade",
    "AUTO_UPGRADE_POLICY_BUSY_WAIT": "PT2H",
    "AUTO_UPGRADE_POLICY_CATCH_UP": "stepwise",
    "AUTO_UPGRADE_POLICY_SPLIT": "control-plane-first",
    "AUTO_UPGRADE_POLICY_RETRY": "3",
    "AUTO_UPGRADE_POLICY_START": "manual",
    "AUTO_UPGRADE_POLICY_GENERATOR": "native",
    "AUTO_UPGRADE_PYTHON_VERSION": "3.13",
    "AUTO_UPGRADE_MAXIMUM_INSTANCES": "100",
    "AUTO_UPGRADE_INSTANCE_MEMORY_MB": "4096",
    "AUTO_UPGRADE_ZONE_REDUNDANT": "true",
    "AUTO_UPGRADE_STORAGE_SKU": "Standard_GZRS",
    "AUTO_UPGRADE_SOFT_DELETE_DAYS": "30",
    "AUTO_UPGRADE_DEAD_LETTER_DAYS": "30",
    "AUTO_UPGRADE_RETENTION_DAYS": "365",
    "AUTO_UPGRADE_DAILY_CAP_GB": "5",
    "AUTO_UPGRADE_PRIVATE_NETWORK": "true",
    "AUTO_UPGRADE_APP_SUBNET_ID": f"{HUB}/functions",
    "AUTO_UPGRADE_ENDPOINT_SUBNET_ID": f"{HUB}/endpoints",
    "AUTO_UPGRADE_CALLER_RANGES": "203.0.113.0/24, 198.51.100.7/32",
    "AUTO_UPGRADE_CLUSTER_IDS": (
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/clusters/providers"
        "/Microsoft.ContainerService/managedClusters/west"
    ),
    "AUTO_UPGRADE_AUTH_CLIENT_ID": "55555555-5555-5555-5555-555555555555",
    "AUTO_UPGRADE_ALERT_EMAIL": "fleets@example.com",
    "AUTO_UPGRADE_ALERT_ACTION_GROUP_IDS": (
        "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/oncall/providers"
        "/Microsoft.Insights/actionGroups/pager"
    ),
    "AUTO_UPGRADE_ALERT_OVERRIDES": '{"run-pending": {"threshold": 1}, "gate-waiting": {"enabled": false}}',
    "AUTO_UPGRADE_RUNBOOK_URL": "https://example.com/runbook",
    "AUTO_UPGRADE_ALERTS_ACT": "true",
    "AUTO_UPGRADE_ALERTS_GENERATE": "true",
    "AUTO_UPGRADE_MONTHLY_BUDGET": "200",
    "AUTO_UPGRADE_BUDGET_START": "2026-03-01",
}
"""What a person sets with `azd env set` to deploy as everything.bicepparam does."""


def as_if_set(folder: Path, name: str, variables: Mapping[str, str]) -> Path:
    """A copy of a parameter file with values in the place of variables: to start a compiler for them costs 4 s."""
    text = (INFRA / name).read_text()
    for variable, value in variables.items():
        read = f"readEnvironmentVariable('{variable}', '')"
        assert read in text
        text = text.replace(read, f"'''{value}'''")
    path = folder / name
    path.write_text(re.sub(r"'([\w/-]+\.bicep)'", lambda file: f"'{os.path.relpath(INFRA / file[1], folder)}'", text))
    return path


def bodies(found: Prediction) -> list[tuple[str, object]]:
    return [(resource.id, dict(resource.body)) for resource in found.resources]


def test_without_a_choice_azd_deploys_what_the_template_does_by_default(compiler: Compiler) -> None:
    found = prediction_of("main", compiler.snapshot(INFRA / "main.bicepparam"))

    assert bodies(found) == bodies(prediction("no-mail"))


def test_every_choice_of_a_person_reaches_the_template(compiler: Compiler) -> None:
    with Compiler(compiler.installed, {**example_environment(), **EVERYTHING}) as started:
        found = prediction_of("main", started.snapshot(INFRA / "main.bicepparam"))

    assert bodies(found) == bodies(prediction("everything"))


def test_an_empty_choice_is_the_default(compiler: Compiler) -> None:
    """`azd pipeline config` passes every choice on, also those that were never made."""
    empty = dict.fromkeys(set(EVERYTHING) - {"AZURE_ENV_NAME", "AZURE_LOCATION"}, "")

    with Compiler(compiler.installed, {**example_environment(), **empty}) as started:
        given = started.parameters(INFRA / "main.bicepparam")

    assert given == compiler.parameters(INFRA / "main.bicepparam")


def test_outputs_of_main_are_what_events_need(compiler: Compiler, tmp_path: Path) -> None:
    managed = {"MANAGED_SUBSCRIPTION_IDS": "00000000-0000-0000-0000-000000000000"}

    found = prediction_of("events", compiler.snapshot(as_if_set(tmp_path, "event-subscriptions.bicepparam", managed)))

    assert bodies(found) == bodies(prediction("events"))


def test_the_example_of_the_runbook_changes_the_rules_that_it_names(compiler: Compiler, tmp_path: Path) -> None:
    [example] = re.findall(
        r"AUTO_UPGRADE_ALERT_OVERRIDES '(\{.*?\})'", (ROOT / "docs/runbook.md").read_text(), re.DOTALL
    )

    way = as_if_set(tmp_path, "main.bicepparam", {"AUTO_UPGRADE_ALERT_OVERRIDES": example})
    found = prediction_of("main", compiler.snapshot(way))

    assert "run-pending" in json.loads(example)
    changed = {one for one in bodies_by_id(found).items() if one not in bodies_by_id(prediction("no-mail")).items()}
    names = {resource_id.partition("-az7jmmqtui5ie-")[2] for resource_id, _ in changed}
    assert names == set(json.loads(example))


def bodies_by_id(found: Prediction) -> dict[str, str]:
    return {resource.id: str(resource.body) for resource in found.resources}


def test_the_runbook_lists_every_property_that_a_rule_accepts(compiler: Compiler) -> None:
    definitions = mapping_of(compiler.compile(INFRA / "main.bicep").template, "definitions")
    [properties] = [
        set(mapping_of(mapping_of(definitions, name), "properties"))
        for name in definitions
        if name.endswith("alertOverride")
    ]
    runbook = (ROOT / "docs/runbook.md").read_text()
    [sentence] = re.findall(r"^A rule of `alerts\.json` accepts (.*?)\. ", runbook, re.DOTALL | re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", sentence)) == properties


def test_a_choice_that_is_no_value_of_its_type_stops_the_deployment(compiler: Compiler, tmp_path: Path) -> None:
    wrong = {"AUTO_UPGRADE_PRIVATE_NETWORK": "perhaps", "AUTO_UPGRADE_RETENTION_DAYS": "long"}

    with pytest.raises(CompilerError) as stopped:
        compiler.parameters(as_if_set(tmp_path, "main.bicepparam", wrong))

    for parameter in ("privateNetwork", "retentionDays"):
        assert f'Failed to evaluate parameter "{parameter}"' in str(stopped.value)
