"""A decision in short, with what happens next: for an overview of many profiles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from shared.core.outlook import outlook
from shared.core.reasons import Outcome, Reason
from shared.overview.run_summary import progress_of, time_text

if TYPE_CHECKING:
    from shared.documents.fleets import DecisionSummary
    from shared.documents.runs import RunSummary

SENTENCE_CHARACTERS = 500
"""Of a decision's sentence in an overview."""

E = TypeVar("E", bound=StrEnum)


def summarize(
    outcome: str, reason: str, sentence: str, target: str, until: datetime | None, run: RunSummary | None
) -> DecisionSummary | None:
    """The decision in short; None for one of another version of the app, with an unknown outcome or reason.

    Args:
        outcome: of the decision.
        reason: of the decision.
        sentence: of the decision; a long one is cut.
        target: in words; empty without one.
        until: when a wait ends.
        run: the profile's run.
    """
    known_outcome, known_reason = _member(Outcome, outcome), _member(Reason, reason)
    if known_outcome is None or known_reason is None:
        return None
    ahead = outlook(known_outcome, known_reason, until, progress_of(run))
    return {
        "outcome": known_outcome,
        "reason": known_reason,
        "sentence": _cut(sentence),
        "target": target or None,
        "next": {"what": ahead.event, "at": time_text(ahead.at), "sentence": ahead.sentence},
        "needsPerson": ahead.needs_person,
    }


def _member(kind: type[E], text: str) -> E | None:
    return kind(text) if text in kind._value2member_map_ else None


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= SENTENCE_CHARACTERS else f"{sentence[:SENTENCE_CHARACTERS]}…"
