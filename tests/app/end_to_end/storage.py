"""The queues of the stack's storage account, as a person with `az storage message` sees them."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

import httpx

from tools.json_value import Json
from tools.stack.stack import Stack

VERSION = 1
"""Of the schema of messages."""


@contextmanager
def queues(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the queue service, with the identity's token."""
    trust = ssl.create_default_context(cafile=str(stack.ca_bundle))
    with httpx.Client(base_url=stack.queue_endpoint, verify=trust, timeout=60.0, trust_env=False) as client:
        answer = client.get(
            stack.identity["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": "https://storage.azure.com"},
            headers={"X-IDENTITY-HEADER": stack.identity["IDENTITY_HEADER"]},
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        client.headers["x-ms-version"] = "2020-10-02"
        yield client


def send(stack: Stack, queue: str, *contents: Json) -> None:
    """Send messages; a text as it is, an object with the version of the schema."""
    with queues(stack) as http:
        for content in contents:
            text = json.dumps({"schemaVersion": VERSION, **content}) if isinstance(content, dict) else str(content)
            element = ET.Element("QueueMessage")
            ET.SubElement(element, "MessageText").text = text
            http.post(f"/{queue}/messages", content=ET.tostring(element)).raise_for_status()


def peek(stack: Stack, queue: str) -> list[str]:
    """The texts of the messages that are visible, at most 32."""
    with queues(stack) as http:
        answer = http.get(f"/{queue}/messages", params={"peekonly": "true", "numofmessages": "32"}).raise_for_status()
    return [element.text or "" for element in ET.fromstring(answer.content).iter("MessageText")]
