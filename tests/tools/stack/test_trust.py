"""What a shell and the Azure CLI trust beside a stack."""

from __future__ import annotations

from pathlib import Path

import certifi
import pytest

from tools.paths import DEV
from tools.up.trust import write_trust

AUTHORITY = "-- the stack's --\n"
PUBLIC = Path(certifi.where()).read_text()


def trusted(place: Path, **environment: str) -> str:
    stack, written = place / "stack.pem", place / "trust.pem"
    stack.write_text(AUTHORITY)
    write_trust(written, stack, environment)
    return written.read_text()


def test_the_public_authorities_are_trusted_after_the_stacks(tmp_path: Path) -> None:
    assert trusted(tmp_path) == AUTHORITY + PUBLIC


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_authorities_that_a_person_names_take_the_place_of_the_public_ones(tmp_path: Path, variable: str) -> None:
    company = tmp_path / "company.pem"
    company.write_text("-- the company's --\n")
    assert trusted(tmp_path, **{variable: str(company)}) == f"{AUTHORITY}-- the company's --\n"


def test_those_of_an_earlier_stack_and_missing_ones_do_not_count(tmp_path: Path) -> None:
    DEV.mkdir(exist_ok=True)
    earlier = DEV / "test-trust.pem"
    earlier.write_text("-- an earlier stack's --\n")
    try:
        assert trusted(tmp_path, REQUESTS_CA_BUNDLE=str(earlier), SSL_CERT_FILE="/nowhere") == AUTHORITY + PUBLIC
    finally:
        earlier.unlink()
