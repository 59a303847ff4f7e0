targetScope = 'subscription'

metadata description = 'Connects events and alerts with the functions of the app, which must exist: the hook postdeploy deploys this after the code.'

import { notGuids, notResourceIds } from 'functions/app-rules.bicep'
import { alertOverrides as alertOverrideMap } from 'types/alerts.bicep'
import { tagMap } from 'types/app.bicep'
import { existingSystemTopic } from 'types/events.bicep'

@description('The token of the installation: the output INSTALLATION of main.bicep.')
@minLength(1)
param installation string

@description('Name of the resource group of the app. This template creates resources in it and does not change the group.')
@minLength(1)
param resourceGroupName string

@description('Azure region of the app.')
@minLength(1)
param location string

@description('Name of the environment.')
@minLength(1)
param environmentName string

@description('Tags of every resource.')
param tags tagMap = {}

@description('Name of the Function app.')
@minLength(1)
param functionAppName string

@description('Host name of the Function app.')
@minLength(1)
param functionAppHostName string

@description('Id of the Log Analytics workspace.')
@minLength(1)
param workspaceId string

@description('Name of the Event Grid topic of the app.')
@minLength(1)
param topicName string

@description('Name of the storage account.')
@minLength(1)
param storageAccountName string

@description('Name of the container for dead letters.')
@minLength(1)
param deadLetterContainer string

@description('Resource ids of AKS clusters whose system topics report new Kubernetes versions. One cluster for each region is enough.')
param clusterIds string[] = []

@description('Ids of the subscriptions with fleets whose approval gates send events.')
param gateSubscriptionIds string[] = []

@description('System topics that exist already in the subscriptions of the clusters and of the gates.')
param existingSystemTopics existingSystemTopic[] = []

@description('Whether alerts that the app can act on call it.')
param alertsAct bool = false

@description('Whether a detection of new releases has succeeded. Only then the alerts on missing detections and evaluations are useful.')
param detectionAnswered bool = false

@description('Resource ids of the action groups that get every alert.')
param actionGroupIds string[] = []

@description('Address under which docs/runbook.md is published; empty if it is not.')
param runbookUrl string = ''

@description('Changes to alert rules, by the name of the rule.')
param alertOverrides alertOverrideMap = {}

var allTags = union(tags, { 'azd-env-name': environmentName, 'fleet-auto-upgrade': installation })
var subscriptionName = 'fleet-auto-upgrade-${installation}'
var gateGroupName = 'rg-gate-events-${installation}'
var clusterTopicType = 'Microsoft.ContainerService.ManagedClusters'
var gateTopicType = 'Microsoft.ResourceNotifications.AKSResources'

var clusterProblems = map(
  union(
    notResourceIds(clusterIds, 'Microsoft.ContainerService/managedClusters'),
    filter(clusterIds, id => length(split(id, '/')) != 9)
  ),
  id => 'clusterIds: ${id} is not the resource id of an AKS cluster.'
)
var gateProblems = map(
  notGuids(gateSubscriptionIds),
  id => 'gateSubscriptionIds: ${id} is not the id of a subscription.'
)
var problems = concat(clusterProblems, gateProblems)
var groupName = empty(problems) ? resourceGroupName : fail(join(problems, ' '))

// A source has one system topic of a type at most. This app creates it where there is none, and keeps the one that it
// created; it subscribes to every other one where it is.
var clusterSources = map(empty(problems) ? union(clusterIds, []) : [], id => {
  id: id
  subscriptionId: split(id, '/')[2]
  groupName: split(id, '/')[4]
  clusterName: split(id, '/')[8]
  ownTopicName: 'evgst-${uniqueString(toLower(id), installation)}'
  found: filter(
    existingSystemTopics,
    topic => toLower(topic.source) == toLower(id) && toLower(topic.topicType) == toLower(clusterTopicType)
  )
})
var clusters = map(
  clusterSources,
  cluster =>
    union(
      cluster,
      empty(cluster.found) || toLower(last(split(first(cluster.found)!.id, '/'))) == cluster.ownTopicName
        ? {
            isOwn: true
            hasIdentity: true
            topicGroupName: cluster.groupName
            topicName: cluster.ownTopicName
            principalId: ''
          }
        : {
            isOwn: false
            hasIdentity: contains(first(cluster.found).?identityType ?? '', 'SystemAssigned')
            topicGroupName: split(first(cluster.found)!.id, '/')[4]
            topicName: split(first(cluster.found)!.id, '/')[8]
            principalId: first(cluster.found).?principalId ?? ''
          }
    )
)

var gateSources = map(empty(problems) ? union(gateSubscriptionIds, []) : [], id => {
  id: id
  isApp: toLower(id) == toLower(subscription().subscriptionId)
  ownTopicName: 'evgst-gates-${uniqueString(toLower(id), installation)}'
  found: filter(
    existingSystemTopics,
    topic =>
      toLower(topic.source) == '/subscriptions/${toLower(id)}' && toLower(topic.topicType) == toLower(gateTopicType)
  )
})
var gates = map(
  gateSources,
  gate =>
    union(
      gate,
      empty(gate.found) || toLower(last(split(first(gate.found)!.id, '/'))) == gate.ownTopicName
        ? {
            isOwn: true
            hasIdentity: false
            topicGroupName: gate.isApp ? resourceGroupName : gateGroupName
            topicName: gate.ownTopicName
            principalId: ''
          }
        : {
            isOwn: false
            hasIdentity: contains(first(gate.found).?identityType ?? '', 'SystemAssigned')
            topicGroupName: split(first(gate.found)!.id, '/')[4]
            topicName: split(first(gate.found)!.id, '/')[8]
            principalId: first(gate.found).?principalId ?? ''
          }
    )
)

var functionsId = '${resourceId(subscription().subscriptionId, resourceGroupName, 'Microsoft.Web/sites', functionAppName)}/functions'
var deadLetters = {
  storageAccountId: resourceId(
    subscription().subscriptionId,
    resourceGroupName,
    'Microsoft.Storage/storageAccounts',
    storageAccountName
  )
  containerName: deadLetterContainer
}

module ownTopic 'modules/own-topic-subscriptions.bicep' = {
  name: 'own-topic-${uniqueString(installation, location)}'
  scope: resourceGroup(groupName)
  params: {
    topicName: topicName
    functionAppName: functionAppName
    deadLetters: deadLetters
  }
}

module actingAlerts 'modules/acting-alerts.bicep' = if (alertsAct) {
  name: 'acting-alerts-${uniqueString(installation, location)}'
  scope: resourceGroup(groupName)
  params: {
    tags: allTags
    functionAppName: functionAppName
    functionAppHostName: functionAppHostName
  }
}

module alertRules 'modules/alert-rules.bicep' = if (detectionAnswered) {
  name: 'first-alerts-${uniqueString(installation, location)}'
  scope: resourceGroup(groupName)
  params: {
    installation: installation
    location: location
    tags: allTags
    workspaceId: workspaceId
    actionGroupIds: actionGroupIds
    runbookUrl: runbookUrl
    overrides: alertOverrides
    afterFirstDetection: true
  }
}

module clusterLocations 'modules/cluster-location.bicep' = [
  for cluster in clusters: if (cluster.isOwn) {
    name: 'cluster-location-${uniqueString(cluster.id, installation, location)}'
    scope: resourceGroup(cluster.subscriptionId, cluster.groupName)
    params: {
      clusterName: cluster.clusterName
    }
  }
]

module clusterTopics 'modules/system-topic.bicep' = [
  for (cluster, index) in clusters: if (cluster.isOwn) {
    name: 'cluster-topic-${uniqueString(cluster.id, installation, location)}'
    scope: resourceGroup(cluster.subscriptionId, cluster.groupName)
    params: {
      name: cluster.topicName
      location: clusterLocations[index]!.outputs.location
      tags: allTags
      sourceId: cluster.id
      topicType: clusterTopicType
      hasIdentity: true
      workspaceId: workspaceId
    }
  }
]

module clusterDeadLetters 'modules/dead-letter-access.bicep' = [
  for (cluster, index) in clusters: if (cluster.hasIdentity) {
    name: 'cluster-dead-letters-${uniqueString(cluster.id, installation, location)}'
    scope: resourceGroup(groupName)
    params: {
      storageAccountName: storageAccountName
      containerName: deadLetterContainer
      topicPrincipalId: cluster.isOwn ? clusterTopics[index]!.outputs.principalId : cluster.principalId
    }
  }
]

module clusterSubscriptions 'modules/system-topic-subscription.bicep' = [
  for cluster in clusters: {
    name: 'cluster-events-${uniqueString(cluster.id, installation, location)}'
    scope: resourceGroup(cluster.subscriptionId, cluster.topicGroupName)
    params: {
      name: subscriptionName
      topicName: cluster.topicName
      eventTypes: [
        'Microsoft.ContainerService.NewKubernetesVersionAvailable'
      ]
      functionId: '${functionsId}/release_events'
      deadLetters: cluster.hasIdentity ? deadLetters : null
    }
    dependsOn: [
      clusterTopics
      clusterDeadLetters
    ]
  }
]

module gateGroups 'modules/resource-group.bicep' = [
  for gate in gates: if (gate.isOwn && !gate.isApp) {
    name: 'gate-group-${uniqueString(gate.id, installation, location)}'
    scope: subscription(gate.id)
    params: {
      name: gateGroupName
      location: location
      tags: allTags
    }
  }
]

module gateTopics 'modules/system-topic.bicep' = [
  for gate in gates: if (gate.isOwn) {
    name: 'gate-topic-${uniqueString(gate.id, installation, location)}'
    scope: resourceGroup(gate.id, gate.topicGroupName)
    params: {
      name: gate.topicName
      location: 'global'
      tags: allTags
      sourceId: '/subscriptions/${gate.id}'
      topicType: gateTopicType
      hasIdentity: false
      workspaceId: workspaceId
    }
    dependsOn: [
      gateGroups
    ]
  }
]

module gateDeadLetters 'modules/dead-letter-access.bicep' = [
  for gate in gates: if (gate.hasIdentity) {
    name: 'gate-dead-letters-${uniqueString(gate.id, installation, location)}'
    scope: resourceGroup(groupName)
    params: {
      storageAccountName: storageAccountName
      containerName: deadLetterContainer
      topicPrincipalId: gate.principalId
    }
  }
]

module gateSubscriptions 'modules/system-topic-subscription.bicep' = [
  for gate in gates: {
    name: 'gate-events-${uniqueString(gate.id, installation, location)}'
    scope: resourceGroup(gate.id, gate.topicGroupName)
    params: {
      name: subscriptionName
      topicName: gate.topicName
      eventTypes: [
        'Microsoft.ResourceNotifications.AKSResources.FleetGateCreated'
        'Microsoft.ResourceNotifications.AKSResources.FleetGateUpdated'
      ]
      functionId: '${functionsId}/gate_events'
      deadLetters: gate.hasIdentity ? deadLetters : null
    }
    dependsOn: [
      gateTopics
      gateDeadLetters
    ]
  }
]
