"""What the templates refuse in a profile is what the app calls invalid: Fleet's rules, written twice, agree."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.profile_rules import broken_rule
from tools.checks.infra.compiler import Compiler
from tools.checks.infra.sources import INFRA

FLEET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/f"
TARGETS = ["", "1.33", "1.33.2", "latest"]
SELECTIONS = ["", "Latest", "Consistent"]


@dataclass(frozen=True)
class Case:
    """A profile, as a person might write it."""

    channel: Channel
    target: str
    selection: str
    support: bool

    @property
    def bicep(self) -> str:
        """It, in a parameter file, on one line."""
        optional = {
            "targetKubernetesVersion": self.target and f"'{self.target}'",
            "nodeImageSelection": self.selection and f"'{self.selection}'",
            "longTermSupport": "true" if self.support else "",
        }
        given = "".join(f", {name}: {value}" for name, value in optional.items() if value)
        return f"{{ name: 'p', channel: '{self.channel.value}'{given} }}"

    @property
    def profile(self) -> Profile:
        """It, as the app reads it from Azure."""
        parsed = MinorVersion.parse(self.target) if self.target == "1.33" else Unparsed(self.target)
        return Profile(
            id=ResourceId.parse(f"{FLEET}/autoUpgradeProfiles/p"),
            channel=self.channel,
            node_image_selection=NodeImageSelection(self.selection) if self.selection else None,
            target_kubernetes_version=parsed if self.target else None,
            long_term_support=self.support,
        )

    @property
    def has_surplus_selection(self) -> bool:
        """The channel NodeImage decides the selection itself: the app looks over one, and Fleet refuses it."""
        return self.channel is Channel.NODE_IMAGE and self.selection != ""


CASES = [Case(*values) for values in itertools.product(Channel, TARGETS, SELECTIONS, [False, True])]


def of_wrong_type(compiler: Compiler, folder: Path, cases: list[Case]) -> set[Case]:
    """The profiles that have a diagnostic, each on its own line of one parameter file."""
    way = folder / "profiles.bicepparam"
    template = os.path.relpath(INFRA / "fleet-profiles.bicep", folder)
    lines = [f"using '{template}'", "param fleetName = 'f'", "param profiles = [", *(case.bicep for case in cases), "]"]
    way.write_text("\n".join(lines))
    return {cases[one.line - 4] for one in compiler.compile(way).diagnostics if one.level == "Error"}


def against_rules(compiler: Compiler, folder: Path, cases: list[Case]) -> set[Case]:
    """The profiles that the rules of fleet-rules.bicep find problems in."""
    rules = os.path.relpath(INFRA / "functions" / "fleet-rules.bicep", folder)
    checks = [f"  profileProblems([{case.bicep}], [])" for case in cases]
    template = ["output problems array = [", *checks, "]"]
    (folder / "rules.bicep").write_text("\n".join([f"import {{ profileProblems }} from '{rules}'", *template]))
    (folder / "rules.bicepparam").write_text("using 'rules.bicep'\n")
    outputs = compiler.snapshot(folder / "rules.bicepparam")["outputs"]
    assert isinstance(outputs, dict)
    return {case for case, problems in zip(cases, outputs["problems"], strict=True) if problems}


@pytest.mark.timeout(600)
def test_the_templates_refuse_what_the_app_calls_invalid(compiler: Compiler, tmp_path: Path) -> None:
    of_type = of_wrong_type(compiler, tmp_path, CASES)
    refused = of_type | against_rules(compiler, tmp_path, [case for case in CASES if case not in of_type])

    invalid = {case for case in CASES if broken_rule(case.profile) is not None or case.has_surplus_selection}

    assert refused == invalid
    assert set() < refused < set(CASES)
