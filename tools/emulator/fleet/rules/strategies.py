"""The rules for the stages of an update strategy, in a strategy or in a run."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.names import check_name
from tools.emulator.fleet.rules.refusals import (
    GATES_SINCE,
    NEWEST_PREVIEW,
    check_choice,
    check_known,
    invalid,
    is_known,
)
from tools.emulator.label_selector import parse_selector
from tools.emulator.update_runs.scheduled_start import DAYS

MAXIMUM_CONCURRENCY: Final = 50
MAXIMUM_GROUPS: Final = 50
MAXIMUM_GATE_NAME: Final = 100
MAXIMUM_WAIT: Final = 2**31 - 1
"""Seconds; the API's integers have 32 bits."""
MAXIMUM_SELECTOR: Final = 512
GATE_TYPES: Final = ("Approval",)
PREVIEW_GATE_TYPES: Final = ("ScheduledStart",)

_ALLOWED_FAILURES: Final = re.compile(r"0|[1-9]\d*|(0|[1-9]\d?|100)%", re.ASCII)
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_UTC_OFFSET: Final = re.compile(r"[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)", re.ASCII)
_CONCURRENCY: Final = re.compile(r"[1-9]\d*|([1-9]\d?|100)%", re.ASCII)


def check_strategy(strategy: Field, api_version: str) -> None:
    """Stages and groups: there are some, they have names of their own, and their limits are in bounds."""
    stages = strategy.at("stages")
    if not stages.items():
        raise invalid("A strategy needs at least one stage.", stages.path)
    seen_stages: set[str] = set()
    seen_groups: set[str] = set()
    for stage in stages.items():
        _check_new_name(stage.at("name"), seen_stages, "stage")
        _check_stage(stage, api_version)
        _check_groups(stage, seen_groups, api_version)


def _check_stage(stage: Field, api_version: str) -> None:
    _check_concurrency(stage.at("maxConcurrency"), MAXIMUM_CONCURRENCY)
    _check_allowed_failures(stage.at("maxAllowedFailures"), api_version)
    wait = stage.at("afterStageWaitInSeconds")
    if not 0 <= wait.integer() <= MAXIMUM_WAIT:
        raise invalid(f"afterStageWaitInSeconds must be 0 to {MAXIMUM_WAIT}, not {wait.integer()}.", wait.path)
    _check_gates(stage, api_version)
    check_selector(stage, api_version)


def _check_groups(stage: Field, seen: set[str], api_version: str) -> None:
    groups = stage.at("groups")
    if not groups.items() and not stage.at("memberSelector").is_given:
        raise invalid(f"Stage '{stage.at('name').text()}' needs at least one group.", groups.path)
    if len(groups.items()) > MAXIMUM_GROUPS:
        raise invalid(
            f"Stage '{stage.at('name').text()}' has {len(groups.items())} groups; it can have {MAXIMUM_GROUPS}.",
            groups.path,
        )
    for group in groups.items():
        _check_new_name(group.at("name"), seen, "group")
        # UNVERIFIED: that a group's count may be above its stage's, which limits it all the same; the documentation
        # says both.
        _check_concurrency(group.at("maxConcurrency"), None)
        _check_allowed_failures(group.at("maxAllowedFailures"), api_version)
        _check_gates(group, api_version)
        check_selector(group, api_version)


def _check_new_name(name: Field, seen: set[str], kind: str) -> None:
    check_name(name.text(), target=name.path)
    if name.text() in seen:
        raise invalid(f"The {kind} '{name.text()}' appears more than once in the strategy.", name.path)
    seen.add(name.text())


def _check_concurrency(field: Field, most: int | None) -> None:
    if not field.is_given:
        return
    text = field.text()
    is_form = _CONCURRENCY.fullmatch(text) is not None
    if not is_form or (most is not None and not text.endswith("%") and int(text) > most):
        count = "a count from 1 on" if most is None else f"a count from 1 to {most}"
        raise invalid(f"maxConcurrency '{text}' must be {count}, or 1% to 100%.", field.path)


def _check_allowed_failures(field: Field, api_version: str) -> None:
    """`maxAllowedFailures` of a stage or of a group."""
    check_known(field, api_version, NEWEST_PREVIEW)
    if field.is_given and _ALLOWED_FAILURES.fullmatch(field.text()) is None:
        raise invalid(f"maxAllowedFailures '{field.text()}' must be a count from 0 on, or 0% to 100%.", field.path)


def _check_gates(part: Field, api_version: str) -> None:
    for gates in (part.at("beforeGates"), part.at("afterGates")):
        check_known(gates, api_version, GATES_SINCE)
        for gate in gates.items():
            _check_gate_type(gate, api_version)
            shown = gate.at("displayName")
            if shown.is_given and not 1 <= len(shown.text()) <= MAXIMUM_GATE_NAME:
                raise invalid(f"displayName must have 1 to {MAXIMUM_GATE_NAME} characters.", shown.path)


def _check_gate_type(gate: Field, api_version: str) -> None:
    """UNVERIFIED: that a schedule is refused where the gate waits for approval."""
    known = (*GATE_TYPES, *PREVIEW_GATE_TYPES) if is_known(api_version, NEWEST_PREVIEW) else GATE_TYPES
    kind, schedule = check_choice(gate.at("type"), known), gate.at("scheduledStartConfiguration")
    check_known(schedule, api_version, NEWEST_PREVIEW)
    if kind in PREVIEW_GATE_TYPES:
        _check_schedule(schedule)
    elif schedule.is_given:
        raise invalid("scheduledStartConfiguration is for gates of type ScheduledStart only.", schedule.path)


def _check_schedule(schedule: Field) -> None:
    if not schedule.is_given:
        raise invalid("scheduledStartConfiguration is required for gates of type ScheduledStart.", schedule.path)
    check_choice(schedule.at("startDay"), DAYS)
    for field, form, example in (
        (schedule.at("startTime"), _TIME, "22:30"),
        (schedule.at("utcOffset"), _UTC_OFFSET, "+02:00"),
    ):
        if form.fullmatch(field.text()) is None:
            raise invalid(f"{field.name} '{field.text()}' must be in the form {example}.", field.path)


def check_selector(part: Field, api_version: str) -> None:
    """Refuse a `memberSelector` that cannot be parsed. UNVERIFIED: the response to it."""
    selector = part.at("memberSelector")
    check_known(selector, api_version, NEWEST_PREVIEW)
    check_selector_form(selector)


def check_selector_form(selector: Field) -> None:
    """Refuse a selector of members that cannot be parsed."""
    if not selector.is_given:
        return
    by_label = selector.at("byLabel")
    text = by_label.text()
    if len(text) > MAXIMUM_SELECTOR or parse_selector(text) is None:
        raise invalid(f"byLabel '{text}' must be a Kubernetes label selector such as env=prod.", by_label.path)
