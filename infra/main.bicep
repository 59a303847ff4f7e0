targetScope = 'subscription'

metadata description = 'Fleet auto-upgrade: the app, the resources that it needs, and its roles. Event subscriptions follow after its code: event-subscriptions.bicep.'

import {
  distinctOf
  isFirstOfMonth
  notGuids
  notNames
  notRanges
  notResourceIds
  notSchedules
  sentenceFor
  sentenceIf
} from 'functions/app-rules.bicep'
import { alertOverrides as alertOverridesType } from 'types/alerts.bicep'
import * as types from 'types/app.bicep'

@description('Name of the environment; the name of the resource group ends with it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region; one that has the Flex Consumption plan.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Azure region that keeps the record of this deployment.')
param deploymentLocation string = deployment().location

@description('Tags of every resource, in addition to azd-env-name.')
param tags types.tagMap = {}

// what the app manages

@description('Subscriptions whose fleets the app manages. Without any, and without management groups: the one of this deployment.')
param subscriptionIds string[] = []

@description('Names of management groups whose fleets the app manages, instead of subscriptions. Their roles: management-groups.bicep.')
param managementGroupIds string[] = []

@description('Whether the app may call every action on fleets but listCredentials: docs/security.md says when that helps.')
param broadFleetActions bool = false

@description('Whether callers of the app may have it write and delete auto-upgrade profiles.')
param profilesWrite bool = false

@description('How many requests that cost requests to Azure each caller may make a minute, of each instance; 0 for no limit.')
@minValue(0)
@maxValue(999999)
param requestsPerMinute int = 60

// how the app works

@description('When the timers of the app run.')
param schedules types.scheduleOptions = {}

@description('How long the app trusts that no release is new while the release tracker does not change: an ISO 8601 duration. Empty for the default of the app.')
param catalogMaxAge string = ''

@description('Address of the data of the AKS release tracker, by which the app detects releases sooner. Empty for that of Azure; none to do without.')
param releaseTrackerUrl string = ''

@description('API version in which the app calls Fleet: the preview 2026-06-02-preview, or empty for the stable one of the app.')
param fleetApiVersion types.fleetApiVersion = ''

@description('Policies for fleets whose tags set none.')
param policies types.policies = {}

// the plan, storage and telemetry

@description('Version of Python that the app runs on.')
param pythonVersion types.pythonVersion = '3.12'

@description('Most instances at a time. Profiles that are due together are spread over them.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance, in MB.')
param instanceMemoryMB types.instanceMemoryMB = 2048

@description('Whether instances are spread over availability zones. The region must have zones for Flex Consumption.')
param zoneRedundant bool = false

@description('Redundancy of the storage account.')
param storageSku types.storageSku = 'Standard_ZRS'

@description('For how many days a deleted blob or container can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 14

@description('After how many days a dead letter is deleted.')
@minValue(1)
@maxValue(3650)
param deadLetterDays int = 90

@description('How long telemetry is kept, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('Most that the workspace ingests a day, in GB; 0 for no limit. Telemetry over the limit is lost, and alerts with it.')
@minValue(0)
@maxValue(1000)
param dailyCapGB int = 0

// private networking

@description('Whether the app reaches its storage and topic through private endpoints only.')
param privateNetwork bool = false

@description('Address range of the network that is created.')
param networkPrefix string = '10.90.0.0/24'

@description('Address range of its subnet for the app.')
param appSubnetPrefix string = '10.90.0.0/26'

@description('Address range of its subnet for private endpoints.')
param endpointSubnetPrefix string = '10.90.0.64/26'

@description('Whether the app calls Azure through a NAT gateway with a fixed address. Without one, the default outbound access of Azure is used.')
param natGateway bool = true

@description('Resource id of an existing subnet for the app, delegated to Microsoft.App/environments, with a way out. Replaces the network that is created.')
param appSubnetId string = ''

@description('Resource id of an existing subnet for private endpoints, in the same network.')
param endpointSubnetId string = ''

@description('Whether private DNS zones are created. Not needed where a central DNS, such as a policy, registers private endpoints.')
param privateDnsZones bool = true

@description('Who may call the app with private networking, in addition to Event Grid and alerts: ranges such as 203.0.113.0/24.')
param callerRanges string[] = []

@description('AKS clusters whose system topics send events to the app. Here: whose dead letters the storage account accepts with private networking.')
param clusterIds string[] = []

@description('Client id of an app registration: HTTP functions then require a token of Microsoft Entra ID besides the function key. Empty for the key alone.')
param authClientId string = ''

// alerts and cost

@description('Mail address that alerts are sent to; empty for no mail.')
param alertEmail string = ''

@description('Resource ids of existing action groups that get every alert.')
param alertActionGroupIds string[] = []

@description('Changes to alert rules, by the name of the rule: docs/runbook.md.')
param alertOverrides alertOverridesType = {}

@description('Address under which docs/runbook.md is published, for the description of each alert; empty if it is not.')
param runbookUrl string = ''

@description('Whether an alert may have profiles evaluated.')
param alertsAct bool = false

@description('Whether an alert may have an update run generated.')
param alertsGenerate bool = false

@description('Monthly budget of the resource group, in the currency of the billing account; 0 for none. It notifies; it stops nothing.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget was created: 2026-03-01. Empty for this month. Azure refuses to change it later.')
param budgetStart string = ''

@description('First day of this month. Not for you to set.')
param currentMonth string = '${utcNow('yyyy-MM')}-01'

var schedulesOrDefaults = {
  detect: schedules.?detect ?? '0 */10 * * * *'
  reconcile: schedules.?reconcile ?? '0 0 * * * *'
  watch: schedules.?watch ?? '0 */5 * * * *'
}
var budgetStartOrNow = empty(budgetStart) ? currentMonth : budgetStart
var existingSubnetIds = filter([appSubnetId, endpointSubnetId], id => !empty(id))
var existingNetworkIds = distinctOf(map(existingSubnetIds, id => first(split(id, '/subnets/'))))

var problems = concat(
  sentenceIf(
    !empty(subscriptionIds) && !empty(managementGroupIds),
    'Give subscriptionIds or managementGroupIds, not both: Azure Resource Graph accepts one of them in a query.'
  ),
  sentenceFor(
    notGuids(subscriptionIds),
    'subscriptionIds are the ids of subscriptions, such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590.'
  ),
  sentenceFor(
    notNames(managementGroupIds),
    'managementGroupIds are the names of management groups, not their resource ids.'
  ),
  sentenceFor(
    notSchedules(map(items(schedulesOrDefaults), schedule => schedule.value)),
    'A schedule is NCRONTAB with six fields, such as 0 */10 * * * *.'
  ),
  sentenceIf(
    zoneRedundant && !endsWith(storageSku, 'ZRS'),
    'With zoneRedundant, storageSku must be Standard_ZRS or Standard_GZRS: the app needs its storage account to start.'
  ),
  sentenceIf(
    !privateNetwork && !empty(existingSubnetIds),
    'appSubnetId and endpointSubnetId have no effect without privateNetwork.'
  ),
  sentenceIf(length(existingSubnetIds) == 1, 'Give appSubnetId and endpointSubnetId together, or neither.'),
  sentenceFor(
    notResourceIds(existingSubnetIds, 'Microsoft.Network/virtualNetworks'),
    'appSubnetId and endpointSubnetId are resource ids of subnets.'
  ),
  sentenceIf(
    length(existingNetworkIds) == 2,
    'appSubnetId and endpointSubnetId must be in one virtual network: the app finds the private endpoints through its DNS zones.'
  ),
  sentenceIf(
    !privateNetwork && !empty(callerRanges),
    'callerRanges have no effect without privateNetwork: the app is open to all networks, behind its keys.'
  ),
  sentenceFor(notRanges(callerRanges), 'callerRanges are address ranges, such as 203.0.113.0/24.'),
  sentenceFor(
    notResourceIds(clusterIds, 'Microsoft.ContainerService/managedClusters'),
    'clusterIds are resource ids of AKS clusters.'
  ),
  sentenceFor(
    notGuids(empty(authClientId) ? [] : [authClientId]),
    'authClientId is the client id of an app registration, a GUID.'
  ),
  sentenceFor(
    notResourceIds(alertActionGroupIds, 'Microsoft.Insights/actionGroups'),
    'alertActionGroupIds are resource ids of action groups.'
  ),
  sentenceIf(alertsGenerate && !alertsAct, 'alertsGenerate has no effect without alertsAct: no alert calls the app.'),
  sentenceIf(
    monthlyBudget > 0 && empty(alertEmail) && empty(alertActionGroupIds),
    'A budget needs someone to notify: give alertEmail or alertActionGroupIds.'
  ),
  sentenceIf(
    !empty(budgetStart) && !isFirstOfMonth(budgetStart),
    'budgetStart is the first day of a month, such as 2026-03-01.'
  )
)

// every name depends on the token, so that nothing is deployed with wrong parameters
var token = empty(problems)
  ? toLower(uniqueString(subscription().id, environmentName, location))
  : fail(join(problems, ' '))

var allTags = union(tags, { 'azd-env-name': environmentName })
var managementGroups = union(managementGroupIds, [])
var subscriptions = empty(managementGroups) && empty(subscriptionIds)
  ? [subscription().subscriptionId]
  : distinctOf(subscriptionIds)
var trackerUrl = empty(releaseTrackerUrl)
  ? 'https://releases.aks.azure.com/webpage/parsed_data.json'
  : (releaseTrackerUrl == 'none' ? '' : releaseTrackerUrl)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
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

module alertIdentity 'modules/identity.bicep' = {
  name: 'alert-identity-${token}'
  scope: group
  params: {
    name: 'id-alerts-${token}'
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
    dailyCapGB: dailyCapGB
    appPrincipalId: identity.outputs.identity.principalId
    alertPrincipalId: alertIdentity.outputs.identity.principalId
  }
}

var topicName = 'evgt-${token}'
var ownTopicId = resourceId(subscription().subscriptionId, group.name, 'Microsoft.EventGrid/topics', topicName)
var clusterSubscriptionIds = distinctOf(map(clusterIds, id => split(id, '/')[2]))
// the names of system topics are not known here, so a rule covers those of a subscription
var systemTopicIds = map(
  clusterSubscriptionIds,
  id => '/subscriptions/${id}/resourcegroups/*/providers/Microsoft.EventGrid/systemTopics/*'
)

module storage 'modules/storage.bicep' = {
  name: 'storage-${token}'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: allTags
    sku: storageSku
    appPrincipalId: identity.outputs.identity.principalId
    isPrivate: privateNetwork
    resourceAccessIds: concat([ownTopicId], systemTopicIds)
    deadLetterDays: deadLetterDays
    softDeleteDays: softDeleteDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module topic 'modules/topic.bicep' = {
  name: 'topic-${token}'
  scope: group
  params: {
    name: topicName
    location: location
    tags: allTags
    appPrincipalId: identity.outputs.identity.principalId
    isPrivate: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
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

var hasOwnNetwork = privateNetwork && empty(appSubnetId)

module network 'modules/network.bicep' = if (hasOwnNetwork) {
  name: 'network-${token}'
  scope: group
  params: {
    installation: token
    location: location
    tags: allTags
    addressPrefix: networkPrefix
    appSubnetPrefix: appSubnetPrefix
    endpointSubnetPrefix: endpointSubnetPrefix
    natGateway: natGateway
  }
}

// The names of Microsoft's page on private endpoint DNS, by cloud. The suffixes of storage are those of the cloud.
// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
var eventGridZones = {
  AzureCloud: 'privatelink.eventgrid.azure.net'
  AzureUSGovernment: 'privatelink.eventgrid.azure.us'
  AzureChinaCloud: 'privatelink.eventgrid.azure.cn'
}
var endpointZones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  topic: eventGridZones[environment().name]
}
var endpointGroupIds = ['blob', 'queue', 'table', 'topic']

module endpoints 'modules/private-endpoint.bicep' = [
  for groupId in privateNetwork ? endpointGroupIds : []: {
    name: '${groupId}-endpoint-${token}'
    scope: group
    params: {
      name: 'pe-${groupId}-${token}'
      location: location
      tags: allTags
      networkId: hasOwnNetwork ? network!.outputs.subnets.networkId : first(split(endpointSubnetId, '/subnets/'))
      subnetId: hasOwnNetwork ? network!.outputs.subnets.endpointSubnetId : endpointSubnetId
      targetId: groupId == 'topic' ? topic.outputs.id : storage.outputs.id
      groupId: groupId
      hasZone: privateDnsZones
      zoneName: endpointZones[groupId]
    }
  }
]

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
    zoneRedundant: zoneRedundant
    identity: identity.outputs.identity
    storageEndpoints: storage.outputs.endpoints
    packageUrl: storage.outputs.packageUrl
    topicEndpoint: topic.outputs.endpoint
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    workspaceId: monitoring.outputs.workspaceId
    subnetId: hasOwnNetwork ? network!.outputs.subnets.appSubnetId : appSubnetId
    callerRanges: callerRanges
    authClientId: authClientId
    subscriptionIds: subscriptions
    managementGroupIds: managementGroups
    schedules: schedulesOrDefaults
    catalogMaxAge: catalogMaxAge
    releaseTrackerUrl: trackerUrl
    fleetApiVersion: fleetApiVersion
    policies: policies
    alertsAct: alertsAct
    alertsGenerate: alertsGenerate
    profilesWrite: profilesWrite
    requestsPerMinute: requestsPerMinute
  }
  // without them the app cannot reach its storage when it starts
  dependsOn: [
    endpoints
  ]
}

module subscriptionRoles 'modules/roles-in-subscription.bicep' = [
  for id in subscriptions: {
    name: 'fleet-auto-upgrade-${uniqueString(token, id, deploymentLocation)}'
    scope: subscription(id)
    params: {
      installation: token
      appPrincipalId: identity.outputs.identity.principalId
      alertPrincipalId: alertIdentity.outputs.identity.principalId
      broadFleetActions: broadFleetActions
      profilesWrite: profilesWrite
    }
  }
]

module people 'modules/action-group.bicep' = if (!empty(alertEmail)) {
  name: 'action-group-${token}'
  scope: group
  params: {
    name: 'ag-${token}'
    tags: allTags
    alertEmail: alertEmail
  }
}

var actionGroupIds = concat(empty(alertEmail) ? [] : [people!.outputs.actionGroupId], alertActionGroupIds)

module alertRules 'modules/alert-rules.bicep' = {
  name: 'alert-rules-${token}'
  scope: group
  params: {
    installation: token
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupIds: actionGroupIds
    resourceGraphIdentityId: alertIdentity.outputs.identity.id
    runbookUrl: runbookUrl
    overrides: alertOverrides
    afterFirstDetection: false
  }
}

module platformAlerts 'modules/platform-alerts.bicep' = {
  name: 'platform-alerts-${token}'
  scope: group
  params: {
    installation: token
    tags: allTags
    functionAppId: app.outputs.id
    storageAccountId: storage.outputs.id
    instanceMemoryMB: instanceMemoryMB
    actionGroupIds: actionGroupIds
    runbookUrl: runbookUrl
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget-${token}'
  scope: group
  params: {
    name: 'budget-${token}'
    amount: monthlyBudget
    startDate: budgetStartOrNow
    contactEmails: empty(alertEmail) ? [] : [alertEmail]
    actionGroupIds: actionGroupIds
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

// azd keeps these as environment variables: its hooks and event-subscriptions.bicepparam read them

@description('Name of the resource group of the app.')
output AZURE_RESOURCE_GROUP string = group.name

@description('What identifies the installation; part of every name.')
output INSTALLATION string = token

@description('Resource id of the Function app.')
output FUNCTION_APP_ID string = app.outputs.id

@description('Name of the Function app.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Host name of the Function app.')
output FUNCTION_APP_HOST_NAME string = app.outputs.hostName

@description('Name of the Event Grid topic of the app.')
output TOPIC_NAME string = topic.outputs.name

@description('Resource id of the Log Analytics workspace.')
output LOG_ANALYTICS_WORKSPACE_ID string = monitoring.outputs.workspaceId

@description('Id by which the query API knows the workspace.')
output LOG_ANALYTICS_CUSTOMER_ID string = monitoring.outputs.customerId

@description('Name of the storage account.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('Name of the container for dead letters.')
output DEAD_LETTER_CONTAINER string = storage.outputs.deadLetterContainer

@description('Object id of the identity of the app.')
output APP_PRINCIPAL_ID string = identity.outputs.identity.principalId

@description('Object id of the identity of the alert rules over Azure Resource Graph.')
output ALERT_PRINCIPAL_ID string = alertIdentity.outputs.identity.principalId

@description('Resource id of that identity.')
output ALERT_IDENTITY_ID string = alertIdentity.outputs.identity.id

@description('Subscriptions whose fleets the app manages, separated by commas.')
output MANAGED_SUBSCRIPTION_IDS string = join(subscriptions, ',')

@description('Management groups whose fleets the app manages, separated by commas.')
output MANAGED_MANAGEMENT_GROUP_IDS string = join(managementGroups, ',')

@description('Resource ids of the action groups that get every alert, separated by commas.')
output ALERT_ACTION_GROUP_IDS string = join(actionGroupIds, ',')

@description('First day of the month in which the budget was created; empty without a budget. Kept for the next deployment.')
output AUTO_UPGRADE_BUDGET_START string = monthlyBudget > 0 ? budgetStartOrNow : ''
