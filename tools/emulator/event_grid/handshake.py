"""The endpoint's consent, obtained before the first delivery."""

import json
import uuid

import httpx

from tools.emulator.event_grid.errors import RefusedError
from tools.emulator.event_grid.instants import to_wire
from tools.emulator.event_grid.service_time import SupportsNow
from tools.emulator.event_grid.subscription import Subscription
from tools.json_value import Json

ORIGIN = "eventgrid.azure.net"


async def validate(client: httpx.AsyncClient, subscription: Subscription, clock: SupportsNow, topic: str) -> None:
    """Ask the endpoint, in the way of the delivery schema.

    The manual way, a GET of a `validationUrl` within ten minutes, is not offered.

    Raises:
        RefusedError: 400, with the endpoint's response.
    """
    try:
        if subscription.takes_cloud_events:
            await _ask_for_origin(client, subscription)
        else:
            await _send_code(client, subscription, clock, topic)
    except httpx.HTTPError as error:
        raise _failed(f"the endpoint did not respond: {type(error).__name__} {error}") from error


async def _ask_for_origin(client: httpx.AsyncClient, subscription: Subscription) -> None:
    """The handshake of CloudEvents webhooks: OPTIONS, and the origin allowed in the response."""
    response = await client.options(
        subscription.endpoint,
        headers={"WebHook-Request-Origin": ORIGIN, "WebHook-Request-Rate": "120"},
    )
    allowed = response.headers.get("WebHook-Allowed-Origin")
    if response.status_code != httpx.codes.OK or allowed not in (ORIGIN, "*"):
        raise _failed(f"OPTIONS returned {response.status_code} with WebHook-Allowed-Origin: {allowed}")


async def _send_code(client: httpx.AsyncClient, subscription: Subscription, clock: SupportsNow, topic: str) -> None:
    """The handshake of the Event Grid schema: an event with a code, which the response repeats."""
    code = str(uuid.uuid4())
    event: Json = {
        "id": str(uuid.uuid4()),
        "topic": topic,
        "subject": "",
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "eventTime": to_wire(clock.now()),
        "data": {"validationCode": code},
        "dataVersion": "2",
        "metadataVersion": "1",
    }
    response = await client.post(
        subscription.endpoint,
        content=json.dumps([event]),
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "aeg-event-type": "SubscriptionValidation",
            "aeg-subscription-name": subscription.name.upper(),
            "aeg-delivery-count": "0",
            "aeg-data-version": "2",
            "aeg-metadata-version": "1",
        },
    )
    if response.status_code != httpx.codes.OK or _repeated_code(response) != code:
        raise _failed(f"the validation event returned {response.status_code} with {response.text[:500]!r}")


def _repeated_code(response: httpx.Response) -> Json:
    try:
        content: Json = response.json()
    except ValueError:
        return None
    return content.get("validationResponse") if isinstance(content, dict) else None


def _failed(reason: str) -> RefusedError:
    message = f"Webhook validation handshake failed: {reason}."
    return RefusedError(400, "BadRequest", "Endpoint validation", message)
