"""What each HTTP function takes and returns; its path, methods and summary are those of the function itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shared.documents.decisions import DecisionDocument
from shared.documents.fleets import FleetDocument, FleetsDocument, ProfileDocument
from shared.documents.health import HealthDocument
from shared.documents.members import MembersDocument
from shared.documents.profiles import CapabilitiesDocument, StoredProfileDocument, StrategiesDocument
from shared.documents.releases import ReleasesDocument
from shared.documents.requests import (
    Accepted,
    AlertOutcome,
    GeneratedRun,
    GenerateRequest,
    NewProfileBody,
    ProfileBody,
    WrittenProfile,
)
from shared.documents.runs import RunDetail
from shared.documents.status import StatusDocument

Schema: TypeAlias = "dict[str, object]"

NUMBER_OF_ENTRIES: Schema = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
FIRST_ENTRY: Schema = {"type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0}
PAGE: Mapping[str, tuple[str, Schema]] = {
    "top": ("How many entries to return.", NUMBER_OF_ENTRIES),
    "skip": ("How many entries to skip.", FIRST_ENTRY),
}
NAME: Mapping[str, tuple[str, Schema]] = {
    "name": ("A part of the cluster's name, in any case.", {"type": "string", "minLength": 1, "maxLength": 100}),
}
ASSUMPTIONS: Mapping[str, tuple[str, Schema]] = {
    "at": ("Decide for this time, in ISO 8601; the catalog is today's.", {"type": "string", "format": "date-time"}),
}
FACTS: Mapping[str, tuple[str, Schema]] = {
    "facts": ("Add what the profile was decided on.", {"type": "string", "enum": ["true", "false"]}),
}


@dataclass(frozen=True)
class Operation:
    """What a function takes and returns."""

    response: type | None
    """The document of success; None: no body."""
    statuses: tuple[int, ...] = (200,)
    """Of success."""
    errors: tuple[int, ...] = (403,)
    """Statuses of refusals, besides those that every function with a key may return."""
    body: type | None = None
    needs_body: bool = True
    query: Mapping[str, tuple[str, Schema]] | None = None
    takes_policies: bool = False
    is_cached: bool = False
    """Whether it has an ETag, and returns 304."""


OPERATIONS: Mapping[str, Operation] = {
    "list_fleets": Operation(FleetsDocument, query=PAGE, is_cached=True),
    "show_fleet": Operation(FleetDocument, errors=(403, 404), is_cached=True),
    "show_profile": Operation(ProfileDocument, errors=(403, 404), is_cached=True),
    "find_members": Operation(MembersDocument, query=NAME, is_cached=True),
    "show_run": Operation(RunDetail, errors=(403, 404, 429), is_cached=True),
    "list_releases": Operation(ReleasesDocument, query=PAGE, is_cached=True),
    "show_health": Operation(HealthDocument, is_cached=True),
    "preview_profile": Operation(
        DecisionDocument, errors=(403, 404, 429), query={**ASSUMPTIONS, **FACTS}, takes_policies=True
    ),
    "preview_new_profile": Operation(
        DecisionDocument, errors=(403, 404, 429), body=NewProfileBody, query=ASSUMPTIONS, takes_policies=True
    ),
    "profile_status": Operation(StatusDocument, errors=(403, 404)),
    "generate_update_run": Operation(GeneratedRun, errors=(403, 404, 409, 429), body=GenerateRequest, needs_body=False),
    "evaluate_all_now": Operation(Accepted, statuses=(202,), errors=(403, 429)),
    "evaluate_profile_now": Operation(Accepted, statuses=(202,), errors=(403, 404, 429)),
    "show_capabilities": Operation(CapabilitiesDocument, is_cached=True),
    "list_strategies": Operation(StrategiesDocument, errors=(403, 404, 429), is_cached=True),
    "show_settings": Operation(StoredProfileDocument, errors=(403, 404, 429), is_cached=True),
    "write_profile": Operation(WrittenProfile, errors=(403, 404, 409, 429), body=ProfileBody),
    "delete_profile": Operation(None, statuses=(204,), errors=(403, 404, 409, 429)),
    "alerts": Operation(AlertOutcome, statuses=(200, 202), errors=(403, 404, 409), body=dict),
}
"""By the function's name."""

NOT_DESCRIBED = frozenset({"status_page", "page_file", "root", "api_description"})
"""Functions whose responses are files."""
