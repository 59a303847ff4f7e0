"""The rules for update runs."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.refusals import check_choice, invalid
from tools.emulator.fleet.rules.strategies import check_strategy
from tools.emulator.fleet.rules.strategy_ids import strategy_of
from tools.emulator.state import Fleet
from tools.json_value import Json

UPGRADE_TYPES: Final = ("Full", "NodeImageOnly", "ControlPlaneOnly")
RUN_SELECTIONS: Final = ("Latest", "Consistent", "Custom")
_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?", re.ASCII)
_IMAGE: Final = re.compile(r"(.+)-\d+(\.\d+)+", re.ASCII)


def check_run(properties: dict[str, Json], fleet: Fleet, api_version: str) -> None:
    """An update run as it is to be written."""
    run = Field(properties, "properties")
    update = run.at("managedClusterUpdate")
    if not update.is_given:
        raise invalid("managedClusterUpdate is required.", update.path)
    _check_upgrade(update.at("upgrade"))
    _check_selection(update.at("nodeImageSelection"))
    strategy, strategy_id = run.at("strategy"), run.at("updateStrategyId")
    if strategy.is_given and strategy_id.is_given:
        raise invalid("updateStrategyId and strategy exclude each other: give one of them.", strategy.path)
    if strategy.is_given:
        check_strategy(strategy, api_version)
    strategy_of(properties, fleet)


def _check_upgrade(upgrade: Field) -> None:
    """A full version, or a minor one, which Terraform's documentation of update runs has.

    UNVERIFIED: that a leading v, which the command line lets pass, is refused.
    """
    kind = check_choice(upgrade.at("type"), UPGRADE_TYPES)
    field = upgrade.at("kubernetesVersion")
    version = field.text()
    if kind == "NodeImageOnly":
        if version:
            raise invalid("kubernetesVersion must not be set for upgrade type NodeImageOnly.", field.path)
    elif not version:
        raise invalid(f"kubernetesVersion is required for upgrade type {kind}.", field.path)
    elif _VERSION.fullmatch(version) is None:
        raise invalid(f"kubernetesVersion '{version}' must be a version such as 1.33.2 or 1.33.", field.path)


def _check_selection(selection: Field) -> None:
    """UNVERIFIED: that ControlPlaneOnly may have a selection; the command line sends Latest with every run."""
    if not selection.is_given:
        return
    is_custom = check_choice(selection.at("type"), RUN_SELECTIONS) == "Custom"
    images = selection.at("customNodeImageVersions")
    if is_custom and not images.items():
        raise invalid("customNodeImageVersions is required for nodeImageSelection Custom.", images.path)
    if not is_custom and images.items():
        raise invalid("customNodeImageVersions is for nodeImageSelection Custom only.", images.path)
    families: set[str] = set()
    for image in images.items():
        version = image.at("version")
        form = _IMAGE.fullmatch(version.text())
        if form is None:
            raise invalid(
                f"version '{version.text()}' must be a node image such as AKSUbuntu-2204gen2containerd-202508.06.0.",
                version.path,
            )
        if form[1].lower() in families:
            raise invalid(f"The image family '{form[1]}' appears more than once.", version.path)
        families.add(form[1].lower())
