"""The form of captured facts; `docs/facts.md` describes it. Bodies are those of Azure, and may have more fields."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
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


def _id_of_type(text: object, kind: str, *path: str) -> ResourceId:
    if not isinstance(text, str):
        raise invalid("has no 'id'")
    try:
        return ResourceId.parse_of_type(text, kind, "id")
    except InvalidInputError as error:
        raise invalid(f"'{text}' is not {error.expected}", *path) from None


def _without_envelope(content: object) -> object:
    """The items of a list, as it is or in the envelope of ARM (`value`) or of Resource Graph (`data`)."""
    if not isinstance(content, dict):
        return content
    for name in ("nextLink", "$skipToken"):
        if content.get(name):
            raise invalid("there are further pages; give the items of all of them", name)
    return next((content[name] for name in ("value", "data") if name in content), content)


def _body(body: Body, name: str, kind: type[list[object]] | type[Body]) -> Body:
    """Check that a body has what every such body of Azure has, or says why it could not be read."""
    if UNKNOWN in body:
        if not isinstance(body[UNKNOWN], str) or not body[UNKNOWN]:
            raise invalid("is not a text that says why it could not be read", UNKNOWN)
    elif not isinstance(body.get(name), kind):
        raise invalid(f"has no '{name}'; give the body as ARM has it, which `az rest` prints")
    return body


def _resource(body: Body, kind: str) -> Body:
    """Check that a body is that of a resource of the type."""
    if UNKNOWN in body:
        raise invalid("without it there is no decision", UNKNOWN)
    return _possible_resource(body, kind)


def _possible_resource(body: Body, kind: str) -> Body:
    """The same, or the reason why it could not be read."""
    _id_of_type(body.get("id"), kind, "id")
    return body if kind == FLEET_TYPE else _body(body, "properties", dict)


def _schema_version(version: int) -> int:
    if version != SCHEMA_VERSION:
        raise invalid(f"this program reads version {SCHEMA_VERSION}; {version} is of another")
    return version


def _profile_id(text: str) -> str:
    _id_of_type(text, PROFILE_TYPE)
    return text


_Envelope = BeforeValidator(_without_envelope)
_Profile = Annotated[Body, AfterValidator(partial(_resource, kind=PROFILE_TYPE))]
_Member = Annotated[Body, AfterValidator(partial(_resource, kind=MEMBER_TYPE))]
_Run = Annotated[Body, AfterValidator(partial(_resource, kind=RUN_TYPE))]
_Strategy = Annotated[Body, AfterValidator(partial(_possible_resource, kind=STRATEGY_TYPE))]
_Cluster = Annotated[Body, AfterValidator(partial(_possible_resource, kind=CLUSTER_TYPE))]
_UpgradeProfile = Annotated[Body, AfterValidator(partial(_body, name="properties", kind=dict))]


class Policies(CamelCaseDocument):
    """Policies by key, apart from those in tags."""

    settings: dict[str, str] = Field(default_factory=dict)
    """Of the app."""
    overrides: dict[str, str] = Field(default_factory=dict)
    """Of the preview request."""


class Region(CamelCaseDocument):
    """What a region offers."""

    kubernetes_versions: Annotated[Body, AfterValidator(partial(_body, name="values", kind=list))]
    upgrade_profiles: dict[str, _UpgradeProfile] = Field(default_factory=dict)
    """By node image family: that of a node pool which has it."""


class Stop(CamelCaseDocument):
    """A stop by the app."""

    noted_at: Time
    target: str
    is_made: bool
    stopped_at: Time | None


class Call(CamelCaseDocument):
    """A call to Fleet to generate a run."""

    profile_id: Annotated[str, AfterValidator(_profile_id)]
    until: Time
    beside: list[str]


class Record(CamelCaseDocument):
    """What the ledger knew of a run."""

    intent: Literal["upgrade", "review"]
    skipped: list[str] = Field(default_factory=list)
    generated: str = ""
    restarts: int = 0
    restarted_failure: Time | None = None
    created_at: Time | None = None
    stop: Stop | None = None
    call: Call | None = None


class Ledger(CamelCaseDocument):
    """What the ledger knew."""

    runs: dict[str, Record] = Field(default_factory=dict)
    """By name."""
    unreadable_runs: dict[str, str] = Field(default_factory=dict)
    """Why what it knew of a run could not be read, by the run's name."""
    first_seen: dict[str, dict[str, Time]] = Field(default_factory=dict)
    """By region and release."""
    waiting_since: dict[str, Time] = Field(default_factory=dict)
    """By the id of each profile of the fleet that waits for busy clusters."""


class FactsDocument(CamelCaseDocument):
    """Everything that one profile is decided on. A part that is missing is an error: it does not mean "none"."""

    schema_version: Annotated[int, AfterValidator(_schema_version)]
    profile_id: Annotated[str, AfterValidator(_profile_id)]
    now: Time
    on_demand: Literal["upgrade", "review"] | None = None
    policies: Policies = Field(default_factory=Policies)
    is_preview: bool = False
    """Whether the fleet was read in the api-version of Fleet's preview."""
    fleet: Annotated[Body, AfterValidator(partial(_resource, kind=FLEET_TYPE))]
    auto_upgrade_profiles: Annotated[list[_Profile], _Envelope]
    members: Annotated[list[_Member], _Envelope]
    update_strategies: Annotated[list[_Strategy], _Envelope]
    update_runs: Annotated[list[_Run], _Envelope]
    managed_clusters: Annotated[list[_Cluster], _Envelope]
    regions: dict[str, Region]
    maintenance_configurations: dict[str, Annotated[Body, AfterValidator(partial(_body, name="value", kind=list))]] = (
        Field(default_factory=dict)
    )
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
