"""Wrong parameters stop a deployment with a sentence, before anything of it is written."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tools.checks.infra.compiler import Compiler, CompilerError
from tools.checks.infra.expression import calls_in, texts_in
from tools.checks.infra.reduction import resolve
from tools.checks.infra.sources import INFRA
from tools.json_value import mapping_of

CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/{}/subnets/{}"
HUB_APP, HUB_ENDPOINTS, OTHER = SUBNET.format("hub", "app"), SUBNET.format("hub", "endpoints"), SUBNET.format("b", "c")

MAIN = "param environmentName = 'prod'\nparam location = 'westeurope'\n"
EVENTS = """\
param installation = 'abcdefghijklm'
param resourceGroupName = 'rg-prod'
param location = 'westeurope'
param environmentName = 'prod'
param functionAppName = 'func-x'
param functionAppHostName = 'func-x.azurewebsites.net'
param workspaceId = '/workspaces/x'
param topicName = 'evgt-x'
param storageAccountName = 'stx'
param deadLetterContainer = 'deadletters'
"""
FLEET = "param fleetName = 'retail'\n"

OF_MAIN = {
    f"""\
param subscriptionIds = ['production']
param managementGroupIds = ['/providers/Microsoft.Management/managementGroups/platform']
param schedules = {{ watch: '*/5 * * * *' }}
param zoneRedundant = true
param storageSku = 'Standard_GRS'
param appSubnetId = '{HUB_APP}'
param endpointSubnetId = '{HUB_ENDPOINTS}'
param callerRanges = ['203.0.113.7']
param clusterIds = ['west']
param authClientId = 'my-registration'
param alertActionGroupIds = ['oncall']
param alertsGenerate = true
param budgetStart = '2026-03-15'
""": [
        "Give subscriptionIds or managementGroupIds, not both: Azure Resource Graph accepts one of them in a query.",
        (
            "subscriptionIds are the ids of subscriptions, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590."
            " Wrong: production."
        ),
        (
            "managementGroupIds are the names of management groups, not their resource ids."
            " Wrong: /providers/Microsoft.Management/managementGroups/platform."
        ),
        "A schedule is NCRONTAB with six fields, such as 0 */10 * * * *. Wrong: */5 * * * *.",
        (
            "With zoneRedundant, storageSku must be Standard_ZRS or Standard_GZRS:"
            " the app needs its storage account to start."
        ),
        "appSubnetId and endpointSubnetId have no effect without privateNetwork.",
        "callerRanges have no effect without privateNetwork: the app is open to all networks, behind its keys.",
        "callerRanges are address ranges, such as 203.0.113.0/24. Wrong: 203.0.113.7.",
        "clusterIds are resource ids of AKS clusters. Wrong: west.",
        "authClientId is the client id of an app registration, a GUID. Wrong: my-registration.",
        "alertActionGroupIds are resource ids of action groups. Wrong: oncall.",
        "alertsGenerate has no effect without alertsAct: no alert calls the app.",
        "budgetStart is the first day of a month, such as 2026-03-01.",
    ],
    f"param privateNetwork = true\nparam appSubnetId = '{HUB_APP}'\nparam monthlyBudget = 100": [
        "Give appSubnetId and endpointSubnetId together, or neither.",
        "A budget needs someone to notify: give alertEmail or alertActionGroupIds.",
    ],
    f"param privateNetwork = true\nparam appSubnetId = 'hub'\nparam endpointSubnetId = '{HUB_ENDPOINTS}'": [
        "appSubnetId and endpointSubnetId are resource ids of subnets. Wrong: hub.",
        (
            "appSubnetId and endpointSubnetId must be in one virtual network:"
            " the app finds the private endpoints through its DNS zones."
        ),
    ],
    "param alertOverrides = { other: { enabled: false } }": [
        "alertOverrides names rules that do not exist: other. docs/runbook.md has a section for each rule.",
    ],
}
OF_EVENTS = {
    f"param clusterIds = ['{CLUSTER}', 'west']\nparam gateSubscriptionIds = ['production']": [
        "clusterIds: west is not the resource id of an AKS cluster.",
        "gateSubscriptionIds: production is not the id of a subscription.",
    ]
}
OF_FLEET = {
    """\
param strategies = [
  { name: 'One', stages: [{ name: 'a', groups: [{ name: 'x' }] }] }
  { name: 'two', stages: [{ name: 'a', groups: [{ name: 'x' }] }] }
  {
    name: 'two'
    stages: [
      { name: 'a', groups: [{ name: 'x', maxConcurrency: '101%' }], maxConcurrency: '51' }
      { name: 'a', groups: [{ name: 'x' }] }
    ]
  }
]
param profiles = [
  { name: 'p', channel: 'Rapid', strategy: 'other' }
  { name: 'p', channel: 'TargetKubernetesVersion', targetKubernetesVersion: '1.33.2' }
]
""": [
        "The name One is invalid: use lower-case letters, digits and hyphens, with a letter or digit at both ends.",
        "Two strategies have the name two.",
        "Two stages of strategy two have the name a.",
        "Group x occurs more than once in strategy two.",
        (
            "maxConcurrency of stage a in strategy two is 51:"
            " it must be a number from 1 to 50, or a share from 1% to 100%."
        ),
        "maxConcurrency of group x in strategy two is 101%: it must be a number from 1, or a share from 1% to 100%.",
        "Two profiles have the name p.",
        "Profile p names strategy other, which is neither in strategies nor in existingStrategies.",
        "targetKubernetesVersion of profile p is 1.33.2: it must be a minor version, such as 1.33.",
    ]
}
SENTENCES = [sentence for cases in (OF_MAIN, OF_EVENTS, OF_FLEET) for said in cases.values() for sentence in said]
CASES = [
    *(("main.bicep", MAIN + wrong, said) for wrong, said in OF_MAIN.items()),
    *(("event-subscriptions.bicep", EVENTS + wrong, said) for wrong, said in OF_EVENTS.items()),
    *(("fleet-profiles.bicep", FLEET + wrong, said) for wrong, said in OF_FLEET.items()),
]
WRONG_TYPES = {
    "{ name: 'a', channel: 'Fast' }": "'NodeImage' | 'Rapid' | 'Stable' | 'TargetKubernetesVersion'",
    "{ name: 'b', channel: 'Stable', targetKubernetesVersion: '1.33' }": "targetKubernetesVersion",
    "{ name: 'c', channel: 'Rapid', longTermSupport: true }": "longTermSupport",
    "{ name: 'd', channel: 'NodeImage', nodeImageSelection: 'Latest' }": "nodeImageSelection",
    "{ name: 'e', channel: 'Stable', nodeImageSelection: 'Custom' }": "'Consistent' | 'Latest'",
    "{ name: 'f', channel: 'TargetKubernetesVersion' }": "targetKubernetesVersion",
    "{ name: 'g', chanel: 'Stable' }": "channel",
}


def refusal(compiler: Compiler, folder: Path, template: str, parameters: str) -> str:
    """What the compiler or the deployment engine says of parameters."""
    way = folder / "wrong.bicepparam"
    way.write_text(f"using '{os.path.relpath(INFRA / template, folder)}'\n{parameters}\n")
    with pytest.raises(CompilerError) as refused:
        compiler.snapshot(way)
    return str(refused.value)


@pytest.mark.parametrize(("template", "given", "said"), CASES, ids=[said[0][:40] for *_, said in CASES])
def test_wrong_parameters_end_with_a_sentence_for_each(
    compiler: Compiler, tmp_path: Path, template: str, given: str, said: list[str]
) -> None:
    message = refusal(compiler, tmp_path, template, given)

    assert message.partition(" is not valid: ")[2].partition(". Please see ")[0] == " ".join(said)


def test_a_wrong_profile_is_an_error_in_the_editor(compiler: Compiler, tmp_path: Path) -> None:
    profiles = "\n".join(WRONG_TYPES)

    lines = refusal(
        compiler, tmp_path, "fleet-profiles.bicep", f"{FLEET}param profiles = [\n{profiles}\n]"
    ).splitlines()

    for number, expected in enumerate(WRONG_TYPES.values(), start=4):
        assert [line for line in lines if f"wrong.bicepparam({number}," in line and expected in line], (expected, lines)


def test_every_sentence_of_main_has_its_test(compiler: Compiler) -> None:
    compiled = compiler.compile(INFRA / "main.bicep").template
    problems = resolve(mapping_of(compiled, "variables").get("problems"))
    sentences = [
        str(call.arguments[1]) for call in calls_in(problems) if call.name.endswith(("sentenceIf", "sentenceFor"))
    ]

    assert len(sentences) > 10
    assert [one for one in sentences if not any(tested.startswith(one) for tested in SENTENCES)] == []


@pytest.mark.parametrize("template", ["fleet-profiles.bicep", "event-subscriptions.bicep"])
def test_every_sentence_of_the_other_templates_has_its_test(compiler: Compiler, template: str) -> None:
    written = sentences_in(compiler.compile(INFRA / template).template)

    assert written
    assert [one for one in written if not any(re.fullmatch(one, tested) for tested in SENTENCES)] == []


def sentences_in(template: object) -> set[str]:
    """Patterns of the sentences that a compiled template, its variables and functions put together."""
    parts = [mapping_of({"a": template}, "a").get(name) for name in ("variables", "functions")]
    texts = {text for part in parts for text in texts_in(resolve(part)) if text.endswith(".") and "{0}" in text}
    return {re.sub(r"\\{\d\\}", ".*", re.escape(text)) for text in texts}
