"""The form of captured facts: what is not understood is an error that names its place; an absent part is not "none"."""

from __future__ import annotations

import re

import pytest

from shared.decision_json import decision_json
from tests.app.azure.bodies import FLEET, PROFILE, cluster_path, run
from tests.tools.explain.facts import Facts, changed, facts, in_envelope
from tools.documents import DocumentError
from tools.explain.command import explain
from tools.explain.document import FactsDocument, read_facts
from tools.paths import ROOT

LISTS = ("autoUpgradeProfiles", "members", "updateStrategies", "updateRuns", "managedClusters")
OTHER_FLEET = FLEET.replace("retail", "wholesale")


def decided(content: object) -> object:
    return decision_json(explain(read_facts(content, "facts.json")))


def mistake(content: object) -> str:
    with pytest.raises(DocumentError) as caught:
        read_facts(content, "facts.json")
    return str(caught.value)


def test_facts_are_decided() -> None:
    decision = explain(read_facts(facts(), "facts.json"))

    assert (decision.reason, decision.sentence) == ("UpgradeDue", "1 cluster is below 1.33.5.")


def test_the_response_of_a_preview_has_them_beside_the_decision() -> None:
    response = {"outcome": "Generate", "facts": facts()}

    assert decided(response) == decided(facts())
    assert mistake({**response, "facts": facts(members=7)}).startswith("facts.json: facts.members: ")


@pytest.mark.parametrize("envelope", ["value", "data"])
def test_a_list_may_have_the_envelope_of_arm_or_of_resource_graph(envelope: str) -> None:
    assert decided(in_envelope(facts(), envelope, *LISTS)) == decided(facts())


@pytest.mark.parametrize("link", ["nextLink", "$skipToken"])
def test_a_list_with_further_pages_is_refused(link: str) -> None:
    content = facts(members={"value": [], link: "https://management.azure.com/next"})

    assert mistake(content) == f"facts.json: members.{link}: there are further pages; give the items of all of them"


@pytest.mark.parametrize("part", sorted(facts()))
def test_a_part_that_is_missing_does_not_mean_none(part: str) -> None:
    assert mistake(facts(**{part: None})) == f"facts.json: the document: '{part}' is missing"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (7, "the document: 7 is not of type 'object'"),
        (facts(clusters=[]), "clusters: there is no such key"),
        (facts(member=[]), "member: there is no such key; did you mean 'members'?"),
        (facts(schemaVersion=2), "schemaVersion: this program reads version 1; 2 is of another"),
        (facts(profileId=FLEET), f"profileId: '{FLEET}' is not the id of a resource of type "),
        (facts(now="noon"), "now: not a time in ISO 8601, such as 2026-05-11T06:00:00Z"),
        (facts(onDemand="now"), "onDemand: 'now' is not one of upgrade, review"),
        (facts(members=7), "members: 7 is not of type 'array'"),
        (facts(members=[7]), "members[0]: 7 is not of type 'object'"),
        (facts(members=[{}]), "members[0]: has no 'id'"),
        (changed("members", 0, "id", to="shop"), "members[0].id: 'shop' is not /subscriptions/"),
        (changed("members", 0, "id", to=FLEET), f"members[0].id: '{FLEET}' is not the id of a resource of type "),
        (
            changed("members", 0, "id", to=f"{OTHER_FLEET}/members/shop"),
            f"members[0].id: does not lie in the fleet {FLEET}",
        ),
        (
            changed("updateRuns", to=[run(f"{OTHER_FLEET}/updateRuns/r")]),
            f"updateRuns[0].id: does not lie in the fleet {FLEET}",
        ),
        (changed("fleet", "id", to=OTHER_FLEET), f"fleet.id: is not the fleet of the profile, {FLEET}"),
        (facts(autoUpgradeProfiles=[]), f"autoUpgradeProfiles: the profile {PROFILE} is not among them"),
        (
            facts(managedClusters=[{"id": cluster_path("shop"), "currentKubernetesVersion": "1.33.4"}]),
            "managedClusters[0]: has no 'properties'; give the body as ARM has it",
        ),
        (
            facts(managedClusters=[{"id": cluster_path("shop"), "unknown": ""}]),
            "managedClusters[0].unknown: is not a text that says why it could not be read",
        ),
        (changed("members", 0, "unknown", to="no right"), "members[0].unknown: without it there is no decision"),
        (changed("fleet", "unknown", to="no right"), "fleet.unknown: without it there is no decision"),
        (
            changed("regions", "westus2", "kubernetesVersions", to={"orchestrators": []}),
            "regions.westus2.kubernetesVersions: has no 'values'; give the body as ARM has it",
        ),
        (
            changed("regions", "westus2", "kubernetesVersions", to={"unknown": 7}),
            "regions.westus2.kubernetesVersions.unknown: is not a text that says why",
        ),
        (
            changed("regions", "westus2", "upgradeProfiles", to={"AKSUbuntu": {"latest": ""}}),
            "regions.westus2.upgradeProfiles.AKSUbuntu: has no 'properties'",
        ),
        (
            changed("regions", "westus2", "upgradeProfiles", to={"AKSUbuntu": {"unknown": None}}),
            "regions.westus2.upgradeProfiles.AKSUbuntu.unknown: is not a text that says why",
        ),
        (facts(maintenanceConfigurations={"/shop": {}}), "maintenanceConfigurations./shop: has no 'value'"),
        (
            facts(maintenanceConfigurations={"/shop": {"value": []}}),
            "maintenanceConfigurations./shop: '/shop' is not /subscriptions/",
        ),
        (facts(ledger={"runs": {"r": {"intent": "none"}}}), "ledger.runs.r.intent: 'none' is not one of "),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(content: object, message: str) -> None:
    assert mistake(content)[: len(f"facts.json: {message}")] == f"facts.json: {message}"


def test_a_region_that_is_not_among_the_facts_is_unknown() -> None:
    decision = explain(read_facts(facts(regions={}), "facts.json"))

    assert decision.reason == "CatalogUnknown"
    assert "westus2 was not read" in decision.sentence


def test_what_could_not_be_read_keeps_its_reason() -> None:
    content = changed("regions", "westus2", "kubernetesVersions", to={"unknown": "no right to read"})

    assert "no right to read" in explain(read_facts(content, "facts.json")).sentence


def test_regions_may_be_spelled_as_people_do() -> None:
    content = facts()
    spelled: Facts = {**content, "regions": {"West US 2": content["regions"]["westus2"]}}

    assert decided(spelled) == decided(content)


def test_a_request_on_demand_is_decided_as_one() -> None:
    disabled = changed("autoUpgradeProfiles", 0, "properties", "disabled", to=True)

    assert explain(read_facts(disabled, "facts.json")).reason == "ProfileDisabled"
    assert explain(read_facts({**disabled, "onDemand": "review"}, "facts.json")).reason == "UpgradeDue"


def test_the_page_names_every_part_with_whether_it_is_optional_and_no_other() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|$", (ROOT / "docs/facts.md").read_text(), re.MULTILINE)
    documented = {name: text.startswith("optional; ") for names, text in rows for name in re.findall(r"`(\w+)`", names)}

    parts = FactsDocument.model_fields.values()
    assert documented == {str(field.validation_alias): not field.is_required() for field in parts}
