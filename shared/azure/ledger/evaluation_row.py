"""The state of the evaluation of all profiles as a row of texts."""

from __future__ import annotations

from collections.abc import Mapping

from shared.azure.ledger.reading import time_in
from shared.evaluation_state import EvaluationInProgress, EvaluationRequest, EvaluationState


def evaluation_row(state: EvaluationState) -> dict[str, str]:
    """The row; it has no column for what is None."""
    row = {"at": state.last.isoformat()} if state.last is not None else {}
    if (wanted := state.wanted) is not None:
        row |= {
            "wantedBy": wanted.requester,
            "wantedTrigger": wanted.trigger,
            "wantedAt": wanted.at.isoformat(),
        }
    if (current := state.in_progress) is not None:
        row |= {
            "holder": current.holder,
            "holderTrigger": current.trigger,
            "heldSince": current.began_at.isoformat(),
        }
    return row


def evaluation_state_of(row: Mapping[str, str]) -> EvaluationState:
    """The state in a row; earlier versions wrote only `at`."""
    wanted = current = None
    if "wantedAt" in row:
        wanted = EvaluationRequest(row["wantedBy"], row["wantedTrigger"], time_in(row, "wantedAt"))
    if "heldSince" in row:
        current = EvaluationInProgress(row["holder"], row["holderTrigger"], time_in(row, "heldSince"))
    return EvaluationState(time_in(row, "at") if "at" in row else None, wanted, current)
