"""Stops that this app made for a newer target: such a run is started again when its target is wanted again.

A stop is noted before it is made. It is this app's if Fleet accepted it, or if the answer was lost and the run stopped
right then. Once the run is seen as stopped, its end is noted too: a later stop of the same run is someone else's. What
cannot be known counts as a person's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.facts import Facts
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import RunRecord, StopNote
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import STOPPABLE_STATES, UpdateRun, UpdateState
from shared.core.runs.wanted_run import runs_of

MADE_WITHIN = timedelta(minutes=2)
"""A stop whose answer was lost shows within this time of its note; a later one is someone else's."""


def is_own_stop(run: UpdateRun, note: StopNote | None, now: datetime) -> bool:
    """Whether the run is stopped, and by this app."""
    if note is None or run.state is not UpdateState.STOPPED:
        return False
    note = seen(note, run, now)
    return note is not None and note.stopped_at in (None, run.completed_at)


def seen(note: StopNote, run: UpdateRun, now: datetime) -> StopNote | None:
    """The note once the run was seen like this: with what is known since; None if the note means nothing any more."""
    if note.stopped_at is not None or isinstance(run.state, Unparsed):
        return note
    if run.state is UpdateState.STOPPED:
        is_made = note.is_made or (run.completed_at or now) - note.noted_at <= MADE_WITHIN
        return replace(note, is_made=True, stopped_at=run.completed_at) if is_made else None
    is_recent = now - note.noted_at <= MADE_WITHIN
    if run.state is UpdateState.STOPPING:
        return replace(note, is_made=True) if note.is_made or is_recent else None
    return note if run.state in STOPPABLE_STATES and is_recent else None


def stops_to_settle(facts: Facts) -> tuple[ResourceId, ...]:
    """The runs of the profile of which more is known than their notes say."""
    noted = (
        run
        for run in facts.fleet.update_runs
        for record in [facts.run_records.get(run.name.lower())]
        if isinstance(record, RunRecord) and record.stop is not None
        if seen(record.stop, run, facts.now) != record.stop
    )
    return tuple(run.id for run in runs_of(facts.profile.id, noted))
