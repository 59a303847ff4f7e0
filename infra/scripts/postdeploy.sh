#!/bin/sh
# Connects events and alerts with the functions, which must exist for that; asks the app for a first detection of new releases;
# switches on the alerts on missing detections once one has succeeded.
# azd runs this after each deployment of the code. To run it again: azd hooks run postdeploy
set -eu
HOOK=postdeploy
scripts=$(dirname "$0")
. "$scripts/common.sh"

require_variables AZURE_SUBSCRIPTION_ID AZURE_LOCATION AZURE_ENV_NAME AZURE_RESOURCE_GROUP INSTALLATION FUNCTION_APP_ID \
    FUNCTION_APP_NAME FUNCTION_APP_HOST_NAME TOPIC_NAME LOG_ANALYTICS_WORKSPACE_ID LOG_ANALYTICS_CUSTOMER_ID \
    STORAGE_ACCOUNT_NAME DEAD_LETTER_CONTAINER
require_choice AUTO_UPGRADE_ALERTS_ACT true false
minutes=${AUTO_UPGRADE_WAIT_MINUTES:-15}
case $minutes in *[!0-9]*) fail "AUTO_UPGRADE_WAIT_MINUTES is $minutes. It must be a whole number of minutes." ;; esac
require_az

# A cluster or a subscription has one system topic of a type at most: the template uses the one that exists.
# JMESPath has no lower case, and Azure returns topic types in both: the first letters are left open.
subscriptions=$(topic_subscriptions) || exit 1
lists=
for id in $subscriptions; do
    list=$(az eventgrid system-topic list --subscription "$id" --query \
        "[?contains(topicType, 'ontainer') || contains(topicType, 'esources')].{source: source, topicType: topicType, id: id, identityType: identity.type, principalId: identity.principalId}" \
        --output json --only-show-errors) ||
        fail "Cannot list the Event Grid system topics of subscription $id. Reader is enough for that."
    lists="$lists${lists:+,}$list"
done
export EXISTING_SYSTEM_TOPICS="[$lists]"

# deploy_events DETECTION_ANSWERED
deploy_events() {
    export DETECTION_ANSWERED="$1"
    az deployment sub create \
        --subscription "$AZURE_SUBSCRIPTION_ID" \
        --name "fleet-auto-upgrade-events-$INSTALLATION" \
        --location "$AZURE_LOCATION" \
        --parameters "$scripts/../event-subscriptions.bicepparam" \
        --output none ||
        fail "infra/event-subscriptions.bicep was not deployed; Azure's reason is above. Then: azd hooks run postdeploy"
}

say "Connecting events with the functions."
deploy_events false

if [ "${AUTO_UPGRADE_ALERTS_ACT:-false}" = false ]; then
    # an earlier deployment may have let alerts call the app, with a key of the function
    acting=$(az resource list --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
        --query "[?name == 'ag-$FUNCTION_APP_NAME' || name == 'apr-$FUNCTION_APP_NAME'].id" --output tsv --only-show-errors) ||
        fail "Cannot list the resources of group $AZURE_RESOURCE_GROUP."
    for id in $acting; do
        say "Alerts no longer call the app: deleting $id"
        az resource delete --ids "$id" --output none || fail "$id was not deleted. It lets alerts call the app."
    done
fi

say "Asking the app to detect new releases."
az rest --method post --url "$FUNCTION_APP_ID/hostruntime/admin/functions/detect_releases?api-version=2024-04-01" \
    --body "{}" --output none --only-show-errors ||
    say "Azure refused that. The timer of the app detects new releases anyway, every ten minutes by default."

answered=false
api=$(az cloud show --query endpoints.logAnalyticsResourceId --output tsv --only-show-errors) ||
    fail "The Azure CLI does not name the Log Analytics endpoint of its cloud."
attempts=$((minutes * 3))
attempt=0
trouble=
while [ "$attempt" -lt "$attempts" ]; do
    attempt=$((attempt + 1))
    # the last hour, like the alert; the table can be missing until the first telemetry arrives
    if result=$(az rest --method post --url "$api/v1/workspaces/$LOG_ANALYTICS_CUSTOMER_ID/query" --resource "$api" \
        --body "@$scripts/first-detection.json" --query "tables[0].rows[0][0]" --output tsv --only-show-errors 2>&1); then
        trouble=
        case $result in
            '' | *[!0-9]* | 0) ;;
            *)
                answered=true
                break
                ;;
        esac
    else
        trouble=$result
    fi
    [ $((attempt % 3)) -ne 0 ] || say "No successful detection in the telemetry yet. Waited $((attempt / 3)) of $minutes minutes."
    sleep "${AUTO_UPGRADE_POLL_SECONDS:-20}"
done

if [ "$answered" = true ]; then
    say "A detection has succeeded. Switching on the alerts detection-silent and reconcile-silent."
    deploy_events true
else
    [ -z "$trouble" ] || say "The last query of the telemetry failed: $trouble"
    say "No successful detection within $minutes minutes. The alerts detection-silent and reconcile-silent stay as they are: off, unless an earlier run switched them on. docs/runbook.md says what to check. Then: azd hooks run postdeploy"
fi
say "See it work: open the workbook 'Fleet auto-upgrade $INSTALLATION' in resource group $AZURE_RESOURCE_GROUP, or ask for a preview of a profile (docs/decisions.md)."
