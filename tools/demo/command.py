"""`./dev demo`."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console

from tools.demo.checks import ClusterVersions, check_all, find_cluster, read_clusters
from tools.demo.conductor import play
from tools.demo.excerpt import EXCERPT_WORLD, INCIDENTS, Incident, write_excerpt
from tools.demo.expectations import expect
from tools.demo.narrator import Narrator
from tools.demo.observations import Observations
from tools.demo.options import DemoOptions
from tools.demo.schedules import SETTINGS, SETTINGS_IN_FULL, SETTLING, SETTLING_IN_FULL
from tools.demo.summary import Summary, as_json, show
from tools.demo.world import World, read_world
from tools.documents import DocumentError
from tools.json_value import Json
from tools.releases import Timeline, load_timeline
from tools.stack.control import as_time
from tools.stack.kept_process import StackError
from tools.stack.stack import Stack, StackOptions
from tools.up.browser import PAGE_FILE, open_page


def run_demo(options: DemoOptions) -> int:
    """Play the demo; 0 if everything that had to happen did."""
    world_file = EXCERPT_WORLD if options.is_excerpt else options.full_world
    timeline_file = write_excerpt() if options.is_excerpt else options.full_timeline
    try:
        world, timeline = read_world(world_file), load_timeline(timeline_file)
    except DocumentError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    stack_options = StackOptions(
        world=world_file,
        timeline=timeline_file,
        subscription_id=world.subscription,
        settings=SETTINGS if options.is_excerpt else SETTINGS_IN_FULL,
    )
    try:
        with Stack(stack_options) as stack:
            summary = _Demo(stack, world, timeline, options).play()
            _show(summary, options)
            if options.keep:
                _keep(stack, browser=options.browser)
    except StackError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0 if summary.succeeded else 1


@dataclass
class _Demo:
    stack: Stack
    world: World
    timeline: Timeline
    options: DemoOptions

    def play(self) -> Summary:
        """Play all of it, or as much as was requested."""
        state = self.stack.emulator.state()
        begins, everywhere = as_time(state["now"]), as_time(state["timelineEnd"])
        end = everywhere + (SETTLING if self.options.is_excerpt else SETTLING_IN_FULL)
        until: datetime = min(self.options.until or end, end)
        observations, clusters = Observations(), read_clusters(state)
        began = time.monotonic()
        with Narrator(self.world, begins, until, for_machines=self.options.json) as narrator:
            watcher = _Watcher(self.stack, narrator, observations, clusters)
            for incident in INCIDENTS if self.options.is_excerpt else ():
                self._bring_about(incident, until, watcher)
            play(self.stack.emulator, self.stack.host, until, watcher.step)
        after = read_clusters(self.stack.emulator.state())
        complete = until == end
        expected = expect(self.world, self.timeline, until) if complete else {}
        return Summary(
            observations=observations,
            before=clusters,
            after=after,
            checks=check_all(expected, after, observations, is_complete=complete),
            days=(until - begins).total_seconds() / 86400,
            seconds=time.monotonic() - began,
        )

    def _bring_about(self, incident: Incident, until: datetime, watcher: _Watcher) -> None:
        if incident.at >= until:
            return
        play(self.stack.emulator, self.stack.host, incident.at, watcher.step)
        cluster_id = find_cluster(self.stack.emulator.state(), incident.member)
        self.stack.emulator.change_cluster(cluster_id, **incident.changes)
        watcher.narrator.show_incident(incident.at, incident.text)


@dataclass
class _Watcher:
    stack: Stack
    narrator: Narrator
    observations: Observations
    clusters: dict[str, ClusterVersions]
    """What clusters ran when they were first seen; those that join later are added."""
    last: int = 0

    def step(self, now: datetime) -> None:
        """Take in what happened since the last step."""
        for record in self.stack.new_log_records():
            self.observations.take_log_record(record)
            self.narrator.show_log_record(record)
        for entry in self.stack.emulator.journal(self.last):
            self.last = max(self.last, _number(entry["seq"]))
            self.observations.take_journal_entry(entry)
            self.narrator.show_journal_entry(entry)
            if entry["kind"] == "memberJoined":
                for key, versions in read_clusters(self.stack.emulator.state()).items():
                    self.clusters.setdefault(key, versions)
        self.narrator.show_time(now)


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _show(summary: Summary, options: DemoOptions) -> None:
    if options.json:
        print(as_json(summary))
    else:
        show(summary, Console(highlight=False, width=None if sys.stdout.isatty() else 120))


def _keep(stack: Stack, *, browser: bool) -> None:
    keys = stack.directory / "keys.json"
    keys.touch(mode=0o600)
    keys.write_text(json.dumps({"functionKey": stack.host.function_key, "masterKey": stack.host.master_key}))
    print(f"ARM endpoint   {stack.emulator.endpoint}", file=sys.stderr)
    print(f"CA bundle      {stack.ca_bundle}", file=sys.stderr)
    print(f"Function app   {stack.host.url}", file=sys.stderr)
    print(f"Status page    {stack.host.page_address(with_key=sys.stderr.isatty())}", file=sys.stderr)
    print(f"its keys are in {keys}; Ctrl-C ends the stack", file=sys.stderr)
    if browser:
        open_page(stack.host.page_address(with_key=True), stack.directory / PAGE_FILE)
    while stack.host_process.is_running:
        time.sleep(0.5)
