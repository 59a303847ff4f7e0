"""Azure Event Grid: topics to publish to, subscriptions, and delivery to webhooks at least once."""

from tools.emulator.event_grid.service import EventGrid
from tools.emulator.event_grid.service_time import SupportsNow

__all__ = ["EventGrid", "SupportsNow"]
