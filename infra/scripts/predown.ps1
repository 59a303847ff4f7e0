# azd down deletes the resource group of the app. This hook lists what the app has outside of it, asks, and removes that.
# AUTO_UPGRADE_REMOVE answers without a terminal: yes removes all of it, no leaves it in place.
$Hook = 'predown'
. "$PSScriptRoot/common.ps1"

Assert-Choice AUTO_UPGRADE_REMOVE @('yes', 'no')
if (-not $env:INSTALLATION -or -not $env:AZURE_RESOURCE_GROUP) {
    Write-Sentence 'This environment was never provisioned: there is nothing outside the resource group.'
    exit 0
}
Assert-Variables @('AZURE_SUBSCRIPTION_ID', 'APP_PRINCIPAL_ID', 'ALERT_PRINCIPAL_ID')
Assert-AzureCli
$eventSubscription = "fleet-auto-upgrade-$env:INSTALLATION"
$gateGroup = "rg-gate-events-$env:INSTALLATION"
$appGroup = "/subscriptions/$env:AZURE_SUBSCRIPTION_ID/resourceGroups/$env:AZURE_RESOURCE_GROUP"

function Assert-Read([string] $What) {
    Assert-Az "Cannot read $What, so nothing was removed. To leave in place what is outside the resource group: azd env set AUTO_UPGRADE_REMOVE no"
}

# each of these is a list of resource ids
$assignments = @()
$roles = @()
$groups = @()
$topics = @()
$eventSubscriptions = @()

$scopes = @()
foreach ($id in Get-Words $env:MANAGED_SUBSCRIPTION_IDS) { $scopes += "/subscriptions/$id" }
foreach ($id in Get-Words $env:MANAGED_MANAGEMENT_GROUP_IDS) { $scopes += "/providers/Microsoft.Management/managementGroups/$id" }
foreach ($scope in $scopes) {
    foreach ($principal in $env:APP_PRINCIPAL_ID, $env:ALERT_PRINCIPAL_ID) {
        $assignments += az role assignment list --assignee-object-id $principal --scope $scope --fill-principal-name false `
            --query "[].id" --output tsv --only-show-errors
        Assert-Read "the role assignments of $scope"
    }
    $roles += az role definition list --custom-role-only true --scope $scope --query `
        "[?contains(roleName, '$env:INSTALLATION')].join('', [assignableScopes[0], '/providers/Microsoft.Authorization/roleDefinitions/', name])" `
        --output tsv --only-show-errors
    Assert-Read "the custom roles of $scope"
}

foreach ($id in Get-TopicSubscriptions) {
    $groups += az group list --subscription $id --query "[?name == '$gateGroup'].id" --output tsv --only-show-errors
    Assert-Read "the resource groups of subscription $id"
    $created = az eventgrid system-topic list --subscription $id `
        --query "[?tags && contains(values(tags), '$env:INSTALLATION')].id" --output tsv --only-show-errors
    Assert-Read "the Event Grid system topics of subscription $id"
    $all = az eventgrid system-topic list --subscription $id `
        --query "[?contains(topicType, 'ontainer') || contains(topicType, 'esources')].id" `
        --output tsv --only-show-errors
    Assert-Read "the Event Grid system topics of subscription $id"
    foreach ($topic in Get-Words $all) {
        # deleted with their groups
        if ($topic -like "$appGroup/*" -or $topic -like "*/$gateGroup/*") { continue }
        $parts = $topic.Split('/')
        $names = az eventgrid system-topic event-subscription list --subscription $id --resource-group $parts[4] `
            --system-topic-name $parts[8] --query "[].name" --output tsv --only-show-errors
        Assert-Read "the event subscriptions of $topic"
        $names = Get-Words $names
        # others use a topic that this app created: the topic stays
        $others = @($names | Where-Object { $_ -ne $eventSubscription })
        if ((Get-Words $created) -contains $topic -and -not $others) {
            $topics += $topic
        } elseif ($names -contains $eventSubscription) {
            $eventSubscriptions += "$topic/eventSubscriptions/$eventSubscription"
        }
    }
}

$assignments = Get-Words $assignments
$roles = Get-Words $roles
$groups = Get-Words $groups
if (-not (Get-Words (@($assignments) + @($roles) + @($groups) + @($topics) + @($eventSubscriptions)))) {
    Write-Sentence 'There is nothing outside the resource group.'
    exit 0
}

function Show-Ids([string] $What, [object[]] $Ids) {
    foreach ($id in $Ids) { Write-Sentence "  $What $id" }
}
Write-Sentence "Outside resource group $env:AZURE_RESOURCE_GROUP this installation has:"
Show-Ids 'event subscription' $eventSubscriptions
Show-Ids 'system topic' $topics
Show-Ids 'resource group' $groups
Show-Ids 'role assignment' $assignments
Show-Ids 'custom role' $roles

$answer = Get-Value AUTO_UPGRADE_REMOVE
if (-not $answer) {
    if ([Console]::IsInputRedirected) {
        Stop-Hook 'Nothing was removed. Set AUTO_UPGRADE_REMOVE to yes to remove all of this, or to no to leave it in place.'
    }
    $answer = Read-Host "${Hook}: Remove all of this? yes, or no to leave it in place"
}
if ($answer -ceq 'no') {
    Write-Sentence 'All of this stays.'
    exit 0
}
if ($answer -cne 'yes') { Stop-Hook 'Nothing was removed. azd down stops here.' }

function Assert-Removed([string] $Id) {
    Assert-Az "$Id was not removed. Run azd down again."
}
foreach ($id in $eventSubscriptions) {
    Write-Sentence "Removing $id"
    $parts = $id.Split('/')
    az eventgrid system-topic event-subscription delete --subscription $parts[2] --resource-group $parts[4] `
        --system-topic-name $parts[8] --name $eventSubscription --yes --output none --only-show-errors
    Assert-Removed $id
}
foreach ($id in $topics) {
    Write-Sentence "Removing $id"
    az eventgrid system-topic delete --ids $id --yes --output none --only-show-errors
    Assert-Removed $id
}
foreach ($id in $groups) {
    Write-Sentence "Removing $id"
    $parts = $id.Split('/')
    az group delete --subscription $parts[2] --name $gateGroup --yes --output none --only-show-errors
    Assert-Removed $id
}
foreach ($id in $assignments) {
    Write-Sentence "Removing $id"
    az role assignment delete --ids $id --output none --only-show-errors
    Assert-Removed $id
}
# a role that is still assigned cannot be deleted, so roles come last
foreach ($id in $roles) {
    Write-Sentence "Removing $id"
    $roleScope, $roleName = $id -split '/providers/Microsoft.Authorization/roleDefinitions/'
    az role definition delete --name $roleName --scope $roleScope `
        --custom-role-only true --output none --only-show-errors
    Assert-Removed $id
}
Write-Sentence 'All of this is removed.'
