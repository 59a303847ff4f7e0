"""What the fork server imports: what programs need, and what Microsoft's worker needs in the tests that ask it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("functions", "shared", "tools.emulator", "tools.host")
"""All their modules; none does anything when it is imported."""

LIBRARIES = (
    "anyio._backends._asyncio",
    "azure.core.rest._requests_basic",
    "azure.monitor.opentelemetry",
    "click",
    "email.generator",
    "httpcore",
    "jsonschema",
    "opentelemetry.instrumentation.httpx",
    "opentelemetry.instrumentation.logging",
    "opentelemetry.resource.detector.azure",
    "psutil",
    "rich.progress",
    "tools.replay.command",
    "tools.replay.report",
    "uvicorn.lifespan.off",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What is imported late, and the replay without its charts."""

_NOWHERE = "https://127.0.0.1:1"

MICROSOFTS_WORKER = "azure_functions_runtime"
"""From Python 3.13 on."""

MODELS = ("azure.mgmt.containerservice.models", "azure.mgmt.containerservicefleet.models")
"""The SDKs' models: each class examines its fields when its first object is made."""


def preload() -> None:
    """Import everything, and make what a process makes once."""
    for package in PACKAGES:
        found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
        names = [module.name for module in found if not module.name.endswith("__main__")]
        for name in names:
            importlib.import_module(name)
    for library in LIBRARIES:
        importlib.import_module(library)
    if sys.version_info >= (3, 13):
        importlib.import_module(MICROSOFTS_WORKER)

    from opentelemetry.util import _importlib_metadata as packages

    from tools.emulator.event_grid.service import public_authorities

    public_authorities()
    packages.entry_points()
    _examine_models()
    _translate_queries()
    _make_validators()
    _build_emulator()
    _make_services()


def _examine_models() -> None:
    for models in MODELS:
        for model in vars(importlib.import_module(models)).values():
            if isinstance(model, type) and hasattr(model, "as_dict"):
                model()


def _translate_queries() -> None:
    """The app's, which have no other text."""
    from shared.azure.resource_graph.queries import FLEETS_AND_CLUSTERS, children_of_fleets, runs_to_watch
    from tools.emulator.resource_graph.kql import translate

    earlier, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    for query in (FLEETS_AND_CLUSTERS, children_of_fleets(later), runs_to_watch(later, earlier)):
        translate(query)


def _build_emulator() -> None:
    """It compiles its routes, reads a world, opens the database, and loads what signs certificates."""
    from tools.emulator.app import Emulator, Options
    from tools.emulator.tls import make_certificates
    from tools.emulator.world import WorldFile
    from tools.paths import TIMELINE, WORLDS
    from tools.releases import load_timeline

    Emulator(Options(WorldFile(WORLDS / "small.yaml").world, load_timeline(TIMELINE)))
    with tempfile.TemporaryDirectory() as folder:
        make_certificates(Path(folder))


def _make_services() -> None:
    """The app's clients, which request nothing until they are used, and the expressions that read times."""
    import isodate

    from shared.azure.connection import Connection
    from shared.composition import make_services
    from shared.settings import read_settings

    os.environ.update(IDENTITY_ENDPOINT=_NOWHERE, IDENTITY_HEADER="none")
    settings = {
        "AUTO_UPGRADE_SUBSCRIPTION_IDS": "00000000-0000-0000-0000-000000000001",
        "AUTO_UPGRADE_TABLE_ENDPOINT": _NOWHERE,
        "AzureWebJobsStorage__queueServiceUri": _NOWHERE,
        "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": _NOWHERE,
    }
    make_services(Connection(read_settings(settings)))
    isodate.parse_datetime("2026-01-01T00:00:00Z")
    datetime.strptime("2026-01-01T00:00:00Z", "%Y-%m-%dT%H:%M:%S%z")


def _make_validators() -> None:
    """Those of the bodies of PUTs; the first body has each look its references up."""
    from tools.emulator.specification.schemas import CLUSTERS, PREVIEW, STABLE, definitions_of, validator

    for file in (CLUSTERS, PREVIEW, STABLE):
        for definition in definitions_of(file):
            if definition.endswith(":write"):
                validator(file, definition).is_valid({"properties": {}})
