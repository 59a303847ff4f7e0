"""The emulator's edge under test: its routes on one TLS port, and a webhook on another."""

import secrets
import ssl
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx
from azure.core.credentials import TokenCredential
from azure.identity import ManagedIdentityCredential
from starlette.applications import Starlette

from tests.tools.emulator_edge.manual_time import ManualTime
from tests.tools.emulator_edge.server import Server
from tests.tools.emulator_edge.webhook import Webhook
from tools.emulator import release_tracker
from tools.emulator.event_grid import EventGrid
from tools.emulator.identity import Identity
from tools.emulator.resource_graph import ResourceGraph, Tables
from tools.emulator.tls import make_certificates
from tools.json_value import Json

ARM = "https://management.azure.com"
TENANT = "11111111-2222-3333-4444-555555555555"


class Servers:
    """The two servers, and the certificate authority that the first one's certificate is from."""

    def __init__(self, directory: Path) -> None:
        certificates = make_certificates(directory)
        self.ca = str(certificates.ca_pem)
        self.edge = Server(certificates)
        self.webhook = Server()

    def stop(self) -> None:
        self.edge.stop()
        self.webhook.stop()


class Edge:
    """A new edge on running servers; `close` ends what it has under way."""

    def __init__(self, servers: Servers) -> None:
        self._open = ExitStack()
        self.header = secrets.token_hex(8)
        self.identity = Identity(self.header, TENANT)
        self.time = ManualTime()
        self.events = EventGrid(self.time, self.time.journal, self.time.schedule, self.time.changed, self.identity)
        self.tables = Tables(version=1)
        self.offers: dict[str, list[str]] = {}
        self.webhook = Webhook()
        graph = ResourceGraph(lambda: self.tables, lambda header: self.identity.check(header, ARM) is not None)
        self.ca = servers.ca
        trusting = ssl.create_default_context(cafile=self.ca)
        routes = [
            *self.identity.routes(),
            *graph.routes(),
            *self.events.routes(),
            *release_tracker.routes(lambda: self.offers),
        ]
        self._server = servers.edge
        self._server.app = Starlette(routes=routes)
        self._webhook_server = servers.webhook
        servers.webhook.app = self.webhook.app
        self.url = servers.edge.url
        self.hook_url = f"{servers.webhook.url}/hook"
        self.http = self._open.enter_context(httpx.Client(base_url=self.url, verify=trusting, trust_env=False))

    def close(self) -> None:
        self._open.close()
        self._server.run(self.events.close())

    def credential(self, client_id: str | None = None) -> TokenCredential:
        """The managed identity; needs the environment that the fixture sets."""
        credential = ManagedIdentityCredential(client_id=client_id, connection_verify=self.ca)
        self._open.callback(credential.close)
        return credential

    def token(self, resource: str) -> str:
        """A token, asked for by hand."""
        response = self.http.get(
            "/msi/token",
            params={"api-version": "2019-08-01", "resource": resource},
            headers={"X-IDENTITY-HEADER": self.header},
        )
        return str(response.json()["access_token"])

    def bearer(self, resource: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(resource)}"}

    def query(self, query: str, scope: dict[str, Json] | None = None, **options: Json) -> httpx.Response:
        """Ask Resource Graph, with options as `top=2` for `$top`."""
        body: Json = {
            "query": query,
            **(scope or {}),
            "options": {(name if name == "resultFormat" else f"${name}"): value for name, value in options.items()},
        }
        return self.http.post(
            "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01", json=body, headers=self.bearer(ARM)
        )

    def subscribe(self, name: str = "app", source: str = "topic:releases", **fields: Json) -> httpx.Response:
        body = {"source": source, "endpoint": self.hook_url, **fields}
        return self.http.put(f"/emulator/eventgrid/subscriptions/{name}", json=body)

    def publish(self, events: Sequence[dict[str, Json]], content_type: str = "application/json") -> httpx.Response:
        """Publish to the topic `releases` and wait until all deliveries has a response."""
        response = self.send(events, content_type)
        self.settle()
        return response

    def send(
        self, events: Sequence[dict[str, Json]], content_type: str = "application/json", topic: str = "releases"
    ) -> httpx.Response:
        """Publish, without waiting for deliveries."""
        return self.http.post(
            f"/eventgrid/topics/{topic}/api/events",
            json=list(events),
            headers={**self.bearer("https://eventgrid.azure.net"), "Content-Type": content_type},
        )

    def open_gate(self) -> None:
        """Let the webhook respond to the subscription `slow`."""
        self._webhook_server.call(self.webhook.gate.set)

    def publish_from_aks(self, events: list[dict[str, Json]]) -> None:
        self._server.call(lambda: self.events.publish("aks", events))
        self.settle()

    def settle(self) -> None:
        """Wait until no delivery is under way."""
        self.time.wait_until(self.events.idle)

    def next_due(self) -> None:
        """Let time come to the next scheduled moment and happen what happens then."""
        self._server.call(self.time.move_to_next())
        self.settle()
