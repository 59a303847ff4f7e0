"""Random inputs of the app's functions: requests, events and messages, as the Functions worker passes them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import azure.functions as func

from shared.core.policies.rules import POLICY_RULES
from tests.app.builders.alerts import Json, JsonObject, an_alert
from tests.app.functions.index import IndexedFunction, app_functions
from tests.app.fuzz.values import a_body, a_text, mutated
from tests.app.use_cases.scene import FLEET, NOW, PROFILE

KEY = "the-key-of-the-function"
"""A secret: the caller sends it as header and query parameter."""

BODIES: Sequence[Json] = (
    {},
    {"start": True},
    an_alert(about=[FLEET.text], items=[PROFILE.text]),
    an_alert(dimensions={"profile_id": PROFILE.text}),
    an_alert(properties={"action": "generateUpdateRun", "profileId": PROFILE.text, "start": "true"}),
    an_alert(about=[FLEET.text], condition="Resolved"),
    {"properties": {"channel": "Stable", "nodeImageSelection": {"type": "Latest"}, "disabled": False}},
    {"name": "new", "properties": {"channel": "TargetKubernetesVersion", "targetKubernetesVersion": "1.35"}},
)
EVENTS: Sequence[tuple[str, JsonObject]] = (
    ("FleetAutoUpgrade.ReleaseDetected", {"region": "westus2", "traceparent": "00-a-b-01"}),
    ("Microsoft.ContainerService.NewKubernetesVersionAvailable", {"latestStableKubernetesVersion": "1.35.6"}),
    (
        "Microsoft.ResourceNotifications.AKSResources.FleetGateCreated",
        {"resourceInfo": {"properties": {"target": {"id": f"{FLEET}/updateRuns/auto-1"}}}},
    ),
)
MESSAGES: Sequence[JsonObject] = (
    {"schemaVersion": 1, "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
    {"schemaVersion": 1, "profileId": PROFILE.text},
    {"schemaVersion": 1, "runId": f"{FLEET}/updateRuns/auto-1"},
)
PARAMETERS: Mapping[str, Sequence[str]] = {
    "at": ("2026-12-20T06:00:00Z",),
    "facts": ("true", "false"),
    "top": ("1", "1000"),
    "skip": ("0", "7"),
    **{f"policy.{key}": (rule.default,) for key, rule in POLICY_RULES.items()},
}
"""Good values of the query parameters that some function knows."""

RUN = "auto-1"
_SEGMENTS = {"subscription": "s", "resource_group": "g", "fleet": "retail", "profile": "rapid", "run": RUN}
_HEADERS = ("traceparent", "If-None-Match", "Content-Type", "X-Forwarded-For", "Accept")
_TIMES = (
    NOW,
    None,
    datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14))),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(2026, 8, 3, 6),  # noqa: DTZ001 - as the library parses one without an offset
    datetime(2099, 1, 1, tzinfo=UTC),
)


@dataclass(frozen=True)
class Input:
    """One call of a function, and what it is, for people."""

    function: IndexedFunction
    call: Callable[[], object]
    shown: str
    reads_only: bool = False
    """Whether it is a request that must write nothing."""


def inputs_of() -> Mapping[str, Callable[[random.Random], Input]]:
    """What makes random inputs, by function; timers have none."""
    makers = {"httpTrigger": _request, "eventGridTrigger": _event, "queueTrigger": _message}
    found: dict[str, Callable[[random.Random], Input]] = {}
    for function in app_functions():
        if function.kind in makers:
            make = makers[function.kind]
            found[function.name] = lambda chance, make=make, function=function: make(chance, function)  # type: ignore[misc]
    return found


def _request(chance: random.Random, function: IndexedFunction) -> Input:
    names = re.findall(r"\{\*?(\w+)", str(function.binding.get("route")))
    route = {name: a_text(chance) if chance.random() < 0.15 else _SEGMENTS.get(name, "a") for name in names}
    params = {"code": KEY} if chance.random() < 0.3 else {}
    for _ in range(chance.choice((0, 0, 1, 2))):
        name = chance.choice([*PARAMETERS, a_text(chance)])
        params[name] = chance.choice((*PARAMETERS.get(name, ("",)), a_text(chance)))
    headers = {"x-functions-key": KEY, **{name: a_text(chance) for name in _HEADERS if chance.random() < 0.1}}
    method = str(chance.choice(cast("list[str]", function.binding["methods"])))
    body = a_body(chance, chance.choice(BODIES)) if method != "GET" or chance.random() < 0.1 else b""
    request = func.HttpRequest(
        method, f"https://app/api/{function.name}", headers=headers, params=params, route_params=route, body=body
    )
    shown = f"{method} route {route!r} query {params!r} headers {headers!r} body {body!r}"
    return Input(function, lambda: function.handler(request), shown, reads_only=method == "GET")


def _event(chance: random.Random, function: IndexedFunction) -> Input:
    kind, data = chance.choice(EVENTS)
    good: JsonObject = {"id": "1", "type": kind, "source": _source(kind), "subject": "s", "data": data}
    changed = mutated(chance, good)
    content = cast("dict[str, str]", {**good, **(changed if isinstance(changed, dict) else {"data": changed})})
    time = chance.choice((NOW, *_TIMES))
    event: func.EventGridEvent | func.CloudEvent
    if chance.random() < 0.5:
        event = func.EventGridEvent(
            id=content["id"],
            data=cast("dict[str, object]", content["data"]),
            topic=content["source"],
            subject=content["subject"],
            event_type=content["type"],
            event_time=time,
            data_version="1",
        )
    else:
        event = func.CloudEvent(
            specversion="1.0",
            id=content["id"],
            source=content["source"],
            type=content["type"],
            subject=content["subject"],
            data=content["data"],
            time=time,
        )
    return Input(function, lambda: function.handler(event), f"{type(event).__name__} {content!r} at {time}")


def _source(kind: str) -> str:
    return FLEET.text.replace("fleets/retail", "managedClusters/one") if "Version" in kind else "/topic"


def _message(chance: random.Random, function: IndexedFunction) -> Input:
    body = a_body(chance, chance.choice(MESSAGES))
    message = func.QueueMessage(id=chance.choice(("1", None, a_text(chance)[:36])), body=body)
    return Input(function, lambda: function.handler(message), f"message {body!r}")
