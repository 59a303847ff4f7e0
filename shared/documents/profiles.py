"""What a person needs to create or change a profile: its current settings, the fleet's strategies, what is allowed."""

from __future__ import annotations

from typing_extensions import TypedDict

from shared.core.model.profile import Channel
from shared.documents.fleets import ProfileSettings


class StoredProfileDocument(TypedDict):
    """A profile as Fleet has it now."""

    id: str
    eTag: str
    """For `If-Match`, so that a change of someone else is not lost."""
    settings: ProfileSettings


class StrategyDocument(TypedDict):
    """An update strategy."""

    id: str
    name: str
    stages: list[str]
    """Their names, in their order."""


class StrategiesDocument(TypedDict):
    """The update strategies of a fleet."""

    value: list[StrategyDocument]


class CapabilitiesDocument(TypedDict):
    """What this app allows, by its settings."""

    writesProfiles: bool
    """Whether profiles may be created, changed and deleted: `AUTO_UPGRADE_PROFILES_WRITE`."""
    channels: list[Channel]
    """That a profile may have in the version of Fleet's API in use."""
    fleetApiVersion: str
    detectionOldAfterSeconds: int
    """From which age on the last detection is old: the longest pause of its schedule and two hours."""
    evaluationOldAfterSeconds: int
    """The same for evaluations."""
