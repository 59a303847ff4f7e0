"""Talks to the emulator's and the host's own endpoints: time, what happened, faults, idleness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx

from tools.json_value import Json, JsonObject
from tools.trust import trust

_PATIENCE = httpx.Timeout(60.0)
_NO_ENTRY = 10**12
"""Higher than any number in the journal."""


def as_time(text: Json) -> datetime:
    """A time as the stack writes it."""
    return datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(UTC)


def as_text(moment: datetime) -> str:
    """A time as the stack reads it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class ClockState:
    """The emulator's time, and when the emulator itself changes something next."""

    now: datetime
    next_event_at: datetime | None
    idle: bool
    rate: float = 0.0
    """Simulated seconds a second; 0 while time stands still."""


@dataclass(frozen=True, slots=True)
class HostState:
    """Whether the host has nothing to do at the requested time, and when its next timer or message is due."""

    idle: bool
    next_timer_at: datetime | None
    invocations: int
    """How many have begun so far."""


class EmulatorControl:
    """The emulator's control plane."""

    def __init__(self, endpoint: str, ca_bundle: Path) -> None:
        self.endpoint = endpoint
        verify = trust(endpoint, ca_bundle)
        self._http = httpx.Client(base_url=endpoint, verify=verify, timeout=_PATIENCE, trust_env=False)

    def clock(self) -> ClockState:
        """The clock as it is."""
        return _clock_state(self._get("/emulator/clock"))

    def advance(self, to: datetime) -> ClockState:
        """Move time forward; everything up to then has happened when this returns."""
        return _clock_state(self._send("POST", "/emulator/clock", {"to": as_text(to)}))

    def set_rate(self, rate: float) -> ClockState:
        """Let time run automatically from now on, as many simulated seconds a second; 0 stops it."""
        return _clock_state(self._send("POST", "/emulator/clock", {"rate": rate}))

    def wait_until_idle(self, seconds: float = 30.0) -> ClockState:
        """Wait until every delivery that is due has a response."""
        return _clock_state(self._get("/emulator/idle", {"timeout": str(seconds)}))

    def journal(self, after: int, wait_seconds: float = 0.0) -> list[JsonObject]:
        """What happened after an entry, by its `seq`; waits so long for something to happen if nothing has."""
        query = {"after": str(after), "wait": str(wait_seconds)}
        return cast("list[JsonObject]", self._get("/emulator/journal", query)["entries"])

    def journal_end(self) -> int:
        """The `seq` of the latest entry."""
        last = self._get("/emulator/journal", {"after": str(_NO_ENTRY)})["last"]
        return last if isinstance(last, int) else 0

    def state(self) -> JsonObject:
        """Fleets, clusters and runs as they are."""
        return self._get("/emulator/state")

    def subscribe(self, name: str, subscription: Mapping[str, Json]) -> None:
        """Make an Event Grid subscription; the endpoint has to consent first."""
        self._send("PUT", f"/emulator/eventgrid/subscriptions/{name}", dict(subscription))

    def unsubscribe(self, name: str) -> None:
        """Remove an Event Grid subscription."""
        self._send("DELETE", f"/emulator/eventgrid/subscriptions/{name}", {})

    def set_faults(self, faults: Sequence[Mapping[str, Json]]) -> None:
        """Replace the faults that requests meet from now on."""
        self._send("PUT", "/emulator/faults", {"faults": [dict(fault) for fault in faults]})

    def publish_release(self, fact: Mapping[str, Json]) -> None:
        """Publish a fact now, as the timeline would."""
        self._send("POST", "/emulator/releases", dict(fact))

    def change_cluster(self, cluster_id: str, **changes: Json) -> None:
        """Change a cluster from outside, as its owner would."""
        self._send("PATCH", "/emulator/clusters", {"id": cluster_id, **changes})

    def tag_fleet(self, fleet_id: str, tags: Mapping[str, str | None]) -> None:
        """Set single tags of a fleet, or remove those without a value; its other tags stay."""
        self._send("PATCH", "/emulator/fleets", {"id": fleet_id, "tags": dict(tags)})

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> JsonObject:
        return _content(self._http.get(path, params=dict(parameters or {})))

    def _send(self, method: str, path: str, body: JsonObject) -> JsonObject:
        return _content(self._http.request(method, path, json=body))


class HostControl:
    """The Functions host: its own endpoints, and the app's HTTP functions."""

    def __init__(self, url: str, master_key: str, function_key: str, event_grid_key: str) -> None:
        self.url = url
        self.master_key = master_key
        self.function_key = function_key
        self.event_grid_key = event_grid_key
        self.http = httpx.Client(base_url=url, verify=trust(url), timeout=_PATIENCE, trust_env=False)

    def wait_until_idle(self, at: datetime, seconds: float = 60.0, *, others_send: bool = True) -> HostState:
        """Have every timer due by then run, and wait until nothing is in progress and no queue has a message.

        Args:
            at: the time.
            seconds: how long to wait at most.
            others_send: whether anyone but this host's functions can have sent messages since it last polled its
                queues. If not, it polls them only if a function has run since.
        """
        senders = {} if others_send else {"senders": "functions"}
        parameters = {"at": as_text(at), "timeout": str(seconds), **senders}
        content = _content(self.http.get("/local/idle", params=parameters))
        next_at = content["nextTimerAt"]
        return HostState(bool(content["idle"]), as_time(next_at) if next_at else None, int(str(content["invocations"])))

    def next_timer_at(self, at: datetime) -> datetime | None:
        """When the next timer is due; one that is due by then is run, but not waited for."""
        return self.wait_until_idle(at, seconds=0.0).next_timer_at

    def invoke(self, function: str) -> None:
        """Run a function now that is not an HTTP function."""
        headers = {"x-functions-key": self.master_key}
        self.http.post(f"/admin/functions/{function}", headers=headers, json={}).raise_for_status()

    def generate_update_run(self, profile_id: str, *, start: bool | None = None) -> httpx.Response:
        """Call the app's HTTP function for a profile."""
        body = None if start is None else {"start": start}
        headers = {"x-functions-key": self.function_key}
        return self.http.post(f"/api{profile_id}/generateUpdateRun", headers=headers, json=body)

    def page_address(self, *, with_key: bool) -> str:
        """The status page. The key is in the address's fragment, which no server sees; the page removes it at once."""
        return f"{self.url}/api/status" + (f"#key={self.function_key}" if with_key else "")

    def webhook(self, function: str) -> str:
        """Where Event Grid delivers events for a function, key included: not for showing."""
        return f"{self.url}/runtime/webhooks/EventGrid?functionName={function}&code={self.event_grid_key}"

    def close(self) -> None:
        """Let go of the connections."""
        self.http.close()


def _clock_state(content: JsonObject) -> ClockState:
    next_at = content["nextEventAt"]
    return ClockState(
        now=as_time(content["now"]),
        next_event_at=as_time(next_at) if next_at else None,
        idle=bool(content["idle"]),
        rate=float(str(content["rate"])),
    )


def _content(response: httpx.Response) -> JsonObject:
    if response.is_error:
        raise httpx.HTTPStatusError(
            f"{response.request.method} {response.request.url.path}: {response.status_code} {response.text}",
            request=response.request,
            response=response,
        )
    return cast("JsonObject", response.json()) if response.content else {}


def at_rest(
    emulator: EmulatorControl,
    hosts: Sequence[HostControl],
    now: datetime,
    seconds: float,
    *,
    others_send: bool = True,
) -> tuple[ClockState, Sequence[HostState]] | None:
    """All as they are when none has anything left to do at this time; None if they are not yet.

    An event that is delivered leaves a message for a host, and a host's work leads to events: all are idle only if no
    host began anything while the emulator was asked. Then no one sent a message either, and the second time no host
    polls its queues again. `others_send` is as in `HostControl.wait_until_idle`.
    """
    before = [host.wait_until_idle(now, seconds, others_send=others_send) for host in hosts]
    clock = emulator.wait_until_idle(seconds)
    after = [host.wait_until_idle(now, seconds, others_send=False) for host in hosts]
    idle = clock.idle and all(state.idle for state in (*before, *after))
    if idle and [state.invocations for state in before] == [state.invocations for state in after]:
        return clock, after
    return None
