"""The page on alerts names what the code reads, and no more."""

from __future__ import annotations

import re
from pathlib import Path

from functions.http.alert_request import KNOWN_PROPERTIES
from functions.http.alert_targets import DIMENSIONS

PAGE = Path(__file__).resolve().parents[3] / "docs/alerts-that-act.md"


def first_column(title: str) -> list[str]:
    """The first column of the table whose header begins with a word."""
    table = PAGE.read_text().partition(f"| {title} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_every_custom_property_is_documented_and_no_other() -> None:
    assert first_column("property") == list(KNOWN_PROPERTIES)


def test_every_dimension_is_documented_in_its_order_and_no_other() -> None:
    assert first_column("dimension") == list(DIMENSIONS)
