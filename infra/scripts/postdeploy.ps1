# Connects events and alerts with the functions, which must exist for that; asks the app for a first detection of new releases;
# switches on the alerts on missing detections once one has succeeded.
# azd runs this after each deployment of the code. To run it again: azd hooks run postdeploy
$Hook = 'postdeploy'
. "$PSScriptRoot/common.ps1"

Assert-Variables @('AZURE_SUBSCRIPTION_ID', 'AZURE_LOCATION', 'AZURE_ENV_NAME', 'AZURE_RESOURCE_GROUP',
    'INSTALLATION', 'FUNCTION_APP_ID', 'FUNCTION_APP_NAME', 'FUNCTION_APP_HOST_NAME', 'TOPIC_NAME',
    'LOG_ANALYTICS_WORKSPACE_ID', 'LOG_ANALYTICS_CUSTOMER_ID', 'STORAGE_ACCOUNT_NAME', 'DEAD_LETTER_CONTAINER')
Assert-Choice AUTO_UPGRADE_ALERTS_ACT @('true', 'false')
$minutes = Get-Value AUTO_UPGRADE_WAIT_MINUTES 15
if ($minutes -notmatch '^[0-9]+$') { Stop-Hook "AUTO_UPGRADE_WAIT_MINUTES is $minutes. It must be a whole number of minutes." }
Assert-AzureCli

# A cluster or a subscription has one system topic of a type at most: the template uses the one that exists.
# JMESPath has no lower case, and Azure returns topic types in both: the first letters are left open.
$lists = foreach ($id in Get-TopicSubscriptions) {
    $list = az eventgrid system-topic list --subscription $id --query `
        "[?contains(topicType, 'ontainer') || contains(topicType, 'esources')].{source: source, topicType: topicType, id: id, identityType: identity.type, principalId: identity.principalId}" `
        --output json --only-show-errors
    Assert-Az "Cannot list the Event Grid system topics of subscription $id. Reader is enough for that."
    "$list"
}
$env:EXISTING_SYSTEM_TOPICS = '[' + (@($lists) -join ',') + ']'

function Publish-Events([string] $DetectionAnswered) {
    $env:DETECTION_ANSWERED = $DetectionAnswered
    az deployment sub create `
        --subscription $env:AZURE_SUBSCRIPTION_ID `
        --name "fleet-auto-upgrade-events-$env:INSTALLATION" `
        --location $env:AZURE_LOCATION `
        --parameters "$PSScriptRoot/../event-subscriptions.bicepparam" `
        --output none
    Assert-Az "infra/event-subscriptions.bicep was not deployed; Azure's reason is above. Then: azd hooks run postdeploy"
}

Write-Sentence 'Connecting events with the functions.'
Publish-Events false

if ((Get-Value AUTO_UPGRADE_ALERTS_ACT false) -eq 'false') {
    # an earlier deployment may have let alerts call the app, with a key of the function
    $acting = az resource list --subscription $env:AZURE_SUBSCRIPTION_ID --resource-group $env:AZURE_RESOURCE_GROUP `
        --query "[?name == 'ag-$env:FUNCTION_APP_NAME' || name == 'apr-$env:FUNCTION_APP_NAME'].id" --output tsv --only-show-errors
    Assert-Az "Cannot list the resources of group $env:AZURE_RESOURCE_GROUP."
    foreach ($id in Get-Words $acting) {
        Write-Sentence "Alerts no longer call the app: deleting $id"
        az resource delete --ids $id --output none
        Assert-Az "$id was not deleted. It lets alerts call the app."
    }
}

Write-Sentence 'Asking the app to detect new releases.'
az rest --method post --url "$env:FUNCTION_APP_ID/hostruntime/admin/functions/detect_releases?api-version=2024-04-01" `
    --body "{}" --output none --only-show-errors
if ($LASTEXITCODE -ne 0) {
    Write-Sentence 'Azure refused that. The timer of the app detects new releases anyway, every ten minutes by default.'
}

$answered = $false
$api = az cloud show --query endpoints.logAnalyticsResourceId --output tsv --only-show-errors
Assert-Az 'The Azure CLI does not name the Log Analytics endpoint of its cloud.'
$attempts = [int] $minutes * 3
$trouble = ''
for ($attempt = 1; $attempt -le $attempts; $attempt++) {
    # the last hour, like the alert; the table can be missing until the first telemetry arrives
    $result = az rest --method post --url "$api/v1/workspaces/$env:LOG_ANALYTICS_CUSTOMER_ID/query" --resource $api `
        --body "@$PSScriptRoot/first-detection.json" --query "tables[0].rows[0][0]" --output tsv --only-show-errors 2>&1
    if ($LASTEXITCODE -eq 0) {
        $trouble = ''
        if ("$result" -match '^[0-9]+$' -and "$result" -ne '0') {
            $answered = $true
            break
        }
    } else {
        $trouble = "$result"
    }
    if ($attempt % 3 -eq 0) {
        Write-Sentence "No successful detection in the telemetry yet. Waited $($attempt / 3) of $minutes minutes."
    }
    Start-Sleep -Seconds (Get-Value AUTO_UPGRADE_POLL_SECONDS 20)
}

if ($answered) {
    Write-Sentence 'A detection has succeeded. Switching on the alerts detection-silent and reconcile-silent.'
    Publish-Events true
} else {
    if ($trouble) { Write-Sentence "The last query of the telemetry failed: $trouble" }
    Write-Sentence "No successful detection within $minutes minutes. The alerts detection-silent and reconcile-silent stay as they are: off, unless an earlier run switched them on. docs/runbook.md says what to check. Then: azd hooks run postdeploy"
}
Write-Sentence "See it work: open the workbook 'Fleet auto-upgrade $env:INSTALLATION' in resource group $env:AZURE_RESOURCE_GROUP, or ask for a preview of a profile (docs/decisions.md)."
