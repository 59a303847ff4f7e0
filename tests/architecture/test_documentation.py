"""The documents say what the code does: reasons, settings, and the commands of the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.azure.api_versions import FLEET, FLEET_PREVIEW
from shared.core.policies.rules import POLICY_RULES
from shared.core.policies.sources import setting_name
from shared.core.reasons import CandidateReason, DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from shared.errors import InvalidSettingError
from shared.settings import CONNECTION_STRING, PREFIX, QUEUE_ENDPOINT, AlertSettings, read_alert_settings, read_settings
from tools.cli import cli

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| `([A-Za-z_]+)` \|", re.MULTILINE)
CODES = {
    "Outcomes": [outcome.value for outcome in Outcome],
    "Reasons": [reason.value for reason in Reason],
    "Members": [action.value for action in MemberAction] + [reason.value for reason in MemberReason],
    "Warnings": [warning.value for warning in DecisionWarning],
    "Candidates": [reason.value for reason in CandidateReason],
}


def chapter(title: str) -> str:
    """A chapter of the configuration page."""
    pages = re.split(r"^# ", (ROOT / "docs/configuration.md").read_text(), flags=re.MULTILINE)
    return next(page for page in pages if page.startswith(f"{title}\n"))


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("title", CODES)
def test_every_code_is_documented_and_no_other(title: str) -> None:
    documented = ROW.findall(section((ROOT / "docs/decisions.md").read_text(), title))

    assert sorted(documented) == sorted(CODES[title])


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(ROW.findall(chapter("Configuration")))
    code = "\n".join(path.read_text() for folder in ("shared", "functions") for path in (ROOT / folder).rglob("*.py"))
    in_reader = {PREFIX + name for name in re.findall(r"reader\.\w+\(\s*\"([A-Z_]+)\"", code)}
    in_bindings = set(re.findall(r"%(AUTO_UPGRADE_[A-Z_]+)%", code))

    of_policies = {setting_name(key) for key in POLICY_RULES}

    of_the_platform = set(re.findall(r"environment\.get\(\"([A-Z_]+)\"\)", (ROOT / "shared/settings.py").read_text()))

    assert of_the_platform == {"AZURE_CLIENT_ID"}
    assert documented == in_reader | in_bindings | of_policies | of_the_platform | {QUEUE_ENDPOINT, CONNECTION_STRING}


def test_every_policy_is_documented_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|", chapter("Policies"), re.MULTILINE)

    assert [key for key, _ in rows] == list(POLICY_RULES)
    assert [key for key, values in rows if f"`{POLICY_RULES[key].default}`" not in values] == []


@pytest.mark.parametrize("key", POLICY_RULES)
def test_every_policys_setting_is_documented_with_an_example_that_parses(key: str) -> None:
    pattern = rf"^\| `{setting_name(key)}` \| `([^`]+)` \|$"
    found = re.search(pattern, chapter("Configuration"), re.MULTILINE)

    assert found is not None
    assert found[1] != POLICY_RULES[key].default
    POLICY_RULES[key].read(found[1], key)


GOOD = {
    "AUTO_UPGRADE_SUBSCRIPTION_IDS": "s",
    "AUTO_UPGRADE_TABLE_ENDPOINT": "https://a.table.core.windows.net",
    "AzureWebJobsStorage__queueServiceUri": "https://a.queue.core.windows.net",
    "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "https://t.eventgrid.azure.net/api/events",
}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"AUTO_UPGRADE_SUBSCRIPTION_IDS": ""}, "AUTO_UPGRADE_SUBSCRIPTION_IDS"),
        ({"AUTO_UPGRADE_MANAGEMENT_GROUP_IDS": "m"}, "AUTO_UPGRADE_MANAGEMENT_GROUP_IDS"),
        ({"AUTO_UPGRADE_TABLE_ENDPOINT": ""}, "AUTO_UPGRADE_TABLE_ENDPOINT"),
        ({"AzureWebJobsStorage__queueServiceUri": ""}, "AzureWebJobsStorage__queueServiceUri"),
        ({"AzureWebJobsStorage__queueServiceUri": "queues"}, "AzureWebJobsStorage__queueServiceUri"),
        ({"AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "topic"}, "AUTO_UPGRADE_EVENT_GRID_ENDPOINT"),
        ({"AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "https://[topic"}, "AUTO_UPGRADE_EVENT_GRID_ENDPOINT"),
        ({"AUTO_UPGRADE_CATALOG_MAX_AGE": "P99999999999D"}, "AUTO_UPGRADE_CATALOG_MAX_AGE"),
        ({"AUTO_UPGRADE_CATALOG_MAX_AGE": "1 hour"}, "AUTO_UPGRADE_CATALOG_MAX_AGE"),
        ({"AUTO_UPGRADE_CATALOG_MAX_AGE": "P1Y"}, "AUTO_UPGRADE_CATALOG_MAX_AGE"),
        ({"AUTO_UPGRADE_FLEET_API_VERSION": "2026-02-01-preview"}, f"{FLEET} or {FLEET_PREVIEW}"),
        ({"AUTO_UPGRADE_FLEET_API_VERSION": "latest"}, "AUTO_UPGRADE_FLEET_API_VERSION"),
        ({"AUTO_UPGRADE_CA_BUNDLE": "/nowhere.pem"}, "AUTO_UPGRADE_CA_BUNDLE"),
        ({"AUTO_UPGRADE_CA_BUNDLE": "x" * 5000}, "AUTO_UPGRADE_CA_BUNDLE"),
        ({"AUTO_UPGRADE_POLICY_RETRY": "often"}, "AUTO_UPGRADE_POLICY_RETRY"),
        ({"AUTO_UPGRADE_POLICY_ACTIVE_RUN": "replaced"}, "wait or replace or ignore"),
    ],
)
def test_a_setting_that_is_missing_or_malformed_is_named(changes: dict[str, str], name: str) -> None:
    assert read_settings(GOOD).subscription_ids == ("s",)

    with pytest.raises(InvalidSettingError, match=name):
        read_settings({**GOOD, **changes})


def test_the_release_tracker_is_only_a_hint_so_that_a_malformed_address_stops_nothing() -> None:
    settings = read_settings({**GOOD, "AUTO_UPGRADE_RELEASE_TRACKER_URL": " https://[ "})

    assert settings.release_tracker_url == "https://["


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({}, AlertSettings(act=False, generate=False)),
        ({"AUTO_UPGRADE_ALERTS_ACT": "", "AUTO_UPGRADE_ALERTS_GENERATE": " "}, AlertSettings()),
        ({"AUTO_UPGRADE_ALERTS_ACT": "True", "AUTO_UPGRADE_ALERTS_GENERATE": "false"}, AlertSettings(act=True)),
        ({"AUTO_UPGRADE_ALERTS_ACT": "TRUE"}, AlertSettings(act=True)),
        (
            {"AUTO_UPGRADE_ALERTS_ACT": "true", "AUTO_UPGRADE_ALERTS_GENERATE": " true "},
            AlertSettings(act=True, generate=True),
        ),
    ],
)
def test_alerts_may_have_nothing_done_unless_a_setting_says_so(
    environment: dict[str, str], settings: AlertSettings
) -> None:
    assert read_alert_settings(environment) == settings


@pytest.mark.parametrize("name", ["AUTO_UPGRADE_ALERTS_ACT", "AUTO_UPGRADE_ALERTS_GENERATE"])
@pytest.mark.parametrize("value", ["yes", "1", "on", "tru", "none"])
def test_a_switch_that_is_neither_true_nor_false_is_refused_with_both(name: str, value: str) -> None:
    with pytest.raises(InvalidSettingError, match=f"^{name} is '{value}'; expected true or false$"):
        read_alert_settings({"AUTO_UPGRADE_ALERTS_ACT": "true", name: value})


@pytest.mark.parametrize("act", [{}, {"AUTO_UPGRADE_ALERTS_ACT": "false"}])
def test_alerts_that_may_generate_but_not_act_are_a_contradiction_that_names_both_settings(act: dict[str, str]) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        read_alert_settings({**act, "AUTO_UPGRADE_ALERTS_GENERATE": "True"})

    assert str(caught.value) == (
        "AUTO_UPGRADE_ALERTS_GENERATE is 'True'; expected false, or AUTO_UPGRADE_ALERTS_ACT to be true as well"
    )


def test_the_settings_of_alerts_stop_no_function_that_does_not_need_them() -> None:
    good = {
        "AUTO_UPGRADE_SUBSCRIPTION_IDS": "s",
        "AUTO_UPGRADE_TABLE_ENDPOINT": "https://a.table.core.windows.net",
        "AzureWebJobsStorage__queueServiceUri": "https://a.queue.core.windows.net",
        "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "https://t.eventgrid.azure.net/api/events",
        "AUTO_UPGRADE_ALERTS_ACT": "maybe",
        "AUTO_UPGRADE_ALERTS_GENERATE": "true",
    }

    assert read_settings(good).subscription_ids == ("s",)


def commands_named_in(text: str) -> set[str]:
    """What follows `./dev`, in blocks and in sentences; `./dev` alone and `./dev --help` name none."""
    return set(re.findall(r"(?<![\w/])\./dev ([a-z][-a-z]*)", text))


def test_the_pages_name_every_command_and_no_other() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {page.name: commands_named_in(page.read_text()) for page in pages}
    commands = set(cli.commands)

    assert {name: unknown for name, found in named.items() if (unknown := found - commands)} == {}
    assert commands.difference(*named.values()) == set()
    assert {"demo", "up", "replay"} <= named["README.md"]


def test_continuous_integration_runs_what_the_page_for_contributors_names() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    run = [line for line in lines if "./dev" in line]

    assert lines[0] == "set -euo pipefail", "the first failure is the result"
    run = [line.partition(" ||")[0] for line in run]
    assert run == ["./dev kql-check", "./dev infra-check", "./dev test"]
    assert lines[-1] == "./dev test"
    table = (ROOT / "docs/contributing.md").read_text()
    assert [line for line in run if f"`{line}`" not in table] == []
