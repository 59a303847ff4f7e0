"""The policies in force, as the tags of the simulated fleet say."""

from __future__ import annotations

from tools.simulation.world.azure import Actor, Azure
from tools.simulation.world.model import text_of

_DEFAULTS = {
    "freeze": "none",
    "regions": "common",
    "active-run": "wait",
    "retry": "0",
    "start": "auto",
    "catch-up": "off",
    "split": "off",
    "generator": "compose",
    "soak": "PT0S",
    "stopped-clusters": "skip",
    "busy-clusters": "skip",
}


def value_now(azure: Azure, key: str, profile: str) -> str:
    """The value that is in force for a profile."""
    return _value(azure.tags, key, profile)


def values_since(azure: Azure, key: str, actor: Actor, since: float | None = None) -> set[str]:
    """The values that were in force for the actor's profile at some time since the actor began, or since a time."""
    began = actor.began_at if since is None else since
    history = azure.tags_before
    before = [tags for at, tags in history if at <= began][-1:]
    return {_value(tags, key, actor.profile) for tags in [*before, *(tags for at, tags in history if at > began)]}


def covers(freeze: str, time: float) -> bool:
    """Whether a freeze, `none` or two days with a slash between them, covers the time."""
    first, _, last = freeze.partition("/")
    return freeze != "none" and first <= text_of(time)[:10] <= last


def _value(tags: dict[str, str], key: str, profile: str) -> str:
    return tags.get(f"auto-upgrade.{profile}.{key}") or tags.get(f"auto-upgrade.{key}") or _DEFAULTS[key]
