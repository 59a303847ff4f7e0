#!/bin/sh
# Lets the app manage the fleets below management groups: a template at subscription scope cannot create roles there.
# Does nothing without AUTO_UPGRADE_MANAGEMENT_GROUP_IDS. To run it again: azd hooks run postprovision
set -eu
HOOK=postprovision
scripts=$(dirname "$0")
. "$scripts/common.sh"

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
