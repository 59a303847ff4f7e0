"""Policy sources, in order: the values of a preview request, the profile's tag, the fleet's tag, the app's setting.

The first source with a value counts, and is named with it. A value that does not parse blocks the profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shared.core.policies.policy import Generator, Policy, Split
from shared.core.policies.rules import POLICY_RULES, nearest
from shared.core.reasons import DecisionWarning, Notice, Outcome, Reason, Verdict
from shared.errors import InvalidInputError

TAG_PREFIX = "auto-upgrade."
SETTING_PREFIX = "AUTO_UPGRADE_POLICY_"
DEFAULT_SOURCE = "default"


@dataclass(frozen=True, slots=True)
class PolicySources:
    """Values as text by key, apart from tags."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """The app's defaults, from its settings."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """The values of a preview request; they replace all others."""


NO_SOURCES = PolicySources()
"""No values: every policy has its default."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy's value as it was written, and where: a tag, an app setting, a preview request, or the default."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies in force, and each one's text and source for showing."""

    policy: Policy
    in_force: tuple[PolicyInForce, ...]


def setting_name(key: str) -> str:
    """The app setting that holds a policy's default."""
    return SETTING_PREFIX + key.upper().replace("-", "_")


def mentions(key: str, tags: Mapping[str, str], sources: PolicySources) -> bool:
    """Whether any source has a value for the key, for any profile; cheaper than reading all policies."""
    names = (tag.lower() for tag in tags)
    in_tags = any(name.startswith(TAG_PREFIX) and name.endswith(f".{key}") for name in names)
    return in_tags or key in sources.settings or key in sources.overrides


def read_policies(tags: Mapping[str, str], profile_name: str, sources: PolicySources) -> Policies | Verdict:
    """The policies of the profile, or the verdict if one does not parse or two exclude each other."""
    by_name = {name.lower(): (name, value) for name, value in tags.items()}
    in_force: list[PolicyInForce] = []
    values: dict[str, object] = {}
    for key, rule in POLICY_RULES.items():
        text, source = next(_candidates(key, profile_name, by_name, sources), (rule.default, DEFAULT_SOURCE))
        try:
            values[rule.attribute] = rule.read(text, source)
        except InvalidInputError as error:
            return Verdict(
                Outcome.BLOCKED,
                Reason.POLICY_MALFORMED,
                f'{error.field} is "{error.excerpt}"; valid for {key} is {error.expected}.',
            )
        in_force.append(PolicyInForce(key, text, source))
    policy = Policy(**values)  # type: ignore[arg-type] # each rule parses into its field's type; tested for every key
    if policy.generator is Generator.NATIVE and policy.split is Split.CONTROL_PLANE_FIRST:
        return Verdict(
            Outcome.BLOCKED,
            Reason.POLICY_CONFLICT,
            "Policies generator=native and split=control-plane-first exclude each other: Fleet's own generation makes "
            "one run for control planes and nodes together.",
        )
    return Policies(policy, tuple(in_force))


def _candidates(
    key: str, profile_name: str, tags: Mapping[str, tuple[str, str]], sources: PolicySources
) -> Iterator[tuple[str, str]]:
    if key in sources.overrides:
        yield sources.overrides[key], f"policy.{key}"
    for name in (f"{TAG_PREFIX}{profile_name}.{key}", f"{TAG_PREFIX}{key}"):
        if name.lower() in tags:
            spelled, value = tags[name.lower()]
            yield value, f"tag {spelled}"
    if key in sources.settings:
        yield sources.settings[key], f"app setting {setting_name(key)}"


def unknown_tags(tags: Mapping[str, str], profile_name: str, profile_names: Iterable[str]) -> tuple[Notice, ...]:
    """A warning for each `auto-upgrade.*` tag that means nothing, unless it is clearly another profile's."""
    others = {name.lower() for name in profile_names} - {profile_name.lower()}
    notices = (
        _unknown_tag(tag, profile_name.lower(), others) for tag in sorted(tags) if tag.lower().startswith(TAG_PREFIX)
    )
    return tuple(notice for notice in notices if notice is not None)


def _unknown_tag(tag: str, profile_name: str, others: set[str]) -> Notice | None:
    addressed, dot, key = tag.lower().removeprefix(TAG_PREFIX).rpartition(".")
    if addressed in others:
        return None
    if dot and addressed != profile_name:
        return _warning(tag, f"no profile is named {addressed}", addressed, sorted({profile_name, *others}))
    return None if key in POLICY_RULES else _warning(tag, f"no policy is named {key}", key, POLICY_RULES)


def _warning(tag: str, why: str, given: str, known: Iterable[str]) -> Notice:
    sentence = f"Tag {tag} has no effect: {why}; the nearest is {nearest(given, known)}."
    return Notice(DecisionWarning.POLICY_TAG_UNKNOWN, sentence)
