"""Sends logs, traces and metrics to Application Insights, with the app's identity."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from azure.core.credentials import TokenCredential

from shared.telemetry.emit import LOGGER_NAME

_INSTRUMENTED = "azure_sdk"
_NOT_INSTRUMENTED = ("django", "fastapi", "flask", "psycopg2", "requests", "urllib", "urllib3")
FLUSH_SECONDS = 5
"""How long an invocation waits at its end until its telemetry is sent: the instance may be frozen afterwards."""

_flushes: list[Callable[[], object]] = []
_one_at_a_time = threading.Lock()


def start_sending(connection_string: str, credential: TokenCredential, role: str) -> None:
    """Send everything from now on. Call it once per process, before the first event.

    Args:
        connection_string: of the Application Insights resource.
        credential: gets the tokens; local authentication is expected to be off.
        role: the name that the rows show as `AppRoleName`.
    """
    from azure.monitor.opentelemetry import configure_azure_monitor
    from opentelemetry import metrics, trace
    from opentelemetry._logs import get_logger_provider
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    os.environ.setdefault("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "azure_app_service")  # the other asks a VM's network
    logging.getLogger(LOGGER_NAME).setLevel(logging.INFO)
    configure_azure_monitor(
        connection_string=connection_string,
        credential=credential,
        logger_name=LOGGER_NAME,
        resource=Resource.create({"service.name": role}),
        sampling_ratio=1.0,
        disable_offline_storage=True,
        enable_live_metrics=False,
        enable_performance_counters=False,
        instrumentation_options={
            _INSTRUMENTED: {"enabled": True},
            **{library: {"enabled": False} for library in _NOT_INSTRUMENTED},
        },
    )
    providers = (trace.get_tracer_provider(), get_logger_provider(), metrics.get_meter_provider())
    _flushes.extend(
        provider.force_flush
        for provider in providers
        if isinstance(provider, TracerProvider | LoggerProvider | MeterProvider)
    )


def flush() -> None:
    """Send what was emitted so far; without a receiver, do nothing. After `FLUSH_SECONDS` a thread continues.

    The limit is not the SDK's: its `force_flush` ignores the given timeout and returns only once the receiver has
    responded, which may take minutes.
    """
    deadline = time.monotonic() + FLUSH_SECONDS
    if not _flushes or not _one_at_a_time.acquire(timeout=FLUSH_SECONDS):
        return
    thread = threading.Thread(target=_flush_all, name="telemetry", daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))


def _flush_all() -> None:
    try:
        for force_flush in _flushes:
            force_flush()
    finally:
        _one_at_a_time.release()
