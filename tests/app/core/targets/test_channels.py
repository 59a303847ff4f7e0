"""What each channel asks for, given what the regions offer."""

from __future__ import annotations

import pytest

from shared.core.model.catalog import OfferedMinor, RegionCatalog, offer_of
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import DEFAULT_POLICY, Regions
from shared.core.reasons import Reason
from shared.core.scope import Scope
from shared.core.targets.candidates import NO_CANDIDATES, Candidates, find_candidates
from shared.core.targets.channels import KUBERNETES_CHANNELS, channel_of, selection_of
from shared.core.targets.target import Target
from shared.errors import InternalError
from tests.app.builders import BOTH_PLANS, LTS_ONLY, a_profile, a_region, a_soak, facts
from tests.app.core.reading import choose_version

REFERENCE = ("1.17.7", "1.17.9", "1.18.4", "1.18.6", "1.19.1")


def candidates(*regions: RegionCatalog, rule: Regions = Regions.COMMON) -> Candidates:
    return find_candidates(regions, rule, a_soak())


def chosen(channel: Channel, *regions: RegionCatalog, target: str | None = None, lts: bool = False) -> str | Reason:
    profile = a_profile(channel, target=target, long_term_support=lts)
    result = choose_version(profile, candidates(*regions))
    return str(result) if isinstance(result, Target) else result.reason


def test_stable_is_the_highest_patch_of_the_minor_before_the_newest() -> None:
    assert chosen(Channel.STABLE, a_region(*REFERENCE)) == "1.18.6"


def test_rapid_is_the_highest_patch_of_the_newest_minor() -> None:
    assert chosen(Channel.RAPID, a_region(*REFERENCE)) == "1.19.1"


def test_minors_are_compared_as_integers() -> None:
    assert chosen(Channel.RAPID, a_region("1.9.1", "1.10.1")) == "1.10.1"
    assert chosen(Channel.STABLE, a_region("1.9.1", "1.10.1")) == "1.9.1"


def test_a_preview_is_never_the_newest() -> None:
    region = a_region("1.34.2", "1.35.1", "1.36.0", previews=["1.36"])

    assert chosen(Channel.RAPID, region) == "1.35.1"
    assert chosen(Channel.STABLE, region) == "1.34.2"


def test_an_lts_only_minor_is_never_the_newest() -> None:
    assert chosen(Channel.RAPID, a_region("1.34.2", "1.35.1", plans={"1.35": LTS_ONLY})) == "1.34.2"


def test_stable_is_blocked_when_its_minor_is_missing_and_never_takes_another() -> None:
    assert chosen(Channel.STABLE, a_region("1.32.7", "1.34.2")) is Reason.STABLE_MINOR_NOT_OFFERED


def test_stable_is_blocked_when_its_minor_turns_lts_only() -> None:
    region = a_region("1.33.5", "1.34.2", "1.35.1", plans={"1.34": LTS_ONLY})

    assert chosen(Channel.STABLE, region) is Reason.STABLE_MINOR_NOT_OFFERED


def test_an_lts_build_is_not_taken_on_the_standard_plan() -> None:
    region = a_region("1.33.15", "1.33.100", "1.34.2", plans={"1.33": BOTH_PLANS})

    assert chosen(Channel.STABLE, region) == "1.33.15"


def test_common_takes_what_every_region_offers() -> None:
    slow, fast = a_region("1.34.2", name="eastus"), a_region("1.34.2", "1.34.3", "1.35.1")

    assert chosen(Channel.RAPID, slow, fast) == "1.34.2"


def test_any_takes_what_one_region_offers() -> None:
    slow, fast = a_region("1.34.2", name="eastus"), a_region("1.34.2", "1.35.1")
    found = candidates(slow, fast, rule=Regions.ANY)

    assert str(found.newest) == "1.35"


def test_a_minor_without_a_common_patch_is_no_candidate() -> None:
    assert chosen(Channel.RAPID, a_region("1.33.1", "1.34.2", name="eastus"), a_region("1.33.1", "1.34.3")) == "1.33.1"


@pytest.mark.parametrize("channel", sorted(KUBERNETES_CHANNELS))
def test_regions_with_nothing_in_common_block(channel: Channel) -> None:
    regions = a_region("1.33.1", name="eastus"), a_region("1.34.1")

    assert chosen(channel, *regions, target="1.34") is Reason.NO_COMMON_VERSION


def test_an_empty_answer_is_unknown_and_not_an_offer_of_nothing() -> None:
    assert isinstance(offer_of("eastus", []), Unknown)


def test_an_answer_is_an_offer_by_minor() -> None:
    minors = a_region("1.34.1", "1.35.1").kubernetes
    assert not isinstance(minors, Unknown)

    assert offer_of("eastus", list(minors.values())) == minors


def test_entries_of_one_minor_are_one_offer_unless_they_contradict_each_other() -> None:
    def entries(*regions: RegionCatalog) -> list[OfferedMinor]:
        return [
            offered
            for region in regions
            if isinstance(region.kubernetes, dict)
            for offered in region.kubernetes.values()
        ]

    merged = offer_of("eastus", entries(a_region("1.34.1"), a_region("1.34.2")))
    contradicting = offer_of("eastus", entries(a_region("1.34.1"), a_region("1.34.1", plans={"1.34": LTS_ONLY})))

    assert merged == a_region("1.34.1", "1.34.2").kubernetes
    assert isinstance(contradicting, Unknown)


def test_the_named_minor_gets_its_highest_patch() -> None:
    region = a_region("1.33.9", "1.33.10", "1.34.2", "1.35.1")

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.33") == "1.33.10"


def test_a_minor_two_before_the_newest_is_in_standard_support() -> None:
    region = a_region("1.33.5", "1.34.2", "1.35.1", plans={"1.33": BOTH_PLANS})

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.33") == "1.33.5"


def test_a_minor_three_before_the_newest_needs_long_term_support() -> None:
    region = a_region("1.32.9", "1.32.100", "1.35.1", plans={"1.32": BOTH_PLANS})

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.32") is Reason.LONG_TERM_SUPPORT_REQUIRED
    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.32", lts=True) == "1.32.100"


def test_long_term_support_that_is_not_offered_blocks() -> None:
    region = a_region("1.32.9", "1.35.1")

    assert (
        chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.32", lts=True)
        is Reason.LONG_TERM_SUPPORT_NOT_OFFERED
    )


def test_a_recent_minor_that_is_lts_only_needs_long_term_support() -> None:
    region = a_region("1.34.2", "1.35.1", plans={"1.34": LTS_ONLY})

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.34") is Reason.LONG_TERM_SUPPORT_REQUIRED
    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.34", lts=True) == "1.34.2"


def test_a_minor_in_standard_support_takes_no_lts_build_even_with_the_flag() -> None:
    region = a_region("1.34.2", "1.34.100", "1.35.1", plans={"1.34": BOTH_PLANS})

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.34", lts=True) == "1.34.2"


def test_a_minor_not_yet_released_blocks() -> None:
    region = a_region("1.35.1", "1.36.0", previews=["1.36"])

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, region, target="1.36") is Reason.TARGET_MINOR_NOT_RELEASED


@pytest.mark.parametrize(
    ("target", "reason"),
    [("1.33", Reason.TARGET_MINOR_NOT_OFFERED), ("1.32", Reason.LONG_TERM_SUPPORT_REQUIRED)],
)
def test_a_minor_that_is_offered_nowhere_is_said_to_need_long_term_support_only_if_it_has_left_standard_support(
    target: str, reason: Reason
) -> None:
    assert chosen(Channel.TARGET_KUBERNETES_VERSION, a_region("1.34.2", "1.35.1"), target=target) is reason


def test_a_minor_that_one_region_has_lost_blocks() -> None:
    regions = a_region("1.34.2", "1.35.1"), a_region("1.35.1", name="eastus")

    assert chosen(Channel.TARGET_KUBERNETES_VERSION, *regions, target="1.34") is Reason.TARGET_MINOR_NOT_OFFERED


def test_asking_the_channel_of_an_unchecked_profile_is_a_bug() -> None:
    with pytest.raises(InternalError):
        chosen(Channel.TARGET_KUBERNETES_VERSION, a_region("1.34.2"))


def test_long_term_support_that_only_one_region_offers_is_not_offered() -> None:
    offering = a_region("1.32.100", "1.35.1", plans={"1.32": LTS_ONLY})
    lacking = a_region("1.35.1", name="eastus")

    assert (
        chosen(Channel.TARGET_KUBERNETES_VERSION, offering, lacking, target="1.32", lts=True)
        is Reason.LONG_TERM_SUPPORT_NOT_OFFERED
    )


@pytest.mark.parametrize(
    ("channel", "upgrade_type"),
    [
        (Channel.RAPID, UpgradeType.FULL),
        (Channel.STABLE, UpgradeType.FULL),
        (Channel.TARGET_KUBERNETES_VERSION, UpgradeType.FULL),
        (Channel.NODE_IMAGE, UpgradeType.NODE_IMAGE_ONLY),
    ],
)
def test_a_channel_upgrades_everything_or_images_alone(channel: Channel, upgrade_type: UpgradeType) -> None:
    assert channel_of(a_profile(channel)).upgrade_type is upgrade_type


@pytest.mark.parametrize(
    ("profile", "selection"),
    [
        (a_profile(), NodeImageSelection.LATEST),
        (a_profile(selection=NodeImageSelection.LATEST), NodeImageSelection.LATEST),
        (a_profile(selection=NodeImageSelection.CONSISTENT), NodeImageSelection.CONSISTENT),
        (a_profile(Channel.NODE_IMAGE), NodeImageSelection.CONSISTENT),
    ],
)
def test_images_are_picked_as_the_profile_says_and_by_default_as_update_runs_do(
    profile: Profile, selection: NodeImageSelection
) -> None:
    assert selection_of(profile) is selection


def test_asking_for_the_channel_of_an_unchecked_profile_is_a_bug_that_names_it() -> None:
    with pytest.raises(InternalError, match="autoUpgradeProfiles/odd was not validated before its channel was asked"):
        channel_of(a_profile(Unparsed("SecurityPatch"), name="odd"))


def test_a_channel_for_versions_keeps_the_candidates_for_steps() -> None:
    given = facts()

    choice = channel_of(given.profile).choose(given, Scope(given.fleet.members), DEFAULT_POLICY)

    assert {str(patch) for patch in choice.candidates.official.accepted} == {"1.35.5", "1.35.6"}


def test_the_channel_for_images_knows_no_versions() -> None:
    given = facts(a_profile(Channel.NODE_IMAGE))

    choice = channel_of(given.profile).choose(given, Scope(given.fleet.members), DEFAULT_POLICY)

    assert choice.candidates == NO_CANDIDATES
