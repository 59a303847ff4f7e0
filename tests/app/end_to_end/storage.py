"""The queues of the stack's storage account, as a person with `az storage message` sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

import httpx

from tests.app.end_to_end.arm import client_for
from tools.json_value import Json
from tools.stack.stack import Stack

VERSION = 1
"""Of the schema of messages."""


@contextmanager
def queues(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the queue service."""
    with client_for(stack, stack.queue_endpoint, "https://storage.azure.com") as client:
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
