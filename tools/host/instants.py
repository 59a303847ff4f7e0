"""Moments as ISO 8601 texts."""

from datetime import UTC, datetime


def to_iso(moment: datetime) -> str:
    """Write a moment with Z, as on every wire here."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read a moment; it must say its offset from UTC.

    Raises:
        ValueError: it is not ISO 8601, or has no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} does not say its offset from UTC; end it with Z")
    return moment.astimezone(UTC)
