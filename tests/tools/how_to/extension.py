"""The commands of the Azure CLI extension `fleet`, carried out by Microsoft's SDK.

The extension itself is in no package index. Its options, what it refuses, and what it sends are those of its source,
version 1.6.3 (`src/fleet` of Azure/azure-cli-extensions).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.containerservicefleet.models import (
    AutoUpgradeNodeImageSelection,
    AutoUpgradeProfile,
    AutoUpgradeProfileProperties,
)

from tools.json_value import Json

_CHANNELS = ("Rapid", "Stable", "NodeImage", "TargetKubernetesVersion")


class UsageError(Exception):
    """The extension refuses the command, and sends nothing."""


class FleetExtension:
    """`az fleet …`; what a command prints comes back, in the form in which ARM has it."""

    def __init__(self, client: ContainerServiceFleetMgmtClient) -> None:
        self._profiles = client.auto_upgrade_profiles
        self._actions = client.auto_upgrade_profile_operations
        self._runs = client.update_runs

    def run(self, arguments: Sequence[str]) -> Json:
        """Carry out a command, given without `az fleet`.

        Raises:
            UsageError: the command is refused.
        """
        given = _parser().parse_args(arguments)
        where = (given.resource_group, given.fleet_name)
        match given.kind, given.verb:
            case "autoupgradeprofile", "create":
                return self._create(given)
            case "autoupgradeprofile", "list":
                return [_content(each) for each in self._profiles.list_by_fleet(*where)]
            case "autoupgradeprofile", "show":
                return _content(self._profiles.get(*where, given.name))
            case "autoupgradeprofile", "delete":
                self._profiles.begin_delete(*where, given.name).result()
                return None
            case "autoupgradeprofile", "generate-update-run":
                return _content(self._actions.begin_generate_update_run(*where, given.name).result())
            case "updaterun", "list":
                return [_content(each) for each in self._runs.list_by_fleet(*where)]
            case "updaterun", "show":
                return _content(self._runs.get(*where, given.name))
            case "updaterun", "start":
                return _content(self._runs.begin_start(*where, given.name).result())
            case unknown:
                raise UsageError(" ".join(unknown))

    def _create(self, given: argparse.Namespace) -> Json:
        """The two flags are always sent; the rest is omitted if it is not given."""
        if given.channel == "NodeImage" and given.node_image_selection is not None:
            raise UsageError("--node-image-selection must not be given for channel NodeImage")
        selection = given.node_image_selection and AutoUpgradeNodeImageSelection(type=given.node_image_selection)
        properties = AutoUpgradeProfileProperties(
            channel=given.channel,
            update_strategy_id=given.update_strategy_id,
            node_image_selection=selection,
            target_kubernetes_version=given.target_kubernetes_version,
            long_term_support=given.long_term_support,
            disabled=given.disabled,
        )
        where = (given.resource_group, given.fleet_name, given.name)
        return (
            self._profiles.begin_create_or_update(*where, AutoUpgradeProfile(properties=properties)).result().as_dict()
        )


class _Model(Protocol):
    def as_dict(self, *, exclude_readonly: bool = False) -> dict[str, object]: ...


def _content(model: _Model) -> Json:
    return cast("Json", model.as_dict())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="az fleet", allow_abbrev=False)
    kinds = parser.add_subparsers(dest="kind", required=True)
    profile = kinds.add_parser("autoupgradeprofile").add_subparsers(dest="verb", required=True)
    run = kinds.add_parser("updaterun").add_subparsers(dest="verb", required=True)
    create = _verb(profile, "create", named=True)
    create.add_argument("--channel", "-c", required=True, choices=_CHANNELS)
    create.add_argument("--update-strategy-id")
    create.add_argument("--node-image-selection", choices=("Latest", "Consistent"))
    create.add_argument("--target-kubernetes-version", "--tkv")
    create.add_argument("--long-term-support", "--lts", action="store_true")
    create.add_argument("--disabled", action="store_true")
    _verb(profile, "list", named=False)
    _verb(profile, "show", named=True)
    _verb(profile, "delete", named=True).add_argument("--yes", "-y", action="store_true")
    generate = _verb(profile, "generate-update-run", named=False)
    generate.add_argument("--auto-upgrade-profile-name", "--profile-name", "--name", "-n", dest="name", required=True)
    _verb(run, "list", named=False)
    _verb(run, "show", named=True)
    _verb(run, "start", named=True)
    return parser


def _verb(kind: argparse._SubParsersAction[_Parser], verb: str, *, named: bool) -> argparse.ArgumentParser:
    command = kind.add_parser(verb, allow_abbrev=False)
    command.add_argument("--resource-group", "-g", required=True)
    command.add_argument("--fleet-name", "-f", required=True)
    if named:
        command.add_argument("--name", "-n", required=True)
    return command
