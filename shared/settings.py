"""The app's settings, read once from the environment; `docs/configuration.md` explains them, checked by a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from shared.azure import api_versions
from shared.core.model.times import parse_duration
from shared.core.policies.rules import POLICY_RULES
from shared.core.policies.sources import setting_name
from shared.errors import InvalidInputError, InvalidSettingError
from shared.schedule import longest_pause

PREFIX = "AUTO_UPGRADE_"
ALERTS_ACT = f"{PREFIX}ALERTS_ACT"
ALERTS_GENERATE = f"{PREFIX}ALERTS_GENERATE"
PROFILES_WRITE = f"{PREFIX}PROFILES_WRITE"
RELEASE_TRACKER = "https://releases.aks.azure.com/webpage/parsed_data.json"
QUEUE_ENDPOINT = "AzureWebJobsStorage__queueServiceUri"
"""The Functions host's own setting: messages are sent to where its triggers receive them."""


CONNECTION_STRING, _ENDPOINT = "APPLICATIONINSIGHTS_CONNECTION_STRING", "IngestionEndpoint"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting the app reads; endpoints are those of Azure's public cloud unless set otherwise."""

    subscription_ids: tuple[str, ...]
    management_group_ids: tuple[str, ...]
    arm_endpoint: str
    arm_audience: str
    table_endpoint: str
    table_name: str
    queue_endpoint: str
    """Of the storage account whose queues trigger the app's functions."""
    event_grid_endpoint: str
    release_tracker_url: str | None
    """Not checked: the tracker is a hint, and each detection reports that it cannot be read."""
    catalog_max_age: timedelta
    policy_defaults: Mapping[str, str]
    """By policy key: the values that apply without a tag. They are valid."""
    managed_identity_client_id: str | None
    ca_bundle: Path | None
    clock_url: str | None
    fleet_api_version: str
    """Of every call to Fleet: the pinned stable one, or the preview."""

    @property
    def uses_fleet_preview(self) -> bool:
        """Whether Fleet is called in its preview."""
        return self.fleet_api_version == api_versions.FLEET_PREVIEW


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """What sending telemetry needs. No value is validated here, so that malformed settings can be reported."""

    connection_string: str | None
    """Of the Application Insights resource; None: nothing is sent."""
    managed_identity_client_id: str | None

    def check_endpoint(self) -> None:
        """Check where telemetry goes, which the SDK finds out with each try to send; it checks the rest itself.

        Raises:
            InvalidInputError: that is no URL with TLS. The message does not have the value.
        """
        parts = (part.partition("=") for part in (self.connection_string or "").split(";"))
        endpoints = [value.strip() for name, _, value in parts if name.strip().lower() == _ENDPOINT.lower()]
        if any(_url_parts(endpoint).scheme != "https" or not _url_parts(endpoint).netloc for endpoint in endpoints):
            raise InvalidInputError(f"{_ENDPOINT} of {CONNECTION_STRING}", endpoints, "a URL that begins with https://")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What alerts may do. They are read separately, since only the function that receives alerts needs them."""

    act: bool = False
    """Whether alerts may enqueue profiles for evaluation, which upgrades what is due under the policies."""
    generate: bool = False
    """Whether they may generate update runs on demand too; only together with `act`."""


GRACE = timedelta(hours=2)
"""How long after the longest pause of its schedule an activity counts as missed."""
_USUAL_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """What callers of the HTTP functions may do. They are read separately: a mistake in them stops no timer."""

    write_profiles: bool = False
    """Whether they may create, change and delete auto-upgrade profiles."""
    is_authenticated: bool = False
    """Whether App Service authentication is on, so that its header names the caller."""
    requests_per_minute: int = 0
    """How many requests that cost requests to Azure each caller may make; 0 for no limit."""
    detection_old_after: timedelta = _USUAL_PAUSE + GRACE
    """From which age on the last detection is old."""
    evaluation_old_after: timedelta = _USUAL_PAUSE + GRACE


def read_http_settings(environment: Mapping[str, str]) -> HttpSettings:
    """Read them.

    Raises:
        InvalidSettingError: one is malformed.
    """
    reader = _Reader(environment)
    return HttpSettings(
        write_profiles=reader.boolean("PROFILES_WRITE", default=False),
        is_authenticated=reader.boolean("AUTHENTICATION", default=False),
        requests_per_minute=reader.count("REQUESTS_PER_MINUTE", 60),
        detection_old_after=_old_after(environment, "DETECT_SCHEDULE"),
        evaluation_old_after=_old_after(environment, "RECONCILE_SCHEDULE"),
    )


def read_telemetry_settings(environment: Mapping[str, str]) -> TelemetrySettings:
    """Read them."""
    return TelemetrySettings(
        connection_string=environment.get(CONNECTION_STRING) or None,
        managed_identity_client_id=environment.get("AZURE_CLIENT_ID") or None,
    )


def read_alert_settings(environment: Mapping[str, str]) -> AlertSettings:
    """Read them.

    Raises:
        InvalidSettingError: one is neither true nor false, or alerts may generate runs but not act.
    """
    reader = _Reader(environment)
    act = reader.boolean("ALERTS_ACT", default=False)
    generate = reader.boolean("ALERTS_GENERATE", default=False)
    if generate and not act:
        raise InvalidSettingError(
            ALERTS_GENERATE, environment[ALERTS_GENERATE], f"false, or {ALERTS_ACT} to be true as well"
        )
    return AlertSettings(act, generate)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        InvalidSettingError: a setting is missing or malformed; the message names it.
    """
    reader = _Reader(environment)
    settings = Settings(
        subscription_ids=reader.names("SUBSCRIPTION_IDS"),
        management_group_ids=reader.names("MANAGEMENT_GROUP_IDS"),
        arm_endpoint=reader.url("ARM_ENDPOINT", "https://management.azure.com"),
        arm_audience=reader.url("ARM_AUDIENCE", "https://management.azure.com"),
        table_endpoint=reader.url("TABLE_ENDPOINT"),
        table_name=reader.text("TABLE_NAME", "autoupgradeledger"),
        queue_endpoint=_queue_endpoint(environment),
        event_grid_endpoint=reader.url("EVENT_GRID_ENDPOINT"),
        release_tracker_url=reader.optional_text("RELEASE_TRACKER_URL", RELEASE_TRACKER),
        catalog_max_age=reader.duration("CATALOG_MAX_AGE", "PT1H"),
        policy_defaults=reader.policies(),
        managed_identity_client_id=environment.get("AZURE_CLIENT_ID") or None,
        ca_bundle=reader.file("CA_BUNDLE"),
        clock_url=reader.optional_url("CLOCK_URL", "", or_file=True),
        fleet_api_version=reader.choice("FLEET_API_VERSION", (api_versions.FLEET, api_versions.FLEET_PREVIEW)),
    )
    if not settings.subscription_ids and not settings.management_group_ids:
        raise InvalidSettingError(
            f"{PREFIX}SUBSCRIPTION_IDS", None, f"subscription ids here, or {PREFIX}MANAGEMENT_GROUP_IDS"
        )
    if settings.subscription_ids and settings.management_group_ids:
        raise InvalidSettingError(
            f"{PREFIX}MANAGEMENT_GROUP_IDS",
            ",".join(settings.management_group_ids),
            f"no management groups beside {PREFIX}SUBSCRIPTION_IDS: Resource Graph takes one or the other",
        )
    return settings


def _old_after(environment: Mapping[str, str], name: str) -> timedelta:
    """With a schedule that the host cannot read nothing runs, so that what is there is soon old."""
    return (longest_pause(environment.get(PREFIX + name, "")) or _USUAL_PAUSE) + GRACE


_BOOLEANS = {"true": True, "false": False}
_LONGEST_COUNT = 6


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(PREFIX + name, "").strip() or default
        if value is None:
            raise InvalidSettingError(PREFIX + name, None, "an app setting with a value")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in self._environment.get(PREFIX + name, "").split(","))
        return tuple(part for part in parts if part)

    def url(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default)
        return _checked_url(PREFIX + name, value)

    def optional_text(self, name: str, default: str) -> str | None:
        """An empty value, unlike a missing one, switches off the feature."""
        return self._environment.get(PREFIX + name, default).strip() or None

    def optional_url(self, name: str, default: str, *, or_file: bool = False) -> str | None:
        value = self.optional_text(name, default)
        return _checked_url(PREFIX + name, value, or_file=or_file) if value is not None else None

    def duration(self, name: str, default: str) -> timedelta:
        text = self.text(name, default)
        with _malformed_setting_named():
            return parse_duration(text, PREFIX + name)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of the choices, the first one by default."""
        value = self.text(name, choices[0])
        if value not in choices:
            raise InvalidSettingError(PREFIX + name, value, " or ".join(choices))
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        """In any case; other words, such as `yes` and `1`, are errors."""
        value = self.text(name, str(default))
        if value.lower() not in _BOOLEANS:
            raise InvalidSettingError(PREFIX + name, value, "true or false")
        return _BOOLEANS[value.lower()]

    def count(self, name: str, default: int) -> int:
        """In ASCII digits alone; a sign, spaces inside and separators are errors."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_COUNT):
            raise InvalidSettingError(PREFIX + name, value, "a whole number from 0 to 999999")
        return int(value)

    def policies(self) -> Mapping[str, str]:
        """The settings of policies that have a value, checked here so that a mistake blocks no profile later."""
        texts = {key: self._environment.get(setting_name(key), "").strip() for key in POLICY_RULES}
        given = {key: text for key, text in texts.items() if text}
        with _malformed_setting_named():
            for key, text in given.items():
                POLICY_RULES[key].read(text, setting_name(key))
        return given

    def file(self, name: str) -> Path | None:
        value = self._environment.get(PREFIX + name, "").strip()
        if value and not _is_file(value):
            raise InvalidSettingError(PREFIX + name, value, "the path of a file that exists")
        return Path(value) if value else None


@contextmanager
def _malformed_setting_named() -> Iterator[None]:
    """Turn a parser's error into one that quotes the value: parsers do not, since they parse callers' values too."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidSettingError(error.field, error.value, error.expected) from None


def _queue_endpoint(environment: Mapping[str, str]) -> str:
    value = environment.get(QUEUE_ENDPOINT, "").strip()
    if not value:
        raise InvalidSettingError(QUEUE_ENDPOINT, None, "the URL of a storage account's queue service")
    return _checked_url(QUEUE_ENDPOINT, value)


def _checked_url(name: str, value: str, *, or_file: bool = False) -> str:
    parts = _url_parts(value)
    if not (parts.scheme in {"http", "https"} and parts.netloc) and not (or_file and value.startswith("file:///")):
        raise InvalidSettingError(name, value, "a URL")
    return value.rstrip("/")


def _is_file(value: str) -> bool:
    try:
        return Path(value).is_file()
    except OSError:  # a name that is too long
        return False


def _url_parts(value: str) -> SplitResult:
    """The parts of the URL; empty for brackets that hold no IPv6 address."""
    try:
        return urlsplit(value)
    except ValueError:
        return urlsplit("")
