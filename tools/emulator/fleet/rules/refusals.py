"""The response to a breach of a rule. Which codes the real service uses is UNVERIFIED: no recording shows one."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmError
from tools.emulator.arm.body import Field

GATES_SINCE: Final = "2025-04-01-preview"
"""Approval gates, channel TargetKubernetesVersion, long-term support and labels came with this api-version."""
NEWEST_PREVIEW: Final = "2026-06-02-preview"
"""The api-version of SecurityPatch, `maxAllowedFailures` and `memberSelector`, which no stable one has yet."""


def invalid(message: str, target: str) -> ArmError:
    """400 for a value that breaks a rule."""
    return ArmError(400, "InvalidParameter", message, target=target)


def not_changeable(field: Field, current: str) -> ArmError:
    """400 for another value of something that is set once; `current` is the value it has, empty for none."""
    value = f"'{current}'" if current else "not set"
    return ArmError(
        400,
        "PropertyChangeNotAllowed",
        f"'{field.name}' is set on creation and cannot be changed: it is {value}.",
        target=field.path,
    )


def check_choice(field: Field, choices: tuple[str, ...]) -> str:
    """The text of a field that has to be one of the choices."""
    text = field.text()
    if text not in choices:
        given = f"'{text}' is not a value of '{field.name}'" if text else f"'{field.name}' is required"
        raise invalid(f"{given}; it must be one of {', '.join(choices)}.", field.path)
    return text


def is_known(api_version: str, since: str) -> bool:
    """Whether an api-version has what came with another one: later ones do, unless that is the newest preview.

    Api-versions compare as texts, a preview after the stable version of its day.
    """
    return api_version == since if since == NEWEST_PREVIEW else api_version >= since


def check_known(field: Field, api_version: str, since: str) -> None:
    """Refuse a field that the caller's api-version does not have.

    UNVERIFIED: a resource provider may also ignore what an api-version does not know; refusing shows the mistake.
    """
    if field.is_given and not is_known(api_version, since):
        raise invalid(f"'{field.name}' does not exist in api-version {api_version}; use {since}.", field.path)
