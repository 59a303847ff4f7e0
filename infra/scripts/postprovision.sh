#!/bin/sh
# Prepares the app registration AUTO_UPGRADE_AUTH_CLIENT_ID, which is in Microsoft Entra ID, and lets the app manage the
# fleets below AUTO_UPGRADE_MANAGEMENT_GROUP_IDS: a template at subscription scope cannot create roles there.
# To run it again: azd hooks run postprovision
set -eu
HOOK=postprovision
scripts=$(dirname "$0")
. "$scripts/common.sh"

# Gives the registration the two app roles, and the address to which the page's sign-in returns. What is there is kept.
prepare_registration() {
    registration=$AUTO_UPGRADE_AUTH_CLIENT_ID
    callback="https://$FUNCTION_APP_HOST_NAME/.auth/login/aad/callback"
    if ! roles=$(az ad app show --id "$registration" --query "appRoles[].value" --output tsv --only-show-errors) ||
        ! addresses=$(az ad app show --id "$registration" --query "web.redirectUris[]" --output tsv --only-show-errors); then
        say "The app registration cannot be read. docs/security.md says what it needs."
        return 0
    fi
    case " $(words "$roles" | while read -r each; do printf '%s ' "$each"; done)" in
        *" FleetAutoUpgrade.Read "*" FleetAutoUpgrade.Act "* | *" FleetAutoUpgrade.Act "*" FleetAutoUpgrade.Read "*) ;;
        " ")
            say "Adding the app roles FleetAutoUpgrade.Read and FleetAutoUpgrade.Act to the app registration."
            az ad app update --id "$registration" --app-roles "@$scripts/app-roles.json" --output none ||
                say "The app roles were not added. The owner of the app registration can: docs/security.md"
            ;;
        *) say "The app registration has other app roles, which stay. Add FleetAutoUpgrade.Read and FleetAutoUpgrade.Act: docs/security.md" ;;
    esac
    for address in $(words "$addresses"); do
        [ "$address" != "$callback" ] || return 0
    done
    say "Adding the address to which the page's sign-in returns to the app registration."
    # shellcheck disable=SC2046 # each address is a word
    az ad app update --id "$registration" --enable-id-token-issuance true \
        --web-redirect-uris $(words "$addresses") "$callback" --output none ||
        say "The address was not added. The owner of the app registration can: docs/security.md"
}

if [ -n "${AUTO_UPGRADE_AUTH_CLIENT_ID:-}" ]; then
    require_variables AZURE_SUBSCRIPTION_ID FUNCTION_APP_HOST_NAME
    require_az
    prepare_registration
fi

if [ -z "${MANAGED_MANAGEMENT_GROUP_IDS:-}" ]; then
    say "No management groups: nothing to do."
    exit 0
fi
require_variables AZURE_SUBSCRIPTION_ID AZURE_LOCATION INSTALLATION APP_PRINCIPAL_ID ALERT_PRINCIPAL_ID
require_choice AUTO_UPGRADE_BROAD_FLEET_ACTIONS true false
require_az

say "In each management group you need Microsoft.Resources/deployments/* and the right to create roles and assign them: Owner, or Contributor with User Access Administrator."
for id in $(words "$MANAGED_MANAGEMENT_GROUP_IDS"); do
    say "Creating the roles of the app in management group $id."
    az deployment mg create \
        --management-group-id "$id" \
        --name "fleet-auto-upgrade-$INSTALLATION" \
        --location "$AZURE_LOCATION" \
        --template-file "$scripts/../management-groups.bicep" \
        --parameters \
        "installation=$INSTALLATION" \
        "appPrincipalId=$APP_PRINCIPAL_ID" \
        "alertPrincipalId=$ALERT_PRINCIPAL_ID" \
        "broadFleetActions=${AUTO_UPGRADE_BROAD_FLEET_ACTIONS:-false}" \
        "profilesWrite=${AUTO_UPGRADE_PROFILES_WRITE:-false}" \
        --output none ||
        fail "The roles in management group $id were not created. Without them the app reads no fleet below it. Then: azd hooks run postprovision"
done
