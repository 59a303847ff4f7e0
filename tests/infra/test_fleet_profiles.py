"""What the templates of profiles and strategies refuse: by type, which an editor shows, or by a sentence."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from local.infra.compiler import Compiler, CompilerError
from local.infra.json_value import mapping_of, sequence_of
from local.paths import ROOT
from shared.core.kubernetes_version import MinorVersion
from shared.core.profile import Channel, NodeImageSelection, Profile
from shared.core.profile_rules import broken_rule
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unparsed

TEMPLATE = ROOT / "infra" / "fleet-profiles.bicep"
EXAMPLE = ROOT / "infra" / "examples" / "profiles.bicepparam"
PROFILE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/f/autoUpgradeProfiles/p"


def parameters(folder: Path, *, profiles: str = "[]", strategies: str = "[]") -> Path:
    """A parameter file with these arrays, written in Bicep."""
    path = folder / "profiles.bicepparam"
    path.write_text(
        f"using '{Path(os.path.relpath(TEMPLATE, folder)).as_posix()}'\n"
        f"param fleetName = 'retail'\nparam profiles = {profiles}\nparam strategies = {strategies}\n"
    )
    return path


def strategy(*stages: str, name: str = "canary-first") -> str:
    return f"{{ name: '{name}', stages: [{', '.join(stages)}] }}"


def stage(name: str, *groups: str, more: str = "") -> str:
    return f"{{ name: '{name}', groups: [{', '.join(groups)}]{more and ', ' + more} }}"


def group(name: str, more: str = "") -> str:
    return f"{{ name: '{name}'{more and ', ' + more} }}"


def codes(compiler: Compiler, path: Path) -> set[str]:
    return {diagnostic.code for diagnostic in compiler.compile(path).diagnostics}


def refusal(compiler: Compiler, path: Path) -> str:
    """The sentence with which a deployment stops; empty if it does not stop. Types must have nothing against it."""
    assert codes(compiler, path) == set()
    try:
        compiler.snapshot(path)
    except CompilerError as error:
        return str(error)
    return ""


def predicted(compiler: Compiler, path: Path) -> Sequence[object]:
    return sequence_of(compiler.snapshot(path)["predictedResources"])


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ("name: 'p', channel: 'Stabel'", "BCP088"),
        ("name: 'p'", "BCP078"),
        ("name: 'p', channel: 'TargetKubernetesVersion'", "BCP035"),
        ("name: 'p', channel: 'NodeImage', nodeImageSelection: 'Latest'", "BCP037"),
        ("name: 'p', channel: 'Stable', targetKubernetesVersion: '1.33'", "BCP037"),
        ("name: 'p', channel: 'Rapid', longTermSupport: true", "BCP037"),
        ("name: 'p', channel: 'Rapid', nodeImageSelection: 'Custom'", "BCP036"),
        ("name: 'p', channel: 'Rapid', disabled: 'yes'", "BCP036"),
        ("name: '', channel: 'Rapid'", "BCP333"),
        (f"name: '{'p' * 51}', channel: 'Rapid'", "BCP332"),
    ],
)
def test_a_wrong_profile_is_an_error_in_the_editor(compiler: Compiler, tmp_path: Path, profile: str, code: str) -> None:
    assert code in codes(compiler, parameters(tmp_path, profiles=f"[{{ {profile} }}]"))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (strategy(), "BCP333"),
        (strategy(stage("one")), "BCP333"),
        (strategy(stage("one", group("g", "maxConcurrency: 2"))), "BCP036"),
        (strategy(stage("one", group("g"), more="afterStageWaitInSeconds: -1")), "BCP328"),
        (strategy(stage("one", group("g"), more="beforeGates: [{ displayName: 'ok?', type: 'Timer' }]")), "BCP036"),
        (strategy(stage("one", group("g"), more="beforeGates: [{ displayName: '', type: 'Approval' }]")), "BCP333"),
        (strategy(stage("one", group("g"), more="parallel: true")), "BCP037"),
    ],
)
def test_a_wrong_strategy_is_an_error_in_the_editor(compiler: Compiler, tmp_path: Path, wrong: str, code: str) -> None:
    assert code in codes(compiler, parameters(tmp_path, strategies=f"[{wrong}]"))


@pytest.mark.parametrize(
    ("strategies", "sentence"),
    [
        ([strategy(stage("one", group("g")))] * 2, "Two strategies have the name canary-first."),
        (
            [strategy(stage("one", group("g")), stage("one", group("h")))],
            "Two stages of strategy canary-first have the name one.",
        ),
        (
            [strategy(stage("one", group("g")), stage("two", group("g")))],
            "Group g occurs more than once in strategy canary-first.",
        ),
        ([strategy(stage("One", group("g")))], "The name One is invalid"),
        ([strategy(stage("one", group("-g")))], "The name -g is invalid"),
        ([strategy(stage("one", group("g")), name="a_b")], "The name a_b is invalid"),
        (
            [strategy(stage("one", group("g", "maxConcurrency: '0'")))],
            "maxConcurrency of group g in strategy canary-first is 0",
        ),
        (
            [strategy(stage("one", group("g", "maxConcurrency: '101%'")))],
            "maxConcurrency of group g in strategy canary-first is 101%",
        ),
        (
            [strategy(stage("one", group("g"), more="maxConcurrency: '51'"))],
            "maxConcurrency of stage one in strategy canary-first is 51",
        ),
    ],
)
def test_what_types_cannot_say_about_a_strategy_stops_with_a_sentence(
    compiler: Compiler, tmp_path: Path, strategies: list[str], sentence: str
) -> None:
    assert sentence in refusal(compiler, parameters(tmp_path, strategies=f"[{', '.join(strategies)}]"))


@pytest.mark.parametrize("concurrency", ["1", "50", "1%", "100%"])
def test_a_number_or_a_share_of_members_is_accepted(compiler: Compiler, tmp_path: Path, concurrency: str) -> None:
    text = f"maxConcurrency: '{concurrency}'"

    assert (
        refusal(compiler, parameters(tmp_path, strategies=f"[{strategy(stage('one', group('g', text), more=text))}]"))
        == ""
    )


def test_two_profiles_of_one_name_are_refused(compiler: Compiler, tmp_path: Path) -> None:
    twice = "[{ name: 'p', channel: 'Stable' }, { name: 'p', channel: 'Rapid' }]"

    assert "Two profiles have the name p." in refusal(compiler, parameters(tmp_path, profiles=twice))


def test_a_profile_needs_a_strategy_that_is_listed(compiler: Compiler, tmp_path: Path) -> None:
    profiles = "[{ name: 'p', channel: 'Stable', strategy: 'canary-first' }]"
    path = parameters(tmp_path, profiles=profiles)

    assert "Profile p names strategy canary-first" in refusal(compiler, path)
    path.write_text(f"{path.read_text()}param existingStrategies = ['canary-first']\n")
    assert refusal(compiler, path) == ""


CASES = list(itertools.product(Channel, ["", "1.33", "1.33.2"], ["", "Latest"], [False, True]))


@pytest.mark.parametrize(("channel", "target", "selection", "support"), CASES)
def test_the_template_refuses_what_the_app_calls_invalid(
    compiler: Compiler, tmp_path: Path, channel: Channel, target: str, selection: str, *, support: bool
) -> None:
    written = [
        "name: 'p'",
        f"channel: '{channel}'",
        *([f"targetKubernetesVersion: '{target}'"] if target else []),
        *([f"nodeImageSelection: '{selection}'"] if selection else []),
        *(["longTermSupport: true"] if support else []),
    ]
    profile = Profile(
        id=ResourceId.parse(PROFILE_ID),
        channel=channel,
        node_image_selection=NodeImageSelection(selection) if selection else None,
        target_kubernetes_version=(MinorVersion.parse(target) if target == "1.33" else Unparsed(target))
        if target
        else None,
        long_term_support=support,
    )
    path = parameters(tmp_path, profiles=f"[{{ {', '.join(written)} }}]")

    is_refused = codes(compiler, path) != set() or refusal(compiler, path) != ""

    assert is_refused == (broken_rule(profile) is not None)


@pytest.mark.parametrize("version", ["1", "1.", ".33", "1.33.2", "v1.33", "1.33-preview", "latest"])
def test_a_version_that_is_no_minor_is_refused(compiler: Compiler, tmp_path: Path, version: str) -> None:
    profile = f"{{ name: 'p', channel: 'TargetKubernetesVersion', targetKubernetesVersion: '{version}' }}"

    sentence = f"targetKubernetesVersion of profile p is {version}: it must be a minor version, such as 1.33."
    assert sentence in refusal(compiler, parameters(tmp_path, profiles=f"[{profile}]"))


def test_a_property_that_is_not_set_is_absent(compiler: Compiler, tmp_path: Path) -> None:
    path = parameters(tmp_path, profiles="[{ name: 'p', channel: 'Stable' }]")

    [profile] = predicted(compiler, path)

    assert mapping_of({"": profile}, "")["properties"] == {"channel": "Stable", "disabled": False}


def test_the_example_keeps_the_rules(compiler: Compiler) -> None:
    assert refusal(compiler, EXAMPLE) == ""
    assert len(predicted(compiler, EXAMPLE)) == 4
