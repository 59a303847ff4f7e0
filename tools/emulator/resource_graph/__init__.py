"""Azure Resource Graph: runs the caller's KQL for real, on tables in DuckDB."""

from tools.emulator.resource_graph.quota import Quota
from tools.emulator.resource_graph.service import ResourceGraph
from tools.emulator.resource_graph.tables import Tables

__all__ = ["Quota", "ResourceGraph", "Tables"]
