"""An app with every kind of trigger that the host serves, and functions that fail. Hosts import it; tests do not."""

import json
import logging
import threading
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
_log = logging.getLogger("sample")
_running = threading.Lock()


@app.route(route="echo/{name}/{rest}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def echo(req: func.HttpRequest) -> func.HttpResponse:
    print("a print must not reach the ready line's stream")  # noqa: T201 - apps do print
    seen = {
        "method": req.method,
        "url": req.url,
        "routeParams": dict(req.route_params),
        "query": dict(req.params),
        "header": req.headers.get("X-Sample"),
        "body": req.get_body().decode(),
    }
    return func.HttpResponse(
        json.dumps(seen), status_code=201, mimetype="application/json", headers={"X-Sample-Response": "yes"}
    )


@app.route(route="echo/fixed/path", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def echo_fixed(req: func.HttpRequest) -> str:
    return "fixed"


@app.route(route="items/{id}", methods=["GET"])
async def item(req: func.HttpRequest) -> func.HttpResponse:
    _log.info("an item was requested", extra={"event_name": "item", "item_id": int(req.route_params["id"])})
    return func.HttpResponse(json.dumps({"id": req.route_params["id"]}), mimetype="application/json")


@app.route(route="secret", methods=["GET"], auth_level=func.AuthLevel.ADMIN)
def secret(req: func.HttpRequest) -> str:
    _log.info("called as %s with %s", req.url, req.headers.get("x-functions-key"))
    return "for the master key"


@app.route(route="broken", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def broken(req: func.HttpRequest) -> func.HttpResponse:
    raise RuntimeError("the reason stays inside")


@app.route(route="nothing", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def nothing(req: func.HttpRequest) -> func.HttpResponse:
    return None  # type: ignore[return-value] # the mistake is the point


@app.route(route="empty", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def empty(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204)


@app.route(route="slow", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def slow(req: func.HttpRequest) -> str:
    _log.info("slow begins", extra={"event_name": "slow"})
    end = time.monotonic() + float(req.params["seconds"])
    while time.monotonic() < end and not Path(req.params.get("until", "nowhere")).exists():
        time.sleep(0.01)
    return "done"


@app.event_grid_trigger(arg_name="event")
def on_event(event: func.EventGridEvent) -> None:
    alone = _running.acquire(blocking=False)
    try:
        data = event.get_json()
        time.sleep(float(data.get("seconds", 0)))
        _log.info("event", extra={"event_name": "event", "kind": type(event).__name__, "id_": event.id, "alone": alone})
        if data.get("fail"):
            raise ValueError(f"event {event.id} failed")
    finally:
        if alone:
            _running.release()


@app.event_grid_trigger(arg_name="event")
async def on_event_async(event: func.CloudEvent) -> None:
    _log.info("event", extra={"event_name": "event", "kind": type(event).__name__, "id_": event.id})


@app.timer_trigger(arg_name="timer", schedule="%SAMPLE_HOURLY%")
def hourly(timer: func.TimerRequest) -> None:
    _record("hourly", timer)


@app.timer_trigger(arg_name="timer", schedule="0 30 1 * * *")
async def daily(timer: func.TimerRequest) -> None:
    _record("daily", timer)


def _record(name: str, timer: func.TimerRequest) -> None:
    # The class that functions are given has these attributes; the one that the library exports does not.
    status, schedule = timer.schedule_status, timer.schedule  # type: ignore[attr-defined]
    fields = {"event_name": "timer", "timer": name, "past_due": timer.past_due, "status": status}
    _log.info("timer", extra={**fields, "schedule": schedule})
