"""Checkov finds nothing but what is explained, and every explanation is needed."""

from __future__ import annotations

import copy
import json

import pytest

from tools.checks.infra.checkov import CHECKOV, Failure, Skip, find_checkov_problems, read_skips, scan
from tools.checks.infra.prediction import snapshot_path, ways

FAULTY = "faulty"
STORAGE = "Microsoft.Storage/storageAccounts"
FAILURE = Failure("default", "CKV_AZURE_59", STORAGE, "public access")
SKIP = Skip("CKV_AZURE_59", STORAGE, "a choice")


@pytest.fixture(scope="module")
def failures() -> list[Failure]:
    """What Checkov finds in every way of deploying, and in one more with a fault: each run of it costs 5 s."""
    if not CHECKOV.is_installed():
        pytest.skip("Checkov is not installed; ./dev infra-check does it")
    kept = {way.stem: json.loads(snapshot_path(way).read_text()) for way in ways()}
    account = copy.deepcopy(next(one for one in kept["no-mail"]["predictedResources"] if one["type"] == STORAGE))
    account["properties"]["minimumTlsVersion"] = "TLS1_0"
    return scan({**kept, FAULTY: {"predictedResources": [account]}})


@pytest.mark.timeout(600)
def test_checkov_finds_nothing_but_what_is_explained(failures: list[Failure]) -> None:
    found = [failure for failure in failures if failure.way != FAULTY]

    assert list(find_checkov_problems(found, read_skips())) == []


@pytest.mark.timeout(600)
def test_checkov_sees_a_fault(failures: list[Failure]) -> None:
    assert list(find_checkov_problems(failures, read_skips())) == [
        f"{FAULTY}: {STORAGE}: CKV_AZURE_44 Ensure Storage Account is using the latest version of TLS encryption"
    ]


def test_what_is_explained_is_allowed() -> None:
    assert list(find_checkov_problems([FAILURE], [SKIP])) == []


def test_what_is_not_explained_is_a_problem() -> None:
    assert list(find_checkov_problems([FAILURE], [])) == [f"default: {STORAGE}: CKV_AZURE_59 public access"]


def test_an_explanation_counts_for_its_type_alone() -> None:
    other = Skip(SKIP.check, "Microsoft.Web/sites", SKIP.reason)

    assert list(find_checkov_problems([FAILURE], [SKIP, other])) == [
        "checkov-skips.toml skips CKV_AZURE_59 of Microsoft.Web/sites, which nothing fails"
    ]


def test_an_explanation_has_a_reason() -> None:
    assert list(find_checkov_problems([FAILURE], [Skip(SKIP.check, SKIP.type, " ")])) == [
        f"checkov-skips.toml gives no reason for CKV_AZURE_59 of {STORAGE}"
    ]
