"""The hook after provisioning: roles in management groups."""

from tests.hooks.hook import INSTALLATION, OUTPUTS, PROVISIONED, SCRIPTS, StandIn, run_hook


def test_without_management_groups_nothing_is_called(azure: StandIn) -> None:
    done = run_hook("postprovision", azure, PROVISIONED)

    assert (done.code, done.calls) == (0, [])


def test_each_management_group_gets_its_roles_after_the_rights_are_said(azure: StandIn) -> None:
    done = run_hook("postprovision", azure, {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform, retail"})

    assert done.code == 0
    assert "the right to create roles and assign them" in done.out.splitlines()[0]
    deployments = done.calls_of("deployment mg create")
    assert [call.option("--management-group-id") for call in deployments] == ["platform", "retail"]
    assert deployments[0].arguments[5:] == [
        *("--name", f"fleet-auto-upgrade-{INSTALLATION}"),
        *("--location", "westeurope"),
        *("--template-file", f"{SCRIPTS}/../management-groups.bicep"),
        "--parameters",
        f"installation={INSTALLATION}",
        f"appPrincipalId={OUTPUTS['APP_PRINCIPAL_ID']}",
        f"alertPrincipalId={OUTPUTS['ALERT_PRINCIPAL_ID']}",
        "broadFleetActions=false",
        "profilesWrite=false",
        *("--output", "none"),
    ]


def test_broad_actions_are_passed_on(azure: StandIn) -> None:
    done = run_hook(
        "postprovision",
        azure,
        {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform", "AUTO_UPGRADE_BROAD_FLEET_ACTIONS": "true"},
    )

    assert "broadFleetActions=true" in done.calls_of("deployment mg create")[0].arguments


def test_a_management_group_that_refuses_is_named_and_stops_the_hook(azure: StandIn) -> None:
    azure.answer("deployment mg create", "platform", err="AuthorizationFailed\n", code=1)

    done = run_hook("postprovision", azure, {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform,retail"})

    assert (done.code, len(done.calls_of("deployment mg create"))) == (1, 1)
    assert "AuthorizationFailed" in done.err
    assert "The roles in management group platform were not created." in done.err
