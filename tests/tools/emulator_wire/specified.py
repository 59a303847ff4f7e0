"""Holds a response against Azure's own specification; what differs on purpose is listed with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx
from jsonschema import ValidationError

from tools.emulator.specification import schema_file, specified_type, validator
from tools.json_value import Json


@dataclass(frozen=True)
class Difference:
    """Where the emulator, as Azure itself, is not what the specification says. `slip` matches what is found."""

    slip: str
    reason: str


_NOT_STABLE: Final = "open enumerations: a value of a preview is shown in every api-version"
DIFFERENCES: Final = (
    Difference(
        r"managedClusters/upgradeProfiles \$\.properties\.agentPoolProfiles: None is not of type 'array'",
        "null in the recording of `az aks get-upgrades` (aks-preview, test_aks_get_upgrades)",
    ),
    Difference(
        r"managedClusters/agentPools \$\.properties\.(mode|osSKU): '(Machines|ManagedSystem|Flatcar)' is not one of .*",
        _NOT_STABLE,
    ),
    Difference(
        r"managedClusters \$\.properties\.agentPoolProfiles\[\d+\]\.(mode|osSKU): "
        r"'(Machines|ManagedSystem|Flatcar)' is not one of .*",
        _NOT_STABLE,
    ),
    Difference(
        r"fleets/autoUpgradeProfiles \$\.properties\.channel: 'SecurityPatch' is not one of .*",
        _NOT_STABLE,
    ),
    Difference(r"fleets/\S+ \$\.properties\..*(gateType|type): 'ScheduledStart' is not one of .*", _NOT_STABLE),
    Difference(
        r"(?i)(managedClusters\S*) \$\.type: Microsoft\.ContainerService/\1 should be Microsoft\.ContainerService/\1",
        "AKS writes its types in another case, as recorded",
    ),
)
_PROVIDER: Final = "Microsoft.ContainerService/"


def specified_slips(response: httpx.Response) -> list[str]:
    """What differs from the specification in a response that is no error, but for what is listed."""
    slips = (slip for slip in _slips(response) if not any(re.fullmatch(each.slip, slip) for each in DIFFERENCES))
    return [f"the specification: {slip}" for slip in slips]


def _slips(response: httpx.Response) -> Iterator[str]:
    method, path = response.request.method, response.request.url.path.rstrip("/")
    is_collection = len(path.rpartition("/providers/")[2].split("/")) % 2 == 0 and method != "POST"
    resource_type = specified_type(f"{path}/item" if is_collection else path)
    if not resource_type or not response.content or response.is_error:
        return
    body: Json = response.json()
    definition = f"{resource_type}/{path.rpartition('/')[2]}:output" if method == "POST" else resource_type
    items = body["value"] if is_collection and isinstance(body, dict) else [body]
    api_version = response.request.url.params.get("api-version", "").lower()
    validating = validator(schema_file(resource_type, api_version), definition)
    for item in items if isinstance(items, list) else []:
        for error in _innermost(validating.iter_errors(item)):
            is_type = error.validator == "const"
            message = f"{error.instance} should be {error.validator_value}" if is_type else error.message
            yield f"{definition.removeprefix(_PROVIDER)} {error.json_path}: {message[:200]}"


def _innermost(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Of what may also be null, what is wrong with it otherwise."""
    for error in errors:
        if error.validator == "anyOf" and error.context:
            yield from _innermost([each for each in error.context if each.schema_path[0] == 0])
        else:
            yield error
