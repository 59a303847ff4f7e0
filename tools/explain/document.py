"""The form of captured facts; `docs/facts.md` describes it. Bodies are those of Azure, and may have more fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, model_validator

from shared.capture import SCHEMA_VERSION
from shared.core.model.ids import (
    CLUSTER_TYPE,
    FLEET_TYPE,
    MEMBER_TYPE,
    PROFILE_TYPE,
    RUN_TYPE,
    STRATEGY_TYPE,
    ResourceId,
)
from shared.core.model.run_record import Intent
from shared.errors import InvalidInputError
from tools.documents import CamelCaseDocument, DocumentError, Time, invalid, read

Body: TypeAlias = dict[str, object]
UNKNOWN = "unknown"
"""The key, in place of a body's fields, of why it could not be read."""


class _Resource:
    """Annotates a body with an id of one type and `properties`, or `unknown`."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, body: Body) -> Body:
        """The body itself."""
        _id_of_type(body.get("id"), self._kind, "id")
        if UNKNOWN in body:
            _why(body)
        elif self._kind != FLEET_TYPE and not isinstance(body.get("properties"), dict):
            raise invalid("has no 'properties'; give the body as ARM has it, which `az rest` prints")
        return body


def _id_of_type(text: object, kind: str, *path: str) -> ResourceId:
    if not isinstance(text, str):
        raise invalid("has no 'id'")
    try:
        return ResourceId.parse_of_type(text, kind, "id")
    except InvalidInputError as error:
        raise invalid(f"'{text}' is not {error.expected}", *path) from None


def _why(body: Mapping[str, object]) -> None:
    if not isinstance(body[UNKNOWN], str) or not body[UNKNOWN]:
        raise invalid("is not a text that says why it could not be read", UNKNOWN)


def _without_envelope(content: object) -> object:
    """The items of a list, as it is or in the envelope of ARM (`value`) or of Resource Graph (`data`)."""
    if not isinstance(content, dict):
        return content
    for name in ("nextLink", "$skipToken"):
        if content.get(name):
            raise invalid("there are further pages; give the items of all of them", name)
    return next((content[name] for name in ("value", "data") if name in content), content)


def _list_body(name: str) -> AfterValidator:
    def check(body: Body) -> Body:
        if UNKNOWN in body:
            _why(body)
        elif not isinstance(body.get(name), list):
            raise invalid(
                f"has no list '{name}'; give the body as ARM has it, or 'unknown' with why it could not be read"
            )
        return body

    return AfterValidator(check)


def _upgrade_profile(body: Body) -> Body:
    if UNKNOWN in body:
        _why(body)
    elif not isinstance(body.get("properties"), dict):
        raise invalid("has no 'properties'; give the body as ARM has it, or 'unknown' with why it could not be read")
    return body


def _schema_version(version: int) -> int:
    if version != SCHEMA_VERSION:
        raise invalid(f"this program reads version {SCHEMA_VERSION}; {version} is of another")
    return version


def _profile_id(text: str) -> str:
    _id_of_type(text, PROFILE_TYPE)
    return text


_Envelope = BeforeValidator(_without_envelope)
_Profiles = Annotated[list[Annotated[Body, AfterValidator(_Resource(PROFILE_TYPE))]], _Envelope]
_Members = Annotated[list[Annotated[Body, AfterValidator(_Resource(MEMBER_TYPE))]], _Envelope]
_Strategies = Annotated[list[Annotated[Body, AfterValidator(_Resource(STRATEGY_TYPE))]], _Envelope]
_Runs = Annotated[list[Annotated[Body, AfterValidator(_Resource(RUN_TYPE))]], _Envelope]
_Clusters = Annotated[list[Annotated[Body, AfterValidator(_Resource(CLUSTER_TYPE))]], _Envelope]


class Policies(CamelCaseDocument):
    """Policies by key, apart from those in tags."""

    settings: dict[str, str] = Field(default_factory=dict)
    """Of the app."""
    overrides: dict[str, str] = Field(default_factory=dict)
    """Of the preview request."""


class Region(CamelCaseDocument):
    """What a region offers."""

    kubernetes_versions: Annotated[Body, _list_body("values")]
    upgrade_profiles: dict[str, Annotated[Body, AfterValidator(_upgrade_profile)]] = Field(default_factory=dict)
    """By node image family: that of a node pool which has it."""


class Record(CamelCaseDocument):
    """What the ledger knew of a run."""

    intent: Literal["upgrade", "review"]
    skipped: list[str] = Field(default_factory=list)
    restarts: int = 0
    restarted_failure: Time | None = None


class Ledger(CamelCaseDocument):
    """What the ledger knew."""

    runs: dict[str, Record] = Field(default_factory=dict)
    """By name."""
    first_seen: dict[str, dict[str, Time]] = Field(default_factory=dict)
    """By region and release."""


class FactsDocument(CamelCaseDocument):
    """Everything that one profile is decided on. A part that is missing is an error: it does not mean "none"."""

    schema_version: Annotated[int, AfterValidator(_schema_version)]
    profile_id: Annotated[str, AfterValidator(_profile_id)]
    now: Time
    on_demand: Literal["upgrade", "review"] | None = None
    policies: Policies = Field(default_factory=Policies)
    is_preview: bool = False
    """Whether the fleet was read in the api-version of Fleet's preview."""
    fleet: Annotated[Body, AfterValidator(_Resource(FLEET_TYPE))]
    auto_upgrade_profiles: _Profiles
    members: _Members
    update_strategies: _Strategies
    update_runs: _Runs
    managed_clusters: _Clusters
    regions: dict[str, Region]
    maintenance_configurations: dict[str, Annotated[Body, _list_body("value")]] = Field(default_factory=dict)
    """By the cluster's id."""
    ledger: Ledger = Field(default_factory=Ledger)

    @model_validator(mode="after")
    def _is_of_one_fleet(self) -> FactsDocument:
        """Check that everything lies in the profile's fleet, and that the profile is there."""
        fleet = ResourceId.parse(self.profile_id).parent
        if ResourceId.parse(str(self.fleet["id"])) != fleet:
            raise invalid(f"is not the fleet of the profile, {fleet}", "fleet", "id")
        sections: dict[str, Sequence[Body]] = {
            "autoUpgradeProfiles": self.auto_upgrade_profiles,
            "members": self.members,
            "updateStrategies": self.update_strategies,
            "updateRuns": self.update_runs,
        }
        for name, bodies in sections.items():
            for index, body in enumerate(bodies):
                if ResourceId.parse(str(body["id"])).parent != fleet:
                    raise invalid(f"does not lie in the fleet {fleet}", name, index, "id")
        if not any(
            ResourceId.parse(str(body["id"])).key == self.profile_id.lower() for body in self.auto_upgrade_profiles
        ):
            raise invalid(f"the profile {self.profile_id} is not among them", "autoUpgradeProfiles")
        for text in self.maintenance_configurations:
            _id_of_type(text, CLUSTER_TYPE, "maintenanceConfigurations", text)
        return self

    @property
    def intent(self) -> Intent | None:
        """What a person asked for; None for the decision of a trigger."""
        return None if self.on_demand is None else Intent(self.on_demand)


_FORM = TypeAdapter(FactsDocument)


def read_facts(content: object, what: str) -> FactsDocument:
    """Read facts, alone or within the response of a preview.

    Raises:
        DocumentError: they have another form; the message names the file and the place.
    """
    if isinstance(content, dict) and "outcome" in content and "facts" in content:
        try:
            return read(_FORM, content["facts"], what)
        except DocumentError as error:
            raise error.below("facts") from None
    return read(_FORM, content, what)
