"""The script that hands the outputs of a deployment to the hooks where azd does not."""

import shutil

from tests.hooks.hook import BY_AZD, PROGRAMS, StandIn, run_hook


def with_outputs(azure: StandIn, **outputs: str) -> StandIn:
    azure.answer("deployment sub show", "keys(", out="".join(f"{name}\n" for name in outputs))
    return azure.answer("deployment sub show", "values(", out="".join(f"{value}\n" for value in outputs.values()))


def add_tr(azure: StandIn) -> None:
    azure.folder.mkdir()
    found = shutil.which("tr")
    assert found is not None
    assert "tr" not in PROGRAMS
    (azure.folder / "tr").symlink_to(found)


def test_each_output_becomes_a_variable_in_capitals_also_where_it_is_empty(azure: StandIn) -> None:
    add_tr(azure)
    with_outputs(azure, azurE_RESOURCE_GROUP="rg-prod", MANAGED_MANAGEMENT_GROUP_IDS="", INSTALLATION="abc", last="")

    done = run_hook("outputs", azure, BY_AZD, arguments=["fleet-auto-upgrade"])

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "export AZURE_RESOURCE_GROUP='rg-prod'",
        "export MANAGED_MANAGEMENT_GROUP_IDS=''",
        "export INSTALLATION='abc'",
        "export LAST=''",
    ]
    assert {call.option("--name") for call in done.calls_of("deployment sub show")} == {"fleet-auto-upgrade"}


def test_a_deployment_that_does_not_exist_is_named(azure: StandIn) -> None:
    done = run_hook("outputs", azure.answer("deployment sub show", code=3), BY_AZD, arguments=["typo"])

    assert (done.code, done.out) == (1, "")
    assert done.err == "outputs: There is no deployment typo.\n"


def test_the_name_of_the_deployment_is_needed(azure: StandIn) -> None:
    done = run_hook("outputs", azure, BY_AZD)

    assert (done.code, done.calls) == (1, [])
