"""Decodes an alert of Azure Monitor in the common alert schema.

The custom properties, which people write, are read strictly: a typing mistake must not start anything. So is the
outer structure of the schema, so that no other body is accepted as an alert. Azure adds to essentials and context over
time, so only the fields that are used here are checked. The schema: learn.microsoft.com/azure/azure-monitor/alerts,
pages alerts-common-schema and alerts-payload-samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.http.alert_targets import PROPERTIES_OF_TARGETS, find_targets
from functions.http.json_fields import (
    optional_object,
    parse_json,
    reject_other_properties,
    require_object,
    require_text,
)
from shared.errors import InvalidInputError
from shared.use_cases.act_on_alert import AlertTarget, EvaluateProfiles, GenerateRun

SCHEMA_ID = "azureMonitorCommonAlertSchema"
EVALUATE = "evaluate"
GENERATE_UPDATE_RUN = "generateUpdateRun"
KNOWN_PROPERTIES = ("action", *PROPERTIES_OF_TARGETS, "start")

_ESSENTIALS = "data.essentials"
_CONTEXT = "data.alertContext"
_PROPERTIES = "data.customProperties"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that has been read; a resolved one requests nothing."""

    rule: str
    request: EvaluateProfiles | GenerateRun | None


def read_alert(body: bytes) -> Alert:
    """Read the body of a call by an action group.

    Raises:
        InvalidInputError: it is no alert in the common schema, its custom properties are not ones of ours, or it names
            no fleet or profile; the message names the field and what would be right.
    """
    data = _data(body)
    essentials = require_object(data.get("essentials"), _ESSENTIALS)
    context = optional_object(data.get("alertContext"), _CONTEXT)
    require_text(essentials.get("alertId"), f"{_ESSENTIALS}.alertId")
    rule = require_text(essentials.get("alertRule"), f"{_ESSENTIALS}.alertRule")
    if _is_resolved(essentials.get("monitorCondition")):
        return Alert(rule, request=None)
    field, properties = _custom_properties(data, context)
    reject_other_properties(properties, KNOWN_PROPERTIES, field)
    targets = find_targets(essentials, context, properties, field)
    return Alert(rule, _request(properties, field, targets))


def _data(body: bytes) -> Mapping[str, object]:
    content = require_object(parse_json(body), "body")
    if content.get("schemaId") != SCHEMA_ID:
        expected = f"{SCHEMA_ID}: switch on the common alert schema in the action group"
        raise InvalidInputError("schemaId", content.get("schemaId"), expected)
    reject_other_properties(content, ("schemaId", "data"), "body")
    data = require_object(content.get("data"), "data")
    reject_other_properties(data, ("essentials", "alertContext", "customProperties"), "data")
    return data


def _is_resolved(condition: object) -> bool:
    if condition not in ("Fired", "Resolved"):
        raise InvalidInputError(f"{_ESSENTIALS}.monitorCondition", condition, "Fired or Resolved")
    return condition == "Resolved"


def _custom_properties(data: Mapping[str, object], context: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """The rule's custom properties, and where they are.

    Metric and log search alerts, which are those with a condition, may have them in their context instead; the
    properties in an activity log alert's context are Azure's own.
    """
    properties = data.get("customProperties")
    if properties is None and "conditionType" in context:
        field = f"{_CONTEXT}.properties"
        return field, optional_object(context.get("properties"), field)
    return _PROPERTIES, optional_object(properties, _PROPERTIES)


def _request(
    properties: Mapping[str, object], field: str, targets: tuple[AlertTarget, ...]
) -> EvaluateProfiles | GenerateRun:
    action = properties.get("action", EVALUATE)
    if action == EVALUATE:
        if "start" in properties:
            raise InvalidInputError(
                f"{field}.start", properties["start"], f"start only with the action {GENERATE_UPDATE_RUN}"
            )
        return EvaluateProfiles(targets)
    if action == GENERATE_UPDATE_RUN:
        return GenerateRun(_one_profile(targets), _start(properties.get("start", "false"), f"{field}.start"))
    raise InvalidInputError(f"{field}.action", action, f"{EVALUATE} or {GENERATE_UPDATE_RUN}")


def _start(value: object, field: str) -> bool:
    """Custom properties are texts, so this one is too."""
    if value not in ("true", "false"):
        raise InvalidInputError(field, value, 'the text "true" or "false"')
    return value == "true"


def _one_profile(targets: tuple[AlertTarget, ...]) -> AlertTarget:
    """The profile to generate from. A fleet would not do: on demand even its disabled profiles would get runs."""
    profiles = [target for target in targets if target.is_profile]
    if len(profiles) == 1:
        return profiles[0]
    named = profiles or targets
    raise InvalidInputError(
        named[0].field,
        ", ".join(str(target.id) for target in named),
        f"one auto-upgrade profile for the action {GENERATE_UPDATE_RUN}",
    )
