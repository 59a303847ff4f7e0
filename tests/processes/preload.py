"""What the fork server imports: what programs need, and what Microsoft's worker needs in the tests that ask it."""

from __future__ import annotations

import importlib
import pkgutil
import sys

PACKAGES = ("functions", "shared", "tools.emulator", "tools.host")
"""All their modules; none does anything when it is imported."""

LIBRARIES = (
    "anyio._backends._asyncio",
    "azure.core.rest._requests_basic",
    "azure.monitor.opentelemetry",
    "httpcore",
    "tools.replay.command",
    "uvicorn.lifespan.off",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What is imported late, and the replay without its charts."""

MICROSOFTS_WORKER = "azure_functions_runtime"
"""From Python 3.13 on."""

_QUERY = "resources | where type =~ 'microsoft.containerservice/fleets' | project id"


def preload() -> None:
    """Import everything, and have the translator of queries read its grammar."""
    for package in PACKAGES:
        found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
        names = [module.name for module in found if not module.name.endswith("__main__")]
        for name in names:
            importlib.import_module(name)
    for library in LIBRARIES:
        importlib.import_module(library)
    if sys.version_info >= (3, 13):
        importlib.import_module(MICROSOFTS_WORKER)

    from tools.emulator.resource_graph.kql import translate

    translate(_QUERY)
