"""A running stack with a small world, and what tests do to it and read from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import httpx

from shared.decision_json import decision_json
from tools.explain.command import explain
from tools.explain.document import read_facts
from tools.json_value import Json, JsonObject
from tools.stack.control import HostControl, at_rest
from tools.stack.log_tail import LogTail
from tools.stack.stack import Stack, StackOptions

HERE = Path(__file__).parent
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
FLEET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail"
RAPID = f"{FLEET}/autoUpgradeProfiles/rapid"
LAB = f"{FLEET}/autoUpgradeProfiles/lab"
START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
ATTEMPTS_AT_REST = 100
PATIENCE_SECONDS = 60.0
NEVER = "0 0 0 29 2 *"
"""A schedule that does not come in these tests: they run timers themselves."""


class Scene:
    """The stack, controlled in the words of a test."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def release(self, version: str = "1.34.2") -> None:
        """AKS publishes a patch in every region at this moment."""
        self.stack.emulator.publish_release({"kind": "patch", "version": version, "preview": False, "lts_patch": False})

    def rest(self, *more_hosts: HostControl, others_send: bool = False) -> None:
        """Wait until neither a host nor the emulator has anything left to do at this time.

        Args:
            more_hosts: that run beside the stack's own.
            others_send: whether the test or a host that has ended sent messages, for which queues are polled.
        """
        emulator, hosts = self.stack.emulator, (*more_hosts, self.stack.host)
        now, others_send = emulator.clock().now, others_send or len(hosts) > 1
        for _ in range(ATTEMPTS_AT_REST):
            if at_rest(emulator, hosts, now, PATIENCE_SECONDS, others_send=others_send) is not None:
                return
        raise AssertionError("the app did not come to rest")

    def reconcile(self) -> None:
        """Run the reconcile timer's function once, with all that follows."""
        self.stack.host.invoke("reconcile")
        self.rest()

    def watch(self) -> None:
        """Run the watch timer's function once, with all that follows."""
        self.stack.host.invoke("watch_runs")
        self.rest()

    def tag(self, fleet_id: str, **policies: str | None) -> None:
        """Set policies of a whole fleet; an underscore stands for the dash in a key, None removes one."""
        tags = {f"auto-upgrade.{key.replace('_', '-')}": value for key, value in policies.items()}
        self.stack.emulator.tag_fleet(fleet_id, tags)

    def change(self, member: str, **changes: Json) -> None:
        """Change a member's cluster, as its owner would."""
        self.stack.emulator.change_cluster(str(self.member(member)["cluster"]), **changes)

    def release_image(self, version: str, family: str = "AKSUbuntu-2204") -> None:
        """AKS publishes a node image in every region at this moment."""
        self.stack.emulator.publish_release({"kind": "node_image", "family": family, "version": version})

    def ask(self, path: str, **query: str) -> httpx.Response:
        """Ask one of the app's HTTP functions; double underscores in a name stand for a dot, single ones for a dash."""
        parameters = {name.replace("__", ".").replace("_", "-"): value for name, value in query.items()}
        headers = {"x-functions-key": self.stack.host.function_key}
        return self.stack.host.http.get(f"/api{path}", headers=headers, params=parameters)

    def decision(self, profile_id: str) -> JsonObject:
        """What is decided about a profile now; the same is decided offline on the captured facts."""
        answer = self.ask(f"{profile_id}/preview", facts="true")
        assert answer.status_code == 200, answer.text
        decision = cast("JsonObject", answer.json())
        facts = decision.pop("facts")
        again = explain(read_facts(facts, profile_id))
        assert json.dumps(decision_json(again)) == json.dumps(decision)
        return decision

    def explain_all(self) -> None:
        """Decide every profile as `decision` does, as things stand now."""
        for fleet in cast("list[JsonObject]", self.stack.emulator.state()["fleets"]):
            for name in cast("list[str]", fleet["profiles"]):
                self.decision(f"{fleet['id']}/autoUpgradeProfiles/{name}")

    def runs_of(self, profile_id: str) -> list[JsonObject]:
        """The update runs of the profile's fleet."""
        fleet_id = profile_id.partition("/autoUpgradeProfiles/")[0]
        return [run for run in self.runs() if str(run["id"]).startswith(f"{fleet_id}/")]

    def detect(self) -> None:
        """Run the detection timer's function once, with all that follows."""
        self.stack.host.invoke("detect_releases")
        self.rest()

    def pass_time(self, **duration: float) -> None:
        """Move time forward, stopping wherever the emulator has something to do."""
        emulator = self.stack.emulator
        clock = emulator.clock()
        end = clock.now + timedelta(**duration)
        while clock.now < end:
            emulator.advance(max(clock.now, min(end, clock.next_event_at or end)))
            self.rest()
            clock = emulator.clock()

    def journal(self, *kinds: str) -> list[JsonObject]:
        """What happened, of these kinds."""
        return [entry for entry in self.stack.emulator.journal(0) if entry["kind"] in kinds]

    def wait_for(self, kind: str) -> None:
        """Wait until something of this kind has happened, however long the app goes on after it."""
        emulator = self.stack.emulator
        for _ in range(ATTEMPTS_AT_REST):
            if self.journal(kind):
                return
            emulator.journal(emulator.journal_end(), wait_seconds=1.0)
        raise AssertionError(f"no {kind} in the emulator's journal")

    def runs(self) -> list[JsonObject]:
        """The update runs there are."""
        return cast("list[JsonObject]", self.stack.emulator.state()["runs"])

    def member(self, name: str) -> JsonObject:
        """A member with its cluster."""
        for fleet in cast("list[JsonObject]", self.stack.emulator.state()["fleets"]):
            for member in cast("list[JsonObject]", fleet["members"]):
                if member["name"] == name:
                    return member
        raise AssertionError(f"no member {name}")

    def versions(self, *names: str) -> list[Json]:
        """The Kubernetes versions of members' clusters."""
        return [self.member(name)["kubernetesVersion"] for name in names]

    def logged(self, event_name: str) -> list[JsonObject]:
        """Fields of the app's log records of one kind, from the beginning."""
        log = LogTail(self.stack.log_file())
        records = (cast("JsonObject", record.get("fields") or {}) for record in log.new_records())
        return [fields for fields in records if fields.get("event_name") == event_name]

    def invocations_of(self, function: str) -> int:
        """How often a function has run."""
        log = LogTail(self.stack.log_file())
        return sum(
            record["function"] == function and str(record["message"]).startswith("Executing ")
            for record in log.new_records()
        )

    def now(self) -> datetime:
        """The simulated time."""
        return self.stack.emulator.clock().now


def options(
    settings: Mapping[str, str] | None = None, world: str = "world.yaml", timeline: str = "timeline.json"
) -> StackOptions:
    """The stack of these tests: timers run only when a test runs them."""
    timers = ("DETECT", "RECONCILE", "WATCH")
    schedules = {f"AUTO_UPGRADE_{timer}_SCHEDULE": NEVER for timer in timers}
    return StackOptions(
        world=HERE / world,
        timeline=HERE / timeline,
        subscription_id=SUBSCRIPTION,
        start=START,
        settings={**schedules, **(settings or {})},
        threads=4,
        refuse_unknown=True,
        say=lambda _: None,
    )
