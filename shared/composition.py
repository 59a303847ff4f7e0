"""Wires the adapters to the ports, once a process: imported by a trigger when it first runs, not at start-up."""

from __future__ import annotations

import logging
import os
from functools import cache

from shared import telemetry
from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.aks.release_tracker import HttpReleaseTracker
from shared.azure.clock import make_clock
from shared.azure.connection import Connection, managed_identity
from shared.azure.events.publisher import EventGridPublisher
from shared.azure.fleet.profile_store import ArmProfileStore
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.ledger import TableLedger
from shared.azure.ledger.overview import TableOverview
from shared.azure.queues.storage_queues import StorageQueues
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.errors import InvalidSettingError
from shared.rate_limit import RateLimiter
from shared.settings import (
    CONNECTION_STRING,
    AlertSettings,
    HttpSettings,
    Settings,
    TelemetrySettings,
    read_alert_settings,
    read_http_settings,
    read_settings,
    read_telemetry_settings,
)
from shared.telemetry.sending import start_sending
from shared.use_cases.services import Services


@cache
def settings() -> Settings:
    """The app's settings.

    Raises:
        InvalidSettingError: a setting is missing or malformed.
    """
    return read_settings(os.environ)


@cache
def alert_settings() -> AlertSettings:
    """What alerts may do. A malformed value stops only the function that receives alerts.

    Raises:
        InvalidSettingError: a setting is malformed, or the two contradict each other.
    """
    return read_alert_settings(os.environ)


@cache
def http_settings() -> HttpSettings:
    """What callers of the HTTP functions may do.

    Raises:
        InvalidSettingError: a setting is malformed.
    """
    return read_http_settings(os.environ)


@cache
def rate_limiter() -> RateLimiter:
    """The limit of this process on what each caller may request.

    Raises:
        InvalidSettingError: a setting is malformed.
    """
    return RateLimiter(http_settings().requests_per_minute)


@cache
def _connection() -> Connection:
    """One credential and one pool of connections for all adapters.

    Raises:
        InvalidSettingError: a setting is missing or malformed.
    """
    return Connection(settings())


@cache
def start_telemetry() -> str | None:
    """Send telemetry if a connection string is set, also when other settings are malformed: that is then reported.

    If telemetry cannot be sent, the app works without it, and the host's log says so once a process. Returns a sentence
    about it; None if telemetry is sent, or not wanted.
    """
    wanted = read_telemetry_settings(os.environ)
    if wanted.connection_string is None:
        return None
    try:
        _start_sending(wanted, wanted.connection_string)
    except Exception as error:  # noqa: BLE001 - nothing that keeps telemetry from being sent may stop the work
        telemetry.failed(f"Sending telemetry, as {CONNECTION_STRING} says,", error)
        return f"No telemetry is sent, since {CONNECTION_STRING} is of no use: {error}"
    return None


def _start_sending(wanted: TelemetrySettings, connection_string: str) -> None:
    wanted.check_endpoint()
    try:
        credential = _connection().credential
    except InvalidSettingError:
        credential = managed_identity(wanted.managed_identity_client_id)
    start_sending(connection_string, credential, os.environ.get("WEBSITE_SITE_NAME") or "fleet-auto-upgrade")


@cache
def services() -> Services:
    """The adapters, sharing one credential and one pool of connections."""
    logging.getLogger("azure").setLevel(logging.WARNING)  # the SDKs log each request at INFO
    return make_services(_connection())


def make_services(connection: Connection) -> Services:
    """The adapters on a connection, which a measurement may have made."""
    clock, fleets = make_clock(connection), ArmFleetStore(connection)
    return Services(
        clock=clock,
        estate=ResourceGraphEstateReader(connection, clock),
        fleets=fleets,
        catalogs=ArmCatalogReader(connection),
        ledger=TableLedger(connection),
        events=EventGridPublisher(connection),
        queues=StorageQueues(connection),
        tracker=HttpReleaseTracker(connection),
        overview=TableOverview(connection),
        outlines=fleets,
        profiles=ArmProfileStore(connection, fleets),
        policy_defaults=connection.settings.policy_defaults,
    )
