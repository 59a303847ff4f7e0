"""Secrets: no setting holds a key, and every service that can do without keys does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tools.checks.infra.expression import Access, Call, Value, calls_in, texts_in
from tools.checks.infra.laws.settings import app_settings
from tools.checks.infra.prediction import Prediction, Resource, values_at

WITHOUT_SECRET: Mapping[str, str] = {
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "says where to send; the resource takes telemetry from identities only",
}
"""Settings whose value is a connection string and no secret, each with the reason."""

SWITCHES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "Microsoft.EventGrid/topics": (("disableLocalAuth",), True),
    "Microsoft.Insights/components": (("DisableLocalAuth",), True),
    "Microsoft.OperationalInsights/workspaces": (("features", "disableLocalAuth"), True),
    "Microsoft.Storage/storageAccounts": (("allowSharedKeyAccess",), False),
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": (("allow",), False),
}
"""Where keys and passwords are switched off, by type."""

_KEY_IN_TEXT = re.compile(
    r"(AccountKey|SharedAccessKey|SharedAccessSignature|Password|pwd|\bsig|\bcode)=", re.IGNORECASE
)
_ASKS_FOR_SECRET = re.compile(r"list\w+", re.IGNORECASE)
_CONNECTION_STRING = re.compile(r".*connectionstring", re.IGNORECASE)
_KEY_HOLDER = "Microsoft.Insights/actionGroups"


def find_secret_problems(prediction: Prediction) -> Iterator[str]:
    """Keys in settings, outputs or anywhere but in the action group that calls the app; keys that still count."""
    for site in prediction.of_type("Microsoft.Web/sites"):
        for name, value in app_settings(site).items():
            if _is_secret(value) and name not in WITHOUT_SECRET:
                yield f"{site}: the setting {name} holds a key or a connection string"
        for value in values_at(site.body.get("properties"), "siteConfig", "connectionStrings"):
            yield f"{site}: it has connection strings: {value}"
    for name, output in prediction.outputs.items():
        if _is_secret(output):
            yield f"the output {name} holds a key or a connection string"
    for resource in prediction.resources:
        if resource.type != _KEY_HOLDER and any(_ASKS_FOR_SECRET.fullmatch(call.name) for call in _calls_in(resource)):
            yield f"{resource}: it asks Azure for a key"
        yield from _left_on(resource)


def find_publishing_problems(prediction: Prediction) -> Iterator[str]:
    """A Function app to which a user name and a password may publish."""
    policies = [
        policy.id.lower() for policy in prediction.of_type("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    ]
    for site in prediction.of_type("Microsoft.Web/sites"):
        for way in ("ftp", "scm"):
            if f"{site.id}/basicPublishingCredentialsPolicies/{way}".lower() not in policies:
                yield f"{site}: nothing closes {way} to user names and passwords"


def _left_on(resource: Resource) -> Iterator[str]:
    if resource.type in SWITCHES:
        path, off = SWITCHES[resource.type]
        if list(values_at(dict(resource.properties), *path)) != [off]:
            yield f"{resource}: {'.'.join(path)} is not {str(off).lower()}, so keys or passwords count"


def _calls_in(resource: Resource) -> Iterator[Call]:
    return calls_in(dict(resource.body))


def _is_secret(value: Value) -> bool:
    asked = any(_ASKS_FOR_SECRET.fullmatch(call.name) for call in calls_in(value))
    return asked or any(_KEY_IN_TEXT.search(text) for text in texts_in(value)) or _is_connection_string(value)


def _is_connection_string(value: Value) -> bool:
    return isinstance(value, Access) and isinstance(value.key, str) and bool(_CONNECTION_STRING.fullmatch(value.key))
