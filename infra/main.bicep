targetScope = 'subscription'

metadata description = 'Fleet auto-upgrade: the app, what it needs, and what it may do. Subscribing its events comes after its code: event-subscriptions.bicep.'

@description('Name of the environment; it is part of every name.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region; one that has the Flex Consumption plan.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Tags of every resource.')
param tags object = {}

@description('Subscriptions whose fleets are looked after, separated by commas. With no management groups either: this one.')
param subscriptionIds string = ''

@description('Management groups whose fleets are looked after, instead of subscriptions, separated by commas.')
param managementGroupIds string = ''

@description('When to look for new releases: NCRONTAB with six fields, UTC. Empty is every ten minutes.')
param detectSchedule string = ''

@description('When to evaluate everything, whatever events say. Empty is every hour.')
param reconcileSchedule string = ''

@description('When to look at runs under way. Empty is every five minutes.')
param watchSchedule string = ''

@description('How long to trust that nothing is new while the release tracker does not change: an ISO 8601 duration. Empty is the default of the app.')
param catalogMaxAge string = ''

@description('The data of the AKS release tracker, a hint to look sooner. Empty is that of Azure; none does without.')
param releaseTrackerUrl string = ''

@description('Policy regions where no tag says otherwise; empty is the default of the app.')
@allowed(['', 'common', 'any'])
param policyRegions string = ''

@description('Policy soak, likewise: an ISO 8601 duration up to 365 days.')
param policySoak string = ''

@description('Policy freeze, likewise: none, or date ranges such as 2026-12-15/2027-01-05, separated by commas.')
param policyFreeze string = ''

@description('Policy active-run, likewise.')
@allowed(['', 'wait', 'replace', 'ignore'])
param policyActiveRun string = ''

@description('Policy stopped-clusters, likewise.')
@allowed(['', 'skip', 'fail'])
param policyStoppedClusters string = ''

@description('Policy catch-up, likewise.')
@allowed(['', 'off', 'stepwise'])
param policyCatchUp string = ''

@description('Policy split, likewise.')
@allowed(['', 'off', 'control-plane-first'])
param policySplit string = ''

@description('Policy retry, likewise: from 0 to 10.')
@allowed(['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
param policyRetry string = ''

@description('Policy start, likewise.')
@allowed(['', 'auto', 'manual'])
param policyStart string = ''

@description('Policy generator, likewise.')
@allowed(['', 'compose', 'native'])
param policyGenerator string = ''

@description('Version of Python the app runs on.')
@allowed(['3.11', '3.12', '3.13'])
param pythonVersion string = '3.12'

@description('Most instances at a time. Profiles that are due at once are spread over them.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Redundancy of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('How long telemetry is kept, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('Whether the app reaches its storage and topic through private endpoints only, in a virtual network of its own.')
param privateNetwork bool = false

@description('Address range of that network.')
param networkPrefix string = '10.90.0.0/24'

@description('Its part for the app.')
param appSubnetPrefix string = '10.90.0.0/26'

@description('Its part for private endpoints.')
param endpointSubnetPrefix string = '10.90.0.64/26'

@description('With private networking, who besides Event Grid and alerts may call the app: ranges separated by commas.')
param callerRanges string = ''

@description('Mail address that alerts are sent to; empty for no mail.')
param alertEmail string = ''

@description('Action groups that are there already and get every alert: resource ids separated by commas.')
param alertActionGroupIds string = ''

@description('Other values of alert rules, by name: see docs/runbook.md.')
param alertOverrides object = {}

@description('Address under which docs/runbook.md is published, for the description of each alert; empty if it is not.')
param runbookUrl string = ''

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var managementGroups = empty(managementGroupIds) ? [] : split(replace(managementGroupIds, ' ', ''), ',')
var namedSubscriptions = empty(subscriptionIds) ? [] : split(replace(subscriptionIds, ' ', ''), ',')
var subscriptionsWithoutGroups = !empty(managementGroups) && !empty(namedSubscriptions)
  ? fail('Give subscriptionIds or managementGroupIds, not both: Resource Graph takes one or the other.')
  : namedSubscriptions
var isThisOne = empty(managementGroups) && empty(namedSubscriptions)
var subscriptions = isThisOne ? [subscription().subscriptionId] : subscriptionsWithoutGroups
var trackerUrl = empty(releaseTrackerUrl) ? 'https://releases.aks.azure.com/webpage/parsed_data.json' : releaseTrackerUrl
var namedActionGroups = empty(alertActionGroupIds) ? [] : split(replace(alertActionGroupIds, ' ', ''), ',')

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  name: 'identity-${token}'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring-${token}'
  scope: group
  params: {
    workspaceName: 'log-${token}'
    applicationInsightsName: 'appi-${token}'
    location: location
    tags: allTags
    retentionDays: retentionDays
    appPrincipalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage-${token}'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: allTags
    sku: storageSku
    appPrincipalId: identity.outputs.principalId
    isPrivate: privateNetwork
  }
}

module topic 'modules/topic.bicep' = {
  name: 'topic-${token}'
  scope: group
  params: {
    name: 'evgt-${token}'
    location: location
    tags: allTags
    appPrincipalId: identity.outputs.principalId
    isPrivate: privateNetwork
  }
}

module topicDeadLetters 'modules/dead-letter-access.bicep' = {
  name: 'topic-dead-letters-${token}'
  scope: group
  params: {
    storageAccountName: storage.outputs.name
    containerName: storage.outputs.deadLetterContainer
    topicPrincipalId: topic.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network-${token}'
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: allTags
    addressPrefix: networkPrefix
    appSubnetPrefix: appSubnetPrefix
    endpointSubnetPrefix: endpointSubnetPrefix
  }
}

module blobEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  name: 'blob-endpoint-${token}'
  scope: group
  params: {
    name: 'pe-blob-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: storage.outputs.id
    groupId: 'blob'
    zoneName: 'privatelink.blob.${environment().suffixes.storage}'
  }
}

module tableEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  name: 'table-endpoint-${token}'
  scope: group
  params: {
    name: 'pe-table-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: storage.outputs.id
    groupId: 'table'
    zoneName: 'privatelink.table.${environment().suffixes.storage}'
  }
}

var eventGridZones = {
  AzureCloud: 'privatelink.eventgrid.azure.net'
  AzureUSGovernment: 'privatelink.eventgrid.azure.us'
  AzureChinaCloud: 'privatelink.eventgrid.azure.cn'
}

module topicEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork) {
  name: 'topic-endpoint-${token}'
  scope: group
  params: {
    name: 'pe-topic-${token}'
    location: location
    tags: allTags
    networkId: privateNetwork ? network!.outputs.id : ''
    subnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    targetId: topic.outputs.id
    groupId: 'topic'
    zoneName: eventGridZones[environment().name]
  }
}

module app 'modules/app.bicep' = {
  name: 'app-${token}'
  scope: group
  params: {
    planName: 'plan-${token}'
    name: 'func-${token}'
    location: location
    tags: allTags
    pythonVersion: pythonVersion
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    packageUrl: storage.outputs.packageUrl
    topicEndpoint: topic.outputs.endpoint
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    callerRanges: empty(callerRanges) ? [] : split(replace(callerRanges, ' ', ''), ',')
    subscriptionIds: subscriptions
    managementGroupIds: managementGroups
    schedules: {
      detect: empty(detectSchedule) ? '0 */10 * * * *' : detectSchedule
      reconcile: empty(reconcileSchedule) ? '0 0 * * * *' : reconcileSchedule
      watch: empty(watchSchedule) ? '0 */5 * * * *' : watchSchedule
    }
    catalogMaxAge: catalogMaxAge
    releaseTrackerUrl: trackerUrl == 'none' ? '' : trackerUrl
    policies: {
      regions: policyRegions
      soak: policySoak
      freeze: policyFreeze
      activeRun: policyActiveRun
      stoppedClusters: policyStoppedClusters
      catchUp: policyCatchUp
      splitting: policySplit
      retry: policyRetry
      start: policyStart
      generator: policyGenerator
    }
  }
}

module subscriptionRoles 'modules/role-in-subscription.bicep' = [for id in subscriptions: {
  name: 'fleet-auto-upgrade-role-${token}'
  scope: subscription(id)
  params: {
    roleName: 'Fleet auto-upgrade ${token} in ${id}'
    installation: token
    appPrincipalId: identity.outputs.principalId
  }
}]

module topicMetrics 'modules/topic-metrics.bicep' = {
  name: 'topic-metrics-${token}'
  scope: group
  params: {
    topicName: topic.outputs.name
    workspaceId: monitoring.outputs.workspaceId
  }
}

module people 'modules/alerts.bicep' = if (!empty(alertEmail)) {
  name: 'alerts-${token}'
  scope: group
  params: {
    name: 'ag-${token}'
    tags: allTags
    alertEmail: alertEmail
  }
}

module alertIdentity 'modules/alert-identity.bicep' = {
  name: 'alert-identity-${token}'
  scope: group
  params: {
    name: 'id-alerts-${token}'
    location: location
    tags: allTags
    workspaceName: 'log-${token}'
  }
  dependsOn: [
    monitoring
  ]
}

module subscriptionAlertReaders 'modules/alert-reader-in-subscription.bicep' = [for id in subscriptions: {
  name: 'fleet-auto-upgrade-alert-reader-${token}'
  scope: subscription(id)
  params: {
    principalId: alertIdentity.outputs.principalId
  }
}]

module alertRules 'modules/alert-rules.bicep' = {
  name: 'alert-rules-${token}'
  scope: group
  params: {
    installation: token
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupIds: empty(alertEmail) ? namedActionGroups : concat([people!.outputs.actionGroupId], namedActionGroups)
    resourceGraphIdentityId: alertIdentity.outputs.id
    runbookUrl: runbookUrl
    overrides: alertOverrides
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook-${token}'
  scope: group
  params: {
    installation: token
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_ID string = app.outputs.id
output FUNCTION_APP_NAME string = app.outputs.name
output FUNCTION_APP_HOST_NAME string = app.outputs.hostName
output TOPIC_NAME string = topic.outputs.name
output LOG_ANALYTICS_WORKSPACE_ID string = monitoring.outputs.workspaceId
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output DEAD_LETTER_CONTAINER string = storage.outputs.deadLetterContainer
output APP_PRINCIPAL_ID string = identity.outputs.principalId
output WATCHED_SUBSCRIPTION_IDS string = join(subscriptions, ',')
output WATCHED_MANAGEMENT_GROUP_IDS string = join(managementGroups, ',')
