"""The part of the ledger that is written while update runs are generated, started and stopped; see `shared.ports`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord, StopNote
from shared.core.model.update_run import UpdateRun


@dataclass(frozen=True, slots=True)
class StartLease:
    """The right to start a run, while no other run is started on the same members."""

    run_id: ResourceId
    token: str
    """Of this lease alone: one that ran out and was taken again is not released."""
    start_before: datetime
    """Until when a start may begin."""


WasStarted: TypeAlias = Callable[[str, datetime], bool]
"""Whether Fleet shows a run, given by its name in lower case, as started since a moment. It may read from Azure."""


class RunLedger(Protocol):
    """Remembers of update runs what ARM does not store. Each row is changed on condition of its ETag."""

    def claim_run(
        self,
        run_id: ResourceId,
        profile_id: ResourceId,
        record: RunRecord,
        now: datetime,
        may_take_over: Callable[[], bool],
    ) -> datetime:
        """Claim the creation of a run with an intent. Returns the time until which the caller may create it.

        A claim of the same intent is shared: creating is idempotent. A claim of the other intent is respected while it
        holds. After that it is taken over only if `may_take_over`, called at that moment, finds that the run does not
        exist: a run that was created for review is never started by a trigger. What is remembered of a run that was
        deleted is forgotten in the same way, so that the new one does not inherit it.

        Raises:
            NotReadyError: a claim of the other intent holds, or its run exists.
        """

    def record_skipped(
        self, run_id: ResourceId, intent: Intent, members: frozenset[str], created_at: datetime | None = None
    ) -> None:
        """Record members, by name in lower case, before the app has Fleet skip them in a run that was created then."""

    def record_generated(self, claimed: ResourceId, generated: UpdateRun) -> Intent:
        """Record the run that Fleet generated itself for a claimed one, and under its own name what it is for.

        A run that was there before Fleet was asked is someone else's, for review, unless it was recorded before.
        Returns what the run is for.
        """

    def record_restart(
        self, run_id: ResourceId, number: int, failed_at: datetime | None, created_at: datetime | None = None
    ) -> bool:
        """Record a restart before the app makes it. Returns False if another restart was recorded meanwhile.

        Args:
            run_id: its id.
            number: the number of the restart, from 1. Recording the same restart of the same failure again is valid.
            failed_at: when the run failed.
            created_at: when the run was created: what is remembered of an earlier one of its name does not count.
        """

    def replace_stop(
        self,
        run_id: ResourceId,
        before: StopNote | None,
        after: StopNote | None,
        intent: Intent,
        created_at: datetime | None = None,
    ) -> bool:
        """Note a stop before the app makes it, or what is known of it since. Returns False if the note has changed.

        Args:
            run_id: its id.
            before: the note that was read; None if there was none.
            after: the note from now on; None to forget it.
            intent: what the run is for, if nothing was recorded of it.
            created_at: when the run was created.
        """

    def lease_start(
        self, run_id: ResourceId, members: Iterable[str], now: datetime, was_started: WasStarted
    ) -> StartLease:
        """Take a lease on starting the run on the members, which runs out by itself.

        Calls for the same run share it, and then it is on the members of them all: a start is conditional. A lease on
        another run on one of the members is respected until `was_started`, called only then, finds that Fleet shows
        that run as started.

        Raises:
            NotReadyError: another run is being started on one of the members.
        """

    def release_start(self, lease: StartLease, *, also_shared: bool = False) -> None:
        """Give the lease back, if it has not run out.

        Args:
            lease: the lease.
            also_shared: give it back also if another call shares it: the run is started, so that none of them starts
                it. Otherwise a shared lease runs out by itself.
        """
