"""Puts the parts together and serves them."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tools.host import bindings
from tools.host.admin import Admin
from tools.host.app_loader import FunctionDefinition
from tools.host.clock import Clock
from tools.host.errors import ClockError, StartUpError
from tools.host.event_grid_webhook import EventGridWebhook
from tools.host.http_trigger import HttpTriggers
from tools.host.idle import Idle
from tools.host.invocations import Invoker
from tools.host.keys import HostKeys
from tools.host.queue_options import QueueOptions
from tools.host.queue_service import queue_service
from tools.host.queue_trigger import QueueTrigger
from tools.host.queues import Queues
from tools.host.timer import Timer
from tools.host.timer_status import TimerStatuses
from tools.host.timers import Timers

_KEEP_ALIVE_SECONDS = 120
"""Longer than clients keep a connection: one that the host closes while they use it again fails their request."""
# What requests and functions still running get at the end: together less than two seconds.
_REQUEST_GRACE_SECONDS = 1
_INVOCATION_GRACE_SECONDS = 0.3
_ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]
_log = logging.getLogger(__name__)


class Host:
    """A function app, ready to be served."""

    def __init__(
        self,
        functions: list[FunctionDefinition],
        invoker: Invoker,
        timers: Timers,
        queues: Queues,
        keys: HostKeys,
        prefix: str,
    ) -> None:
        self._invoker = invoker
        self._timers = timers
        self._queues = queues
        http = HttpTriggers(_of(functions, bindings.HTTP_TRIGGER), prefix, keys, invoker)
        events = EventGridWebhook(_of(functions, bindings.EVENT_GRID_TRIGGER), keys, invoker)
        admin = Admin(functions, keys, invoker, timers)
        self.app = Starlette(
            routes=[
                Route("/local/idle", Idle(timers, queues, invoker).handle, methods=["GET"]),
                Route("/admin/host/status", admin.status, methods=["GET"]),
                Route("/admin/functions", admin.list_functions, methods=["GET"]),
                Route("/admin/functions/{name}", admin.one_function, methods=["GET", "POST"]),
                Route("/runtime/webhooks/{extension}", _webhooks(events), methods=["POST", "OPTIONS", "GET", "PUT"]),
                Route("/{path:path}", http.handle, methods=_ANY_METHOD),
            ]
        )

    def start(self) -> None:
        """Let timers run, and messages be handled."""
        self._timers.start()
        self._queues.start()

    async def close(self) -> None:
        """Start nothing new; what is in progress gets a short grace period."""
        await self._timers.stop()
        await self._queues.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._invoker.wait_idle(), _INVOCATION_GRACE_SECONDS)
        self._invoker.close()


async def build_host(
    functions: list[FunctionDefinition],
    keys: HostKeys,
    clock: Clock,
    *,
    prefix: str,
    queue_options: QueueOptions,
    threads: int,
    timer_status: Path | None,
    in_order: bool,
) -> Host:
    """Build a host whose timers are planned from the clock's present moment.

    Raises:
        StartUpError: a route or a schedule cannot be read, no setting says where the queues are, or the clock does
            not return the time.
    """
    invoker = Invoker(threads)
    try:
        now = await clock.now()
    except ClockError as error:
        raise StartUpError(str(error)) from error
    statuses = TimerStatuses(timer_status)
    planned = [Timer(function, invoker, statuses, now) for function in _of(functions, bindings.TIMER_TRIGGER)]
    queues = _queues(_of(functions, bindings.QUEUE_TRIGGER), queue_options, invoker, clock)
    return Host(functions, invoker, Timers(planned, clock, in_order=in_order), queues, keys, prefix)


def _queues(functions: list[FunctionDefinition], options: QueueOptions, invoker: Invoker, clock: Clock) -> Queues:
    connections = {str(function.trigger.get("connection")) for function in functions}
    services = {connection: queue_service(connection) for connection in connections}
    triggers = [
        QueueTrigger(function, services[str(function.trigger.get("connection"))], options, invoker, clock.now)
        for function in functions
    ]
    queues = Queues(triggers, list(services.values()), clock, options.max_polling_interval.total_seconds())
    invoker.on_end = queues.wake
    return queues


async def serve(host: Host, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        host.app,
        log_config=None,
        access_log=False,  # it would show keys given as ?code=
        lifespan="off",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_REQUEST_GRACE_SECONDS,
    )
    await _Server(config, on_ready).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Reports when it accepts requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _of(functions: list[FunctionDefinition], trigger: str) -> list[FunctionDefinition]:
    return [function for function in functions if function.trigger_type == trigger]


def _webhooks(events: EventGridWebhook) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        if request.path_params["extension"].lower() != "eventgrid":
            return Response(status_code=404)
        return await events.handle(request)

    return handle
