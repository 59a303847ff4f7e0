"""Settings of an app whose ports are in memory, so that no address in them is ever called."""

from __future__ import annotations

from shared.settings import read_settings

SETTINGS = read_settings(
    {
        "AUTO_UPGRADE_SUBSCRIPTION_IDS": "s",
        "AUTO_UPGRADE_TABLE_ENDPOINT": "https://a.table.core.windows.net",
        "AzureWebJobsStorage__queueServiceUri": "https://a.queue.core.windows.net",
        "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "https://t.eventgrid.azure.net/api/events",
    }
)
