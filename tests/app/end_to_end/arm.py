"""Azure Resource Manager as its other callers see it: people with `az`, other services."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx

from tools.json_value import Json, JsonObject
from tools.stack.stack import TOPIC, Stack

SUNDAYS: Json = {
    "schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}},
    "durationHours": 4,
    "startTime": "00:00",
    "startDate": "2026-01-01",
}
"""A maintenance window."""


@contextmanager
def client_for(stack: Stack, base_url: str, resource: str) -> Iterator[httpx.Client]:
    """A client of a service, with the identity's token for a resource."""
    trust = ssl.create_default_context(cafile=str(stack.ca_bundle))
    with httpx.Client(base_url=base_url, verify=trust, timeout=60.0, trust_env=False) as client:
        answer = client.get(
            stack.identity["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": resource},
            headers={"X-IDENTITY-HEADER": stack.identity["IDENTITY_HEADER"]},
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


@contextmanager
def arm_client(stack: Stack) -> Iterator[httpx.Client]:
    """A client with a token for ARM, on the emulator's endpoint."""
    with client_for(stack, stack.emulator.endpoint, "https://management.azure.com") as client:
        yield client


def publish(stack: Stack, event: JsonObject) -> None:
    """Publish an event to the app's topic, as another sender."""
    with client_for(stack, stack.emulator.endpoint, "https://eventgrid.azure.net") as client:
        path = f"/eventgrid/topics/{TOPIC}/api/events"
        client.post(path, params={"api-version": "2018-01-01"}, json=[event]).raise_for_status()


def upgrade_on_sundays_only(stack: Stack, cluster_ids: Iterable[str]) -> None:
    """Give clusters a maintenance window for upgrades of Kubernetes."""
    with arm_client(stack) as http:
        for cluster in cluster_ids:
            path = f"{cluster}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule?api-version=2026-08-01"
            http.put(path, json={"properties": {"maintenanceWindow": SUNDAYS}}).raise_for_status()
