#!/bin/sh
# Checks, before anything is deployed, what a deployment cannot repair: the Azure CLI, resource providers, the region, and
# the rights of the person who deploys. Changes nothing.
set -eu
HOOK=preprovision
scripts=$(dirname "$0")
. "$scripts/common.sh"

require_choice AUTO_UPGRADE_CHECK_RIGHTS true false
require_choice AUTO_UPGRADE_PRIVATE_NETWORK true false
require_choice AUTO_UPGRADE_ZONE_REDUNDANT true false
require_choice AUTO_UPGRADE_ALERTS_ACT true false
if [ -n "${AUTO_UPGRADE_SUBSCRIPTION_IDS:-}" ] && [ -n "${AUTO_UPGRADE_MANAGEMENT_GROUP_IDS:-}" ]; then
    fail "Set AUTO_UPGRADE_SUBSCRIPTION_IDS or AUTO_UPGRADE_MANAGEMENT_GROUP_IDS, not both."
fi

# azd asks for the subscription and the location after this hook, if they are not set
if [ -z "${AZURE_SUBSCRIPTION_ID:-}" ] || [ -z "${AZURE_LOCATION:-}" ]; then
    command -v az >/dev/null 2>&1 || fail "The Azure CLI is missing. Install it: https://aka.ms/azure-cli"
    say "AZURE_SUBSCRIPTION_ID or AZURE_LOCATION is not set yet: providers, region and rights are not checked."
    exit 0
fi
require_az

problems=0
problem() {
    printf '%s: %s\n' "$HOOK" "$1" >&2
    problems=$((problems + 1))
}

# check_providers SUBSCRIPTION NAMESPACE...
check_providers() {
    subscription=$1
    shift
    registered=$(az provider list --subscription "$subscription" --query "[?registrationState == 'Registered'].namespace" \
        --output tsv --only-show-errors) || fail "Cannot read subscription $subscription. It needs the role Reader at least."
    # a newline around each, to compare whole names
    registered="
$registered
"
    for namespace in "$@"; do
        case $registered in
            *"
$namespace
"*) ;;
            *) problem "Resource provider $namespace is not registered. Run: az provider register --wait --subscription $subscription --namespace $namespace" ;;
        esac
    done
}

set -- Microsoft.Web Microsoft.Storage Microsoft.EventGrid Microsoft.ManagedIdentity Microsoft.Insights \
    Microsoft.OperationalInsights Microsoft.AlertsManagement
[ "${AUTO_UPGRADE_PRIVATE_NETWORK:-}" != true ] || set -- "$@" Microsoft.App Microsoft.Network
check_providers "$AZURE_SUBSCRIPTION_ID" "$@"

managed=${AUTO_UPGRADE_SUBSCRIPTION_IDS:-}
if [ -z "$managed" ] && [ -z "${AUTO_UPGRADE_MANAGEMENT_GROUP_IDS:-}" ]; then
    managed=$AZURE_SUBSCRIPTION_ID
fi
# before the first deployment there is no output yet that names them
MANAGED_SUBSCRIPTION_IDS=$managed
for id in $(words "$managed"); do
    check_providers "$id" Microsoft.ContainerService
done
for id in $(gate_subscriptions); do
    check_providers "$id" Microsoft.EventGrid Microsoft.ResourceNotifications Microsoft.Insights
done
clusters=$(cluster_subscriptions) || exit 1
for id in $(words "$clusters"); do
    check_providers "$id" Microsoft.EventGrid Microsoft.Insights
done

zone_redundant=${AUTO_UPGRADE_ZONE_REDUNDANT:-false}
regions=$(az functionapp list-flexconsumption-locations --subscription "$AZURE_SUBSCRIPTION_ID" \
    --zone-redundant "$zone_redundant" --query "[].name" --output tsv --only-show-errors) ||
    fail "Cannot list the regions of the Flex Consumption plan in subscription $AZURE_SUBSCRIPTION_ID."
case "
$regions
" in
    *"
$AZURE_LOCATION
"*) ;;
    *)
        needed="the Flex Consumption plan"
        [ "$zone_redundant" = false ] || needed="the Flex Consumption plan with zone redundancy"
        problem "Region $AZURE_LOCATION does not have $needed. Choose another: azd env set AZURE_LOCATION REGION"
        ;;
esac

# check_right SUBSCRIPTION WHAT QUERY: the query selects the permissions that give the right
check_right() {
    found=$(az rest --method get --url "/subscriptions/$1/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" \
        --query "length($3)" --output tsv --only-show-errors) || fail "Cannot read your permissions in subscription $1."
    [ "$found" != 0 ] ||
        problem "You need the right to $2 in subscription $1. If a custom role gives it to you: azd env set AUTO_UPGRADE_CHECK_RIGHTS false"
}

if [ "${AUTO_UPGRADE_CHECK_RIGHTS:-true}" = true ]; then
    check_right "$AZURE_SUBSCRIPTION_ID" "create resources" "value[?contains(actions, '*')]"
    for id in $(words "$AZURE_SUBSCRIPTION_ID,$managed"); do
        check_right "$id" "create roles and assign them" \
            "value[?contains(actions, 'Microsoft.Authorization/*') || contains(actions, '*') && !contains(notActions, 'Microsoft.Authorization/*/Write')]"
    done
fi

[ "$problems" = 0 ] || fail "Nothing was deployed. Correct what is listed above, then run the command again."
say "The Azure CLI, resource providers, region and rights are as needed."
