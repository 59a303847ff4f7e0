"""Azure Resource Manager as its other callers see it: people with `az`, other services."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from local.stack.stack import Stack


@contextmanager
def arm_client(stack: Stack) -> Iterator[httpx.Client]:
    """A client with a token for ARM, on the emulator's endpoint."""
    trust = ssl.create_default_context(cafile=str(stack.ca_bundle))
    with httpx.Client(base_url=stack.emulator.endpoint, verify=trust, timeout=60.0, trust_env=False) as client:
        answer = client.get(
            stack.identity["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": "https://management.azure.com/"},
            headers={"X-IDENTITY-HEADER": stack.identity["IDENTITY_HEADER"]},
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client
