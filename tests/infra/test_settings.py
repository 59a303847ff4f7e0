"""What the app reads is set in Azure, what is set is read, and the app can read the values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.settings import read_settings
from tests.infra.predictions import at, each_way_with_the_app, prediction, with_changed
from tools.checks.infra.expression import Value
from tools.checks.infra.laws.settings import Expected, app_settings, find_setting_problems
from tools.checks.infra.prediction import Prediction, read_prediction, ways
from tools.checks.infra.reduction import PUBLIC_CLOUD, US_GOVERNMENT_CLOUD
from tools.paths import ROOT

EXPECTED = Expected.read()
SITE = "Microsoft.Web/sites"


def settings_of(found: Prediction) -> dict[str, Value]:
    [site] = found.of_type(SITE)
    return dict(app_settings(site))


def with_settings(**values: str | None) -> list[Prediction]:
    """The ways of deploying, the default one with other settings; None takes one away."""

    def change(body: dict[str, Value]) -> None:
        settings = {**settings_of(prediction("default")), **values}
        at(body, "properties", "siteConfig")["appSettings"] = [
            {"name": name, "value": value} for name, value in settings.items() if value is not None
        ]

    return [with_changed(prediction("default"), SITE, change)]


@pytest.mark.parametrize("cloud", [PUBLIC_CLOUD, US_GOVERNMENT_CLOUD], ids=lambda cloud: str(cloud["name"]))
def test_what_the_app_reads_is_set_and_what_is_set_is_read(cloud: dict[str, Value]) -> None:
    assert list(find_setting_problems([read_prediction(way, cloud) for way in ways()], EXPECTED)) == []


@each_way_with_the_app
def test_the_app_can_read_every_value_that_is_known_before_the_deployment(way: str) -> None:
    settings = settings_of(prediction(way))
    known = {name: value for name, value in settings.items() if isinstance(value, str)}
    made_up = {name: "https://made-up.example.com/" for name in settings if name not in known}

    read_settings({**made_up, **known})


def test_every_value_is_a_text() -> None:
    other = {
        name: value for name, value in settings_of(prediction("everything")).items() if isinstance(value, bool | int)
    }

    assert other == {}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("AUTO_UPGRADE_POLICY_SOAK", None, "the app reads AUTO_UPGRADE_POLICY_SOAK, which is not set"),
        ("AUTO_UPGRADE_OTHER", "1", "AUTO_UPGRADE_OTHER is set, and neither the app nor"),
        ("AUTO_UPGRADE_CLOCK_URL", "1", "leaves AUTO_UPGRADE_CLOCK_URL to its default, but it is set"),
        ("AzureWebJobsStorage__clientId", None, "explains AzureWebJobsStorage__clientId, which no way"),
    ],
)
def test_a_setting_on_which_app_and_templates_differ_is_found(name: str, value: str | None, problem: str) -> None:
    found = list(find_setting_problems(with_settings(**{name: value}), EXPECTED))

    assert [one for one in found if problem in one], found


def test_an_explanation_without_a_reason_is_found() -> None:
    expected = replace(EXPECTED, read_by_the_host={**EXPECTED.read_by_the_host, "AZURE_CLIENT_ID": " "})

    found = list(find_setting_problems([prediction("default")], expected))

    assert "settings.toml gives no reason for AZURE_CLIENT_ID" in found


def test_settings_that_cannot_be_read_are_found() -> None:
    hidden = with_changed(
        prediction("default"), SITE, lambda body: at(body, "properties", "siteConfig").update(appSettings=[])
    )

    found = list(find_setting_problems([hidden], EXPECTED))

    assert "its settings depend on what only Azure knows and cannot be read" in found[0]


def test_what_is_expected_is_read_from_the_page_and_the_file(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "# Settings\n\n| `A_ONE` | it |\n| `TWO` | it |\n\n# Policies\n\n| `NOT` | it |\n"
    )
    (tmp_path / "file.toml").write_text('[left_to_default]\nTWO = "so"\n[read_by_the_host]\nB = "so"\n')

    assert Expected.read(tmp_path / "page.md", tmp_path / "file.toml") == Expected(
        frozenset({"A_ONE", "TWO"}), {"TWO": "so"}, {"B": "so"}
    )


def test_the_worker_sends_telemetry_as_the_host_does() -> None:
    settings = settings_of(prediction("default"))

    assert '"telemetryMode": "OpenTelemetry"' in (ROOT / "host.json").read_text()
    assert settings["PYTHON_ENABLE_OPENTELEMETRY"] == "true"
    assert "APPLICATIONINSIGHTS_CONNECTION_STRING" in settings
