"""Roles: each identity has those that `docs/security.md` lists, in the places it lists, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checks.infra.expression import Value
from tools.checks.infra.prediction import Prediction, Resource, identity_of, values_at
from tools.paths import ROOT

APP, ALERTS, TOPIC = "The app", "The alert rules over Azure Resource Graph", "Event Grid topics that send dead letters"

PRINCIPALS: Mapping[str, str] = {
    "66666666-6666-6666-6666-666666666666": APP,
    "77777777-7777-7777-7777-777777777777": ALERTS,
    "88888888-8888-8888-8888-888888888888": TOPIC,
}
"""Whose the object ids are that ways of deploying give as parameters."""

PLACES: Mapping[str, str] = {
    "application insights": "Microsoft.Insights/components",
    "each subscription or management group": "subscription or management group",
    "the container `deadletters`": "Microsoft.Storage/storageAccounts/blobServices/containers",
    "the storage account": "Microsoft.Storage/storageAccounts",
    "the topic of the app": "Microsoft.EventGrid/topics",
    "the workspace": "Microsoft.OperationalInsights/workspaces",
}
"""What the page calls the places where a role is assigned, as the page begins to say it."""

_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
_IDENTITY = re.compile(r"\*\*([^*]+)\*\*")
_BUILT_IN = re.compile(r"\(`([0-9a-f-]{36})`\)")
_CUSTOM = re.compile(r"\(\.\./infra/([\w-]+\.json)\)")


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One role of one identity in one kind of place."""

    identity: str
    role: str
    """The id of a built-in role, or the file with the actions of a custom one."""
    place: str
    """A type of resource, or `subscription or management group`."""

    def __str__(self) -> str:
        return f"{self.identity}: {self.role} on {self.place}"


def documented_grants(page: Path = ROOT / "docs" / "security.md") -> set[Grant]:
    """The roles that the page lists: in tables, and for the custom role of the app in a paragraph.

    A paragraph that begins with the name of an identity in bold says whose the roles after it are.
    """
    section = page.read_text().partition("\n## Roles\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    found: set[Grant] = set()
    identity = ""
    for paragraph in section.strip().split("\n\n"):
        named = _IDENTITY.match(paragraph)
        identity = named[1] if named else identity
        lines = paragraph.splitlines() if paragraph.startswith("|") else [paragraph.replace("\n", " ")]
        found |= {Grant(identity, role, place) for line in lines for role, place in _listed(line)}
    return found


def find_role_problems(predictions: Sequence[Prediction], documented: set[Grant]) -> Iterator[str]:
    """Roles that are assigned and not listed, or listed and not assigned; roles that do not do what their file says."""
    ever: set[Grant] = set()
    for prediction in predictions:
        granted = {grant_of(assignment, prediction) for assignment in prediction.of_type(_ASSIGNMENTS)}
        ever |= granted
        for grant in sorted(granted - documented):
            yield f"{prediction.way}: {grant}: docs/security.md does not list it"
        yield from (f"{prediction.way}: {problem}" for problem in _definition_problems(prediction))
    for grant in sorted(documented - ever):
        yield f"docs/security.md lists {grant}, and no way of deploying assigns it"


def grant_of(assignment: Resource, prediction: Prediction) -> Grant:
    """What a role assignment grants."""
    role_id = str(assignment.properties.get("roleDefinitionId"))
    definitions = {one.id.lower(): one for one in prediction.of_type(_DEFINITIONS)}
    definition = definitions.get(role_id.lower())
    role = actions_file(definition) if definition else role_id.rpartition("/")[2]
    return Grant(_identity(assignment.properties.get("principalId")), role, _kind_of(assignment.scope))


def actions_file(definition: Resource) -> str:
    """The file whose actions a custom role has; for the broad role of the app, the file that it widens."""
    actions = {str(action) for action in values_at(dict(definition.properties), "permissions", "actions")}
    for name in ("role-actions.json", "profile-role-actions.json", "alert-role-actions.json"):
        listed = set(json.loads((ROOT / "infra" / name).read_text()))
        if actions == listed or actions == _broad(listed):
            return name
    return f"a custom role with {', '.join(sorted(actions))}"


def _broad(actions: set[str]) -> set[str]:
    """The actions with a wildcard for those on fleets that neither read nor write."""
    prefix = "Microsoft.ContainerService/fleets/"
    kept = {action for action in actions if not (action.startswith(prefix) and action.endswith("/action"))}
    return {*kept, f"{prefix}*/action"}


def _definition_problems(prediction: Prediction) -> Iterator[str]:
    assigned = {str(one.properties.get("roleDefinitionId")).lower() for one in prediction.of_type(_ASSIGNMENTS)}
    for definition in prediction.of_type(_DEFINITIONS):
        if definition.id.lower() not in assigned:
            yield f"{definition}: no one has this role"
        permissions = list(values_at(dict(definition.properties), "permissions"))
        wild = [action for action in values_at(permissions, "actions") if "*" in str(action)]
        excepted = ["Microsoft.ContainerService/fleets/listCredentials/action"] if wild else []
        for permission in permissions:
            rest = (
                {name: part for name, part in permission.items() if name != "actions"}
                if isinstance(permission, dict)
                else {}
            )
            if rest != {"notActions": excepted, "dataActions": [], "notDataActions": []}:
                yield f"{definition}: besides its actions it has {rest}"
        if list(values_at(dict(definition.properties), "assignableScopes")) != [definition.scope]:
            yield f"{definition}: it can be assigned elsewhere than where it is made"


def _listed(line: str) -> Iterator[tuple[str, str]]:
    """The roles in a row of a table, or in a paragraph, each with its place."""
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        roles, place = cells[0], cells[1] if len(cells) > 1 else ""
    else:
        roles, place = line, line.partition(", on ")[2]
    found = _BUILT_IN.findall(roles) + _CUSTOM.findall(roles)
    kinds = [kind for words, kind in PLACES.items() if place.lower().startswith(words)]
    yield from ((role, kinds[0] if kinds else place) for role in found)


def _identity(principal: Value) -> str:
    if isinstance(principal, str):
        return PRINCIPALS.get(principal, principal)
    owner = identity_of(principal) or str(principal)
    name = owner.rpartition("/")[2]
    if "/Microsoft.ManagedIdentity/" in owner:
        return ALERTS if name.startswith("id-alerts-") else APP
    return TOPIC if "/Microsoft.EventGrid/" in owner else owner


def _kind_of(scope: str) -> str:
    """The type of the resource with an id."""
    if re.fullmatch(r"/subscriptions/[^/]+|/providers/Microsoft\.Management/managementGroups/[^/]+", scope):
        return "subscription or management group"
    provider, *segments = scope.rpartition("/providers/")[2].split("/")
    return "/".join([provider, *segments[0::2]])
