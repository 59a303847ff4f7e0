"""Bodies of requests, and short responses to them."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from shared.core.model.profile import Channel


class GenerateRequest(TypedDict):
    """Whether to start the run."""

    start: NotRequired[bool]
    """False, the default, generates the run for review."""


class GeneratedRun(TypedDict):
    """The run that was generated, or an existing one with the same specification."""

    id: str


class ImageSelection(TypedDict):
    """How the profile's runs select node images."""

    type: Literal["Latest", "Consistent"]


class ProfileProperties(TypedDict):
    """A profile, as Fleet has it."""

    channel: Channel
    updateStrategyId: NotRequired[str | None]
    """A strategy of the same fleet; without one, all clusters are upgraded one by one."""
    nodeImageSelection: NotRequired[ImageSelection | None]
    """Not on channel NodeImage."""
    targetKubernetesVersion: NotRequired[str | None]
    """A minor version such as `1.33`, on channel TargetKubernetesVersion alone."""
    longTermSupport: NotRequired[bool | None]
    """On channel TargetKubernetesVersion alone."""
    disabled: NotRequired[bool | None]


class ProfileBody(TypedDict):
    """A profile to create or replace."""

    properties: ProfileProperties


class NewProfileBody(TypedDict):
    """A profile that may not exist yet."""

    name: str
    properties: ProfileProperties


class WrittenProfile(TypedDict):
    """The profile that was written."""

    id: str


class Accepted(TypedDict):
    """The work is enqueued."""

    sentence: str


class AlertOutcome(TypedDict):
    """What was done about an alert."""

    alertRule: str
    sentence: str
    profiles: NotRequired[list[str]]
    action: NotRequired[Literal["evaluate", "generateUpdateRun"]]
    updateRun: NotRequired[str]
