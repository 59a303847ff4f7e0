targetScope = 'subscription'

metadata description = 'Which events and alerts reach which function. The functions have to exist, so this comes after the code: azure.yaml.'

@description('Name of the resource group of the app; one of that name is made in other subscriptions with gate events.')
param resourceGroupName string

@description('Azure region of the app.')
param location string

@description('Name of the environment.')
param environmentName string

@description('Tags of every resource.')
param tags object = {}

@description('Resource id of the Function app.')
param functionAppId string

@description('Host name of the Function app.')
param functionAppHostName string

@description('Id of the Log Analytics workspace.')
param workspaceId string

@description('Name of the Event Grid topic of the app.')
param topicName string

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the container for dead letters.')
param deadLetterContainer string

@description('AKS clusters whose system topics tell of new Kubernetes versions: resource ids separated by commas. One a region is enough.')
param clusterIds string = ''

@description('Subscriptions with fleets whose approval gates are heard of, separated by commas.')
param gateSubscriptionIds string = ''

@description('Whether alerts that the app can act on call it.')
param alertsAct bool = true

var clusters = empty(clusterIds) ? [] : split(replace(clusterIds, ' ', ''), ',')
var gateSubscriptions = empty(gateSubscriptionIds) ? [] : split(replace(gateSubscriptionIds, ' ', ''), ',')
var allTags = union(tags, { 'azd-env-name': environmentName })
var storageAccountId = resourceId(subscription().subscriptionId, resourceGroupName, 'Microsoft.Storage/storageAccounts', storageAccountName)

module ownTopic 'modules/own-topic-subscriptions.bicep' = {
  name: 'own-topic-subscriptions'
  scope: resourceGroup(resourceGroupName)
  params: {
    topicName: topicName
    functionAppId: functionAppId
    storageAccountId: storageAccountId
    deadLetterContainer: deadLetterContainer
  }
}

module actingAlerts 'modules/acting-alerts.bicep' = {
  name: 'acting-alerts'
  scope: resourceGroup(resourceGroupName)
  params: {
    tags: allTags
    functionAppName: last(split(functionAppId, '/'))
    functionAppHostName: functionAppHostName
    isOn: alertsAct
  }
}

module clusterLocations 'modules/cluster-location.bicep' = [for id in clusters: {
  name: 'cluster-location-${uniqueString(id)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    clusterName: split(id, '/')[8]
  }
}]

module clusterTopics 'modules/cluster-topic.bicep' = [for (id, index) in clusters: {
  name: 'cluster-topic-${uniqueString(id)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    name: 'evgst-${uniqueString(toLower(id))}'
    location: clusterLocations[index].outputs.location
    tags: allTags
    clusterId: id
    workspaceId: workspaceId
  }
}]

module clusterDeadLetters 'modules/dead-letter-access.bicep' = [for (id, index) in clusters: {
  name: 'cluster-dead-letters-${uniqueString(id)}'
  scope: resourceGroup(resourceGroupName)
  params: {
    storageAccountName: storageAccountName
    containerName: deadLetterContainer
    topicPrincipalId: clusterTopics[index].outputs.principalId
  }
}]

module clusterSubscriptions 'modules/cluster-subscription.bicep' = [for id in clusters: {
  name: 'cluster-subscription-${uniqueString(id)}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: {
    topicName: 'evgst-${uniqueString(toLower(id))}'
    functionAppId: functionAppId
    storageAccountId: storageAccountId
    deadLetterContainer: deadLetterContainer
  }
  dependsOn: [
    clusterDeadLetters
  ]
}]

module gateGroups 'modules/resource-group.bicep' = [for id in gateSubscriptions: {
  name: 'gate-events-group'
  scope: subscription(id)
  params: {
    name: resourceGroupName
    location: location
    tags: allTags
  }
}]

module gateTopics 'modules/gate-topic.bicep' = [for id in gateSubscriptions: {
  name: 'gate-topic'
  scope: resourceGroup(id, resourceGroupName)
  params: {
    name: 'evgst-gates-${uniqueString(id, environmentName)}'
    tags: allTags
    functionAppId: functionAppId
    workspaceId: workspaceId
  }
  dependsOn: [
    gateGroups
  ]
}]
