"""The emulator in this process, a new world for each case on one port, and Azurite beside it."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.types import Receive, Scope, Send

from tools.emulator.app import Emulator, Options
from tools.emulator.connection import AbortableProtocol
from tools.emulator.tls import Certificates, make_certificates
from tools.emulator.world import WorldFile
from tools.json_value import Json, JsonObject
from tools.releases import load_timeline
from tools.stack.azurite import DEFAULT_ACCOUNT, Azurite, start_azurite
from tools.stack.control import EmulatorControl
from tools.stack.queues import make_queues

HERE = Path(__file__).parent
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
FLEET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail"
TOPIC = "auto-upgrade"


class LocalAzure:
    """One server for all cases.

    Args:
        directory: where certificates and logs go.
    """

    def __init__(self, directory: Path) -> None:
        self._world = WorldFile(HERE / "world.yaml").world
        self._timeline = load_timeline(HERE / "timeline.json")
        self._certificates = make_certificates(directory / "tls")
        self._log = directory / "azurite.log"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"https://127.0.0.1:{self._listening.getsockname()[1]}"
        self.renew()
        self._server = uvicorn.Server(_configuration(self._serve, self._certificates))
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    def __enter__(self) -> LocalAzure:
        self._thread.start()
        self.control = EmulatorControl(self.endpoint, self._certificates.ca_pem)
        certificates = self._certificates
        self._azurite: Azurite = start_azurite(
            certificates.server_crt_pem, certificates.server_key_pem, self._log, lambda _: None
        )
        identity = {"IDENTITY_ENDPOINT": f"{self.endpoint}/msi/token", "IDENTITY_HEADER": self.emulator.identity_header}
        make_queues(self._azurite.queue_endpoint(DEFAULT_ACCOUNT), certificates.ca_pem, identity)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.control.close()
        self._azurite.process.stop()
        self._server.should_exit = True
        self._thread.join(10)

    def renew(self) -> None:
        """Begin a new world; the storage account keeps what it has, and the app uses another table."""
        self.emulator = Emulator(Options(self._world, self._timeline))
        self.table = f"t{secrets.token_hex(8)}"
        os.environ["IDENTITY_ENDPOINT"] = f"{self.endpoint}/msi/token"
        os.environ["IDENTITY_HEADER"] = self.emulator.identity_header

    def settings(self) -> Mapping[str, str]:
        """The app's settings."""
        return {
            "AUTO_UPGRADE_SUBSCRIPTION_IDS": SUBSCRIPTION,
            "AUTO_UPGRADE_ARM_ENDPOINT": self.endpoint,
            "AUTO_UPGRADE_TABLE_ENDPOINT": self._azurite.table_endpoint(DEFAULT_ACCOUNT),
            "AUTO_UPGRADE_TABLE_NAME": self.table,
            "AzureWebJobsStorage__queueServiceUri": self._azurite.queue_endpoint(DEFAULT_ACCOUNT),
            "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": f"{self.endpoint}/eventgrid/topics/{TOPIC}/api/events",
            "AUTO_UPGRADE_RELEASE_TRACKER_URL": "",
            "AUTO_UPGRADE_CA_BUNDLE": str(self._certificates.ca_pem),
        }

    def now(self) -> datetime:
        """The time."""
        return self.emulator.clock.now()

    def wait(self, **duration: float) -> None:
        """Let time pass, with all that happens."""
        self.control.advance(self.now() + timedelta(**duration))

    def release(self, version: str) -> None:
        """AKS publishes a patch in every region."""
        self.control.publish_release({"kind": "patch", "version": version, "preview": False, "lts_patch": False})

    def change(self, cluster: str, **changes: Json) -> None:
        """Change a cluster, as its owner would."""
        group = FLEET.partition("/providers/")[0]
        self.control.change_cluster(
            f"{group}/providers/Microsoft.ContainerService/managedClusters/{cluster}", **changes
        )

    def policy(self, **policies: str) -> None:
        """Set policies of the fleet; an underscore stands for a dash."""
        tags = {f"auto-upgrade.{key.replace('_', '-')}": value for key, value in policies.items()}
        self.control.tag_fleet(FLEET, dict(tags))

    def state(self) -> JsonObject:
        """Fleets, clusters and runs."""
        return self.control.state()

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._listening]))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.emulator.app(scope, receive, send)


def _configuration(app: object, certificates: Certificates) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type] # an ASGI app, as uvicorn's own type says with another name
        http=AbortableProtocol,
        ssl_certfile=certificates.server_crt_pem,
        ssl_keyfile=certificates.server_key_pem,
        log_config=None,
        access_log=False,
        interface="asgi3",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
