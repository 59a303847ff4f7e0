"""The rules for names, strategies, profiles and runs. What the real service answers to a breach is UNVERIFIED."""

from __future__ import annotations

import re
from typing import Final

from emulator.arm import ArmError
from emulator.fleet.content import flag_at, object_at, objects_at, text_at
from emulator.json_value import Json
from emulator.state import Fleet

CHANNELS: Final = ("Stable", "Rapid", "NodeImage", "TargetKubernetesVersion")
UPGRADE_TYPES: Final = ("Full", "NodeImageOnly", "ControlPlaneOnly")
RUN_SELECTIONS: Final = ("Latest", "Consistent", "Custom")
PROFILE_SELECTIONS: Final = ("Latest", "Consistent")
MAXIMUM_CHILD_NAME: Final = 50
MAXIMUM_FLEET_NAME: Final = 63
MAXIMUM_CONCURRENCY: Final = 50

_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_MINOR: Final = re.compile(r"\d+\.\d+", re.ASCII)
_PATCH: Final = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_ALLOWED_FAILURES: Final = re.compile(r"0|[1-9]\d*|(0|[1-9]\d?|100)%", re.ASCII)
_CONCURRENCY: Final = re.compile(r"[1-9]\d*|([1-9]\d?|100)%", re.ASCII)


def invalid(message: str, target: str) -> ArmError:
    """400 for a value that breaks a rule."""
    return ArmError(400, "InvalidParameter", message, target=target)


def check_name(name: str, longest: int = MAXIMUM_CHILD_NAME) -> None:
    """Refuse a name of another form, or one that is too long."""
    if _NAME.fullmatch(name) is None or len(name) > longest:
        raise invalid(
            f"The name '{name}' must be 1 to {longest} characters of lower-case letters, digits and dashes, "
            "and begin and end with a letter or digit.",
            "name",
        )


def check_strategy(strategy: dict[str, Json]) -> None:
    """Stages in a strategy or a run."""
    stages = objects_at(strategy, "stages")
    if not stages:
        raise invalid("A strategy needs at least one stage.", "stages")
    seen_stages: set[str] = set()
    seen_groups: set[str] = set()
    for stage in stages:
        _check_new(text_at(stage, "name"), seen_stages, "stage")
        _check_concurrency(stage)
        _check_allowed_failures(stage)
        groups = objects_at(stage, "groups")
        if not groups:
            raise invalid(f"Stage '{text_at(stage, 'name')}' needs at least one group.", "groups")
        for group in groups:
            _check_new(text_at(group, "name"), seen_groups, "group")
            _check_concurrency(group)


def check_profile(properties: dict[str, Json], fleet: Fleet) -> None:
    """An auto-upgrade profile."""
    channel = text_at(properties, "channel")
    if channel not in CHANNELS:
        raise invalid(f"channel '{channel}' must be one of {', '.join(CHANNELS)}.", "properties.channel")
    _check_target(channel, text_at(properties, "targetKubernetesVersion"))
    if flag_at(properties, "longTermSupport") and channel != "TargetKubernetesVersion":
        raise invalid("longTermSupport is for channel TargetKubernetesVersion only.", "properties.longTermSupport")
    selection = object_at(properties, "nodeImageSelection")
    if selection and channel == "NodeImage":
        raise invalid("nodeImageSelection must not be set on channel NodeImage.", "properties.nodeImageSelection")
    if selection and text_at(selection, "type") not in PROFILE_SELECTIONS:
        raise invalid(f"nodeImageSelection must be one of {', '.join(PROFILE_SELECTIONS)}.", "nodeImageSelection.type")
    strategy_of(properties, fleet)


def check_run(properties: dict[str, Json], fleet: Fleet) -> None:
    """An update run."""
    update = object_at(properties, "managedClusterUpdate")
    kind, version = text_at(update, "upgrade", "type"), text_at(update, "upgrade", "kubernetesVersion")
    if kind not in UPGRADE_TYPES:
        raise invalid(f"upgrade type '{kind}' must be one of {', '.join(UPGRADE_TYPES)}.", "upgrade.type")
    if kind == "NodeImageOnly" and version:
        raise invalid("kubernetesVersion must not be set for NodeImageOnly.", "upgrade.kubernetesVersion")
    if kind != "NodeImageOnly" and _PATCH.fullmatch(version) is None:
        raise invalid(f"kubernetesVersion '{version}' must be a full version.", "upgrade.kubernetesVersion")
    selection = object_at(update, "nodeImageSelection")
    if selection and text_at(selection, "type") not in RUN_SELECTIONS:
        raise invalid(f"nodeImageSelection must be one of {', '.join(RUN_SELECTIONS)}.", "nodeImageSelection.type")
    _check_images(text_at(selection, "type"), objects_at(selection, "customNodeImageVersions"))
    if text_at(properties, "updateStrategyId") and object_at(properties, "strategy"):
        raise invalid("updateStrategyId and strategy exclude each other.", "properties.strategy")
    if object_at(properties, "strategy"):
        check_strategy(object_at(properties, "strategy"))
    strategy_of(properties, fleet)


def strategy_of(properties: dict[str, Json], fleet: Fleet) -> dict[str, Json]:
    """The strategy that `updateStrategyId` names; an empty one if it names none.

    Raises:
        ArmError: 400, the fleet has no such strategy.
    """
    strategy_id = text_at(properties, "updateStrategyId")
    if not strategy_id:
        return {}
    parent, _, name = strategy_id.lower().partition("/updatestrategies/")
    strategy = fleet.strategies.get(name) if parent == fleet.id.lower() else None
    if strategy is None:
        raise invalid(f"The update strategy '{strategy_id}' does not exist in this fleet.", "updateStrategyId")
    return object_at(strategy.properties, "strategy")


def _check_target(channel: str, target: str) -> None:
    field = "properties.targetKubernetesVersion"
    if channel != "TargetKubernetesVersion" and target:
        raise invalid("targetKubernetesVersion is for channel TargetKubernetesVersion only.", field)
    if channel == "TargetKubernetesVersion" and _MINOR.fullmatch(target) is None:
        raise invalid(f"targetKubernetesVersion '{target}' must be a minor version such as 1.33.", field)


def _check_images(selection: str, images: list[dict[str, Json]]) -> None:
    if (selection == "Custom") != bool(images):
        raise invalid("customNodeImageVersions go with selection Custom, and only with it.", "customNodeImageVersions")
    families = [text_at(image, "version").rpartition("-")[0] for image in images]
    if "" in families or len(set(families)) != len(families):
        raise invalid("customNodeImageVersions must name one version of each family.", "customNodeImageVersions")


def _check_new(name: str, seen: set[str], kind: str) -> None:
    check_name(name)
    if name in seen:
        raise invalid(f"The {kind} '{name}' appears more than once.", "stages")
    seen.add(name)


def _check_concurrency(part: dict[str, Json]) -> None:
    text = text_at(part, "maxConcurrency")
    if not text:
        return
    if _CONCURRENCY.fullmatch(text) is None or (not text.endswith("%") and int(text) > MAXIMUM_CONCURRENCY):
        raise invalid(f"maxConcurrency '{text}' must be 1 to 50, or 1% to 100%.", "maxConcurrency")


def _check_allowed_failures(stage: dict[str, Json]) -> None:
    """`maxAllowedFailures` is documented for 2026-06-02-preview.

    UNVERIFIED: that it stands in a stage, which members a percentage is of, and what other api-versions make of it;
    here they take and show it alike.
    """
    text = text_at(stage, "maxAllowedFailures")
    if text and _ALLOWED_FAILURES.fullmatch(text) is None:
        raise invalid(f"maxAllowedFailures '{text}' must be a count from 0 on, or 0% to 100%.", "maxAllowedFailures")
