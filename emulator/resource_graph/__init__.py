"""Azure Resource Graph: runs the caller's KQL for real, on tables in DuckDB."""

from emulator.resource_graph.quota import Quota
from emulator.resource_graph.service import ResourceGraph
from emulator.resource_graph.tables import Tables

__all__ = ["Quota", "ResourceGraph", "Tables"]
