"""The closed list of outcomes and reasons: every decision, and every member's action, carries one of each.

Documented in `docs/decisions.md`; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PREVIEW_SETTING = "AUTO_UPGRADE_FLEET_API_VERSION=2026-06-02-preview"
"""The app setting with which Fleet shows member selectors, and runs channel SecurityPatch; for sentences."""


class Outcome(StrEnum):
    """What the app does."""

    GENERATE = "Generate"
    """Generate the update run (and start it, unless it is for review)."""
    START = "Start"
    """Start a run that exists and has not been started."""
    RETRY = "Retry"
    """Restart a run that failed."""
    REPLACE = "Replace"
    """Stop an older run first; the newer one is generated once Fleet no longer works on the clusters."""
    UP_TO_DATE = "UpToDate"
    """Nothing to do."""
    GENERATED = "Generated"
    """Nothing to do: a run with the same content exists."""
    WAITING = "Waiting"
    """Not now: something else comes first, or a moment has not come yet."""
    BLOCKED = "Blocked"
    """Something outside the profile prevents the upgrade; a person may have to act."""
    INVALID = "Invalid"
    """The profile breaks a rule and must be changed."""
    SKIPPED = "Skipped"
    """The profile is not acted on by design: disabled, or a channel that is not supported."""


ACTING = frozenset({Outcome.GENERATE, Outcome.START, Outcome.RETRY, Outcome.REPLACE})
"""Outcomes on which the app acts."""

REFUSING = frozenset({Outcome.WAITING, Outcome.BLOCKED, Outcome.INVALID, Outcome.SKIPPED})
"""Outcomes that refuse to start a run, even on demand."""


class Reason(StrEnum):
    """Why a profile was decided as it was."""

    UPGRADE_DUE = "UpgradeDue"
    CATCH_UP_DUE = "CatchUpDue"
    UP_TO_DATE = "UpToDate"
    NO_MEMBERS = "NoMembers"
    RUN_IN_PROGRESS = "RunInProgress"
    RUN_NOT_STARTED = "RunNotStarted"
    RUN_AWAITS_REVIEW = "RunAwaitsReview"
    RUN_FINISHED = "RunFinished"
    RUN_FAILED = "RunFailed"
    RETRY_DUE = "RetryDue"
    RETRY_WAITS = "RetryWaits"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    RUN_STOPPED = "RunStopped"
    RUN_CONTINUED = "RunContinued"
    RUN_STATE_UNKNOWN = "RunStateUnknown"
    LEDGER_UNREADABLE = "LedgerUnreadable"
    RUN_INCOMPLETE = "RunIncomplete"
    ACTIVE_RUN = "ActiveRun"
    ACTIVE_RUN_REPLACED = "ActiveRunReplaced"
    FREEZE = "Freeze"
    SOAKING = "Soaking"
    NATIVE_RUN_DISAGREES = "NativeRunDisagrees"
    CLUSTERS_STOPPED = "ClustersStopped"
    MEMBERS_BUSY = "MembersBusy"
    POLICY_MALFORMED = "PolicyMalformed"
    POLICY_CONFLICT = "PolicyConflict"
    PROFILE_DISABLED = "ProfileDisabled"
    CHANNEL_NOT_SUPPORTED = "ChannelNotSupported"
    TARGET_VERSION_MISSING = "TargetVersionMissing"
    TARGET_VERSION_MALFORMED = "TargetVersionMalformed"
    TARGET_VERSION_NOT_ALLOWED = "TargetVersionNotAllowed"
    LONG_TERM_SUPPORT_NOT_ALLOWED = "LongTermSupportNotAllowed"
    NODE_IMAGE_SELECTION_NOT_ALLOWED = "NodeImageSelectionNotAllowed"
    NODE_IMAGE_SELECTION_NOT_SUPPORTED = "NodeImageSelectionNotSupported"
    STRATEGY_NOT_FOUND = "StrategyNotFound"
    STRATEGY_UNREADABLE = "StrategyUnreadable"
    SELECTORS_NOT_VISIBLE = "SelectorsNotVisible"
    CATALOG_UNKNOWN = "CatalogUnknown"
    NO_COMMON_VERSION = "NoCommonVersion"
    STABLE_MINOR_NOT_OFFERED = "StableMinorNotOffered"
    TARGET_MINOR_NOT_RELEASED = "TargetMinorNotReleased"
    TARGET_MINOR_NOT_OFFERED = "TargetMinorNotOffered"
    LONG_TERM_SUPPORT_REQUIRED = "LongTermSupportRequired"
    LONG_TERM_SUPPORT_NOT_OFFERED = "LongTermSupportNotOffered"
    NO_MEMBER_CAN_UPGRADE = "NoMemberCanUpgrade"


class MemberAction(StrEnum):
    """What a run does to a member."""

    UPGRADE = "Upgrade"
    WAIT = "Wait"
    """To be upgraded; the run is not started before the member is free, or the wait is over."""
    UP_TO_DATE = "UpToDate"
    SKIP = "Skip"
    """Skipped in this run, and caught up later."""
    BLOCKED = "Blocked"
    """Skipped in this run; a person may have to act."""


class MemberReason(StrEnum):
    """Why a member gets its action."""

    BELOW_TARGET = "BelowTarget"
    SECURITY_PATCHES_DUE = "SecurityPatchesDue"
    AT_TARGET = "AtTarget"
    AHEAD_OF_TARGET = "AheadOfTarget"
    NOT_JOINED = "NotJoined"
    UNSUPPORTED_CLUSTER = "UnsupportedCluster"
    STOPPED = "Stopped"
    CLUSTER_FAILED = "ClusterFailed"
    CLUSTER_DELETING = "ClusterDeleting"
    OPERATION_UNDER_WAY = "OperationUnderWay"
    IN_ANOTHER_RUN = "InAnotherRun"
    KUBERNETES_RUN_FIRST = "KubernetesRunFirst"
    SKIPPED_IN_RUN = "SkippedInRun"
    MINOR_GAP = "MinorGap"
    OUTSIDE_SUPPORT = "OutsideSupport"
    OPERATING_SYSTEM_NOT_SUPPORTED = "OperatingSystemNotSupported"
    NO_LONG_TERM_SUPPORT_PLAN = "NoLongTermSupportPlan"
    NOT_OFFERED_IN_REGION = "NotOfferedInRegion"
    NODE_AUTO_PROVISIONING = "NodeAutoProvisioning"
    SNAPSHOT_POOL = "SnapshotPool"
    CLUSTER_UNKNOWN = "ClusterUnknown"
    VERSION_UNKNOWN = "VersionUnknown"
    NODE_IMAGE_UNKNOWN = "NodeImageUnknown"
    LATEST_NODE_IMAGE_UNKNOWN = "LatestNodeImageUnknown"
    NO_NODE_IMAGE = "NoNodeImage"


class DecisionWarning(StrEnum):
    """What a person should know although it blocks nothing."""

    NODE_IMAGE_TOO_OLD = "NodeImageTooOld"
    CLUSTER_AUTO_UPGRADE_ON = "ClusterAutoUpgradeOn"
    NO_MAINTENANCE_WINDOW = "NoMaintenanceWindow"
    MAINTENANCE_WINDOWS_UNKNOWN = "MaintenanceWindowsUnknown"
    NODE_POOL_NOT_IN_RUN = "NodePoolNotInRun"
    POLICY_TAG_UNKNOWN = "PolicyTagUnknown"


class CandidateReason(StrEnum):
    """Why a version or image that is higher than the target is not the target."""

    NOT_IN_EVERY_REGION = "NotInEveryRegion"
    REGION_UNREADABLE = "RegionUnreadable"
    PREVIEW = "Preview"
    LONG_TERM_SUPPORT_PLAN_ONLY = "LongTermSupportPlanOnly"
    LONG_TERM_SUPPORT_BUILD = "LongTermSupportBuild"
    STILL_SOAKING = "StillSoaking"
    NOT_THE_CHANNELS_MINOR = "NotTheChannelsMinor"
    ONE_STEP_AT_A_TIME = "OneStepAtATime"
    TOO_OLD = "TooOld"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement on the profile: an outcome, its reason, and a sentence for people."""

    outcome: Outcome
    reason: Reason
    sentence: str
    until: datetime | None = None
    """For the outcome Waiting: when the wait ends if nothing else changes; None if that is not a known moment."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning for people: it blocks nothing."""

    warning: DecisionWarning
    sentence: str
