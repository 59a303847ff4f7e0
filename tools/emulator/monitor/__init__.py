"""Azure Monitor: takes telemetry as Application Insights does, and keeps it as rows of Log Analytics' tables."""

from tools.emulator.monitor.monitor import Monitor

__all__ = ["Monitor"]
