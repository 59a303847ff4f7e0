"""Deliveries as they go over the wire, and dead letters."""

import datetime as dt
import json
from dataclasses import dataclass

from tools.emulator.event_grid.events import Event
from tools.emulator.event_grid.instants import to_wire
from tools.emulator.event_grid.subscription import Subscription
from tools.json_value import Json


@dataclass
class Delivery:
    """One event on its way to one subscription, through all attempts. `output_id` stays the same in all of them."""

    subscription: str
    event: Event
    published_at: dt.datetime
    output_id: str
    attempts: int = 0


def request_of(delivery: Delivery, subscription: Subscription) -> tuple[dict[str, str], bytes]:
    """Headers and body of an attempt: an array of one in the Event Grid schema, an object in the CloudEvents schema."""
    content = delivery.event.content
    headers = {
        "aeg-event-type": "Notification",
        "aeg-subscription-name": subscription.name.upper(),
        "aeg-delivery-count": str(delivery.attempts),
        "aeg-data-version": str(content.get("dataVersion") or ""),
        "aeg-metadata-version": str(content.get("metadataVersion") or "1"),
        "aeg-output-event-id": delivery.output_id,
    }
    if subscription.takes_cloud_events:
        headers["Content-Type"] = "application/cloudevents+json; charset=utf-8"
        return headers, json.dumps(delivery.event.as_cloud_event()).encode()
    headers["Content-Type"] = "application/json; charset=utf-8"
    return headers, json.dumps([dict(content)]).encode()


def dead_letter_of(
    delivery: Delivery, subscription: Subscription, reason: str, outcome: str, last_attempt_at: dt.datetime
) -> str:
    """The dead letter as a line of JSON: the event in the schema of delivery, and why it was given up."""
    why: dict[str, Json] = {
        "deadLetterReason": reason,
        "deliveryAttempts": delivery.attempts,
        "lastDeliveryOutcome": outcome,
        "publishTime": to_wire(delivery.published_at),
        "lastDeliveryAttemptTime": to_wire(last_attempt_at),
    }
    if subscription.takes_cloud_events:
        # Names of CloudEvents attributes are lower case.
        lower = {name.lower(): value for name, value in why.items()}
        return json.dumps({**delivery.event.as_cloud_event(), **lower})
    return json.dumps({**delivery.event.content, **why})
