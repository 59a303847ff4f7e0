#!/bin/sh
# azd down deletes the resource group of the app. This hook lists what the app has outside of it, asks, and removes that.
# AUTO_UPGRADE_REMOVE answers without a terminal: yes removes all of it, no leaves it in place.
set -eu
HOOK=predown
scripts=$(dirname "$0")
. "$scripts/common.sh"

require_choice AUTO_UPGRADE_REMOVE yes no
if [ -z "${INSTALLATION:-}" ] || [ -z "${AZURE_RESOURCE_GROUP:-}" ]; then
    say "This environment was never provisioned: there is nothing outside the resource group."
    exit 0
fi
require_variables AZURE_SUBSCRIPTION_ID APP_PRINCIPAL_ID ALERT_PRINCIPAL_ID
require_az
event_subscription="fleet-auto-upgrade-$INSTALLATION"
gate_group="rg-gate-events-$INSTALLATION"
app_group="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP"

cannot_read() {
    fail "Cannot read $1, so nothing was removed. To leave in place what is outside the resource group: azd env set AUTO_UPGRADE_REMOVE no"
}

# each of these is a list of resource ids, which have no blanks
assignments=
roles=
groups=
topics=
event_subscriptions=

scopes=
for id in $(words "${MANAGED_SUBSCRIPTION_IDS:-}"); do
    scopes="$scopes /subscriptions/$id"
done
for id in $(words "${MANAGED_MANAGEMENT_GROUP_IDS:-}"); do
    scopes="$scopes /providers/Microsoft.Management/managementGroups/$id"
done
for scope in $scopes; do
    for principal in "$APP_PRINCIPAL_ID" "$ALERT_PRINCIPAL_ID"; do
        found=$(az role assignment list --assignee-object-id "$principal" --scope "$scope" --fill-principal-name false \
            --query "[].id" --output tsv --only-show-errors) || cannot_read "the role assignments of $scope"
        assignments="$assignments $found"
    done
    found=$(az role definition list --custom-role-only true --scope "$scope" --query \
        "[?contains(roleName, '$INSTALLATION')].join('', [assignableScopes[0], '/providers/Microsoft.Authorization/roleDefinitions/', name])" \
        --output tsv --only-show-errors) || cannot_read "the custom roles of $scope"
    roles="$roles $found"
done

subscriptions=$(topic_subscriptions) || exit 1
for id in $subscriptions; do
    found=$(az group list --subscription "$id" --query "[?name == '$gate_group'].id" --output tsv --only-show-errors) ||
        cannot_read "the resource groups of subscription $id"
    groups="$groups $found"
    created=$(az eventgrid system-topic list --subscription "$id" \
        --query "[?tags && contains(values(tags), '$INSTALLATION')].id" --output tsv --only-show-errors) ||
        cannot_read "the Event Grid system topics of subscription $id"
    all=$(az eventgrid system-topic list --subscription "$id" \
        --query "[?contains(topicType, 'ontainer') || contains(topicType, 'esources')].id" \
        --output tsv --only-show-errors) || cannot_read "the Event Grid system topics of subscription $id"
    for topic in $all; do
        case $topic in
            # deleted with their groups
            "$app_group"/* | */"$gate_group"/*) continue ;;
        esac
        group=${topic#/subscriptions/*/*/}
        names=$(az eventgrid system-topic event-subscription list --subscription "$id" --resource-group "${group%%/*}" \
            --system-topic-name "${topic##*/}" --query "[].name" --output tsv --only-show-errors) ||
            cannot_read "the event subscriptions of $topic"
        is_own=false
        for one in $created; do
            [ "$one" != "$topic" ] || is_own=true
        done
        for name in $names; do
            # others use a topic that this app created: the topic stays
            [ "$name" = "$event_subscription" ] || is_own=false
        done
        if [ "$is_own" = true ]; then
            topics="$topics $topic"
            continue
        fi
        for name in $names; do
            [ "$name" != "$event_subscription" ] || event_subscriptions="$event_subscriptions $topic/eventSubscriptions/$name"
        done
    done
done

assignments=$(words "$assignments")
roles=$(words "$roles")
if [ -z "$(words "$assignments $roles $groups $topics $event_subscriptions")" ]; then
    say "There is nothing outside the resource group."
    exit 0
fi

# show WHAT IDS
show() {
    for id in $2; do
        say "  $1 $id"
    done
}
say "Outside resource group $AZURE_RESOURCE_GROUP this installation has:"
show "event subscription" "$event_subscriptions"
show "system topic" "$topics"
show "resource group" "$groups"
show "role assignment" "$assignments"
show "custom role" "$roles"

answer=${AUTO_UPGRADE_REMOVE:-}
if [ -z "$answer" ]; then
    [ -t 0 ] || fail "Nothing was removed. Set AUTO_UPGRADE_REMOVE to yes to remove all of this, or to no to leave it in place."
    printf '%s: Remove all of this? yes, or no to leave it in place: ' "$HOOK"
    read -r answer || answer=
fi
case $answer in
    yes) ;;
    no)
        say "All of this stays."
        exit 0
        ;;
    *) fail "Nothing was removed. azd down stops here." ;;
esac

not_removed() {
    fail "$1 was not removed. Run azd down again."
}
for id in $event_subscriptions; do
    say "Removing $id"
    topic=${id%/eventSubscriptions/*}
    subscription=${topic#/subscriptions/}
    group=${topic#/subscriptions/*/*/}
    az eventgrid system-topic event-subscription delete --subscription "${subscription%%/*}" --resource-group "${group%%/*}" \
        --system-topic-name "${topic##*/}" --name "$event_subscription" --yes --output none --only-show-errors ||
        not_removed "$id"
done
for id in $topics; do
    say "Removing $id"
    az eventgrid system-topic delete --ids "$id" --yes --output none --only-show-errors || not_removed "$id"
done
for id in $groups; do
    say "Removing $id"
    subscription=${id#/subscriptions/}
    az group delete --subscription "${subscription%%/*}" --name "$gate_group" --yes --output none --only-show-errors ||
        not_removed "$id"
done
for id in $assignments; do
    say "Removing $id"
    az role assignment delete --ids "$id" --output none --only-show-errors || not_removed "$id"
done
# a role that is still assigned cannot be deleted, so roles come last
for id in $roles; do
    say "Removing $id"
    az role definition delete --name "${id##*/}" --scope "${id%/providers/Microsoft.Authorization/roleDefinitions/*}" \
        --custom-role-only true --output none --only-show-errors || not_removed "$id"
done
say "All of this is removed."
